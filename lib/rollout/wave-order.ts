import type { DeclaredRollout } from '../fleet/declared-fleet.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName, DnsName } from '../plan/names.ts';

/**
 * The waves of a rollout with every cell of the file: those that no wave names are a last one, so that what was
 * forgotten sees the file last. Pure.
 */
export function wavesOf(
  cells: readonly Pick<CellFleet, 'cell'>[],
  { waves }: Pick<DeclaredRollout, 'waves'>,
): readonly (readonly CellName[])[] {
  const named = new Set(waves.flat());
  const others = cells.map(({ cell }) => cell).filter((cell) => !named.has(cell));
  return others.length === 0 ? waves : [...waves, others];
}

/**
 * Why waves cannot be: a name would leave a cell in one wave and come to another cell in another, and nobody would answer
 * for it between the two. Pure.
 *
 * @param standing the fleets that stand, by cell.
 */
export function movesBetweenWaves(
  cells: readonly CellFleet[],
  waves: readonly (readonly CellName[])[],
  standing: ReadonlyMap<CellName, Pick<CellFleet, 'endpoints'>>,
): string | undefined {
  const waveOf = new Map(waves.flatMap((names, wave) => names.map((cell) => [cell, wave] as const)));
  const owners = new Map<DnsName, CellName>();
  for (const [cell, { endpoints }] of standing) for (const { name } of endpoints) owners.set(name, cell);
  for (const { cell, endpoints } of cells) {
    for (const { name } of endpoints) {
      const owner = owners.get(name);
      if (owner === undefined || owner === cell || waveOf.get(owner) === waveOf.get(cell)) continue;
      return `${name} moves from the cell ${owner} to ${cell}, which are in different waves: name both in one wave.`;
    }
  }
  return undefined;
}
