import type { DeclaredRollout } from '../fleet/declared-fleet.ts';
import type { Moves } from '../operator/moved-endpoints.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName } from '../plan/names.ts';

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
 * Why a push cannot go in waves: it moves endpoints from one cell to another. Whoever gives and whoever takes get their
 * fleets together, and a rollback of one of them would bring back what the other has. Pure.
 */
export function movesInWaves({
  moves,
  reclaims,
  unsettled,
}: Pick<Moves, 'moves' | 'reclaims' | 'unsettled'>): string | undefined {
  const [move] = [...moves, ...reclaims, ...unsettled];
  if (move === undefined) return undefined;
  const { from, to, names } = move;
  const [first = '', ...others] = names;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${first}${more} would go over from ${from} to ${to}, which no wave can take back: let the file change nothing but what moves and push it with "pawl fleet push FILE --all-at-once", then push its other changes in waves.`;
}
