import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostedZoneInfo } from '../emulator/hosted-zones.ts';
import type { Route53 } from '../emulator/route53.ts';
import { storedTarget } from '../fleet/cell-fleet-codec.ts';
import type { FleetFile } from '../fleet/declared-fleet.ts';
import { readFleetFile } from '../fleet/fleet-file.ts';
import { formatMistake } from '../fleet/mistakes.ts';
import { resolveFleet } from '../fleet/resolve-fleet.ts';
import type { OperatorDeps } from '../operator/operator.ts';
import type { Push } from '../operator/push-fleet.ts';
import { pushFleet } from '../operator/push-fleet.ts';
import { raiseFormat } from '../operator/raise-format.ts';
import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { World } from '../wiring/world.ts';
import type { FleetReport } from './reports.ts';
import { StartRefused } from './start-refused.ts';

/** @throws StartRefused with a line for each mistake when the file is not a fleet. */
export async function readDeclared(path: string): Promise<FleetFile> {
  const parsed = await readFleetFile(path);
  if (parsed.type === 'fleet') return parsed.fleet;
  const [first, ...others] = parsed.mistakes.map(formatMistake);
  if (others.length === 0) throw new StartRefused(first ?? `${path} is not a fleet file.`);
  throw new StartRefused(`${path} is not a fleet file as it stands: mend these places.`, {
    details: [first ?? '', ...others],
  });
}

/**
 * Makes the zones that the fleet needs in the emulated account, as somebody would in the console.
 *
 * @param made is told of each; nobody is unless given.
 * @throws StartRefused when the file names a zone id or a health check that an emulated account cannot have.
 */
export async function resolveInEmulator(
  declared: FleetFile,
  core: Route53,
  world: World,
  made: (zone: HostedZoneInfo) => void = () => undefined,
): Promise<readonly CellFleet[]> {
  const known = new Set(core.zones().map(({ id }) => id));
  for (const { cell, zoneId } of declared.cells) {
    if (zoneId === undefined || known.has(zoneId)) continue;
    throw new StartRefused(
      `The cell ${cell} is in the hosted zone ${zoneId}, which the local Route 53 does not have: leave zone_id out to try this fleet here.`,
    );
  }
  const names = declared.cells.filter(({ zoneId }) => zoneId === undefined).map(({ zone }) => zone);
  const found = await world.zoneIds(names);
  for (const name of new Set(names)) {
    if (!found.has(name)) made(core.createHostedZone({ name, callerReference: `pawl start ${name}` }).zone);
  }
  checkHealthChecks(declared, core);
  makeAliasTargets(declared, core);
  const resolved = resolveFleet(declared, await world.zoneIds(names));
  if (resolved.type === 'resolved') return resolved.cells;
  throw new StartRefused(
    `The local Route 53 has no zone ${resolved.zones.join(', ')}, and could not make it.`,
  );
}

/** The file's own load balancers and the like exist here, in whatever hosted zone AWS keeps for their service. */
function makeAliasTargets(declared: FleetFile, core: Route53): void {
  const own = new Set(core.zones().map(({ id }) => id));
  const aliases = declared.cells.flatMap(({ targets }) => targets.flatMap(({ alias }) => alias ?? []));
  for (const alias of aliases) {
    const isGone = core
      .aliasTargets()
      .some(({ zoneId, name, exists }) => !exists && zoneId === alias.zoneId && name === alias.name);
    if (!own.has(alias.zoneId) && !isGone && !core.hasAliasTarget(alias)) core.setAliasTarget(alias, true);
  }
}

function checkHealthChecks(declared: FleetFile, core: Route53): void {
  const known = new Set(core.listHealthChecks().healthChecks.map(({ id }) => id));
  for (const { cell, targets } of declared.cells) {
    const unknown = targets.find(
      ({ healthCheckId }) => healthCheckId !== undefined && !known.has(healthCheckId),
    );
    if (unknown === undefined) continue;
    throw new StartRefused(
      `The target ${unknown.id} of cell ${cell} has the health check ${unknown.healthCheckId}, which the local Route 53 does not have: leave it out to try this fleet here.`,
    );
  }
}

// See docs/adr/0073-waves-are-read-off-the-ledgers.md.
/**
 * Pushes the fleet, if the file has changed since it was pushed last: a restart goes on where the world stopped, with
 * whatever fleet somebody has pushed since. A file that has a rollout is declared only where it replaces no fleet: a first
 * one has nothing to bake against, and any other goes in the file's waves, which a start does not wait for.
 *
 * @throws StartRefused when the ledger cannot take this fleet.
 */
export async function declareFleet(
  world: World,
  folder: string,
  declared: FleetFile,
  cells: readonly CellFleet[],
): Promise<FleetReport> {
  const deps = {
    ledger: await world.ledger(),
    clock: world.clock,
    randomness: world.randomness,
    telemetry: world.telemetry,
    name: world.operator,
  };
  const { functionsRead } = world;
  await raiseFormats(deps, functionsRead);
  const digest = digestOf(declared);
  const preview = done(await pushFleet(deps, { cells, apply: false, functionsRead }));
  const changed = preview.cells.filter(({ change }) => change !== 'unchanged');
  const isKnown = (await lastPushed(folder)) === digest;
  if (isKnown && changed.length > 0 && changed.every(({ change }) => change === 'declared')) {
    return { type: 'kept', cells: changed.map(({ cell }) => cell) };
  }
  if (declared.rollout !== undefined && changed.some(({ change }) => change === 'declared'))
    return { type: 'waits', cells: changed.map(({ cell }) => cell) };
  if (changed.length > 0) done(await pushFleet(deps, { cells, apply: true, functionsRead }));
  // What another cell may have taken by now is pushed again by the next start.
  if (preview.unsettled.length === 0) await writeFile(pushedPath(folder), `${digest}\n`);
  return changed.length === 0
    ? { type: 'unchanged' }
    : {
        type: 'pushed',
        cells: changed.map(({ cell }) => cell),
        ...(declared.rollout === undefined ? {} : { without: 'waves' }),
      };
}

/** Raises the format of every cell that an older release left behind. */
async function raiseFormats(deps: OperatorDeps, functionsRead = 1): Promise<void> {
  for (const cell of await deps.ledger.cells()) {
    const raised = await raiseFormat(deps, { cell, functionsRead, apply: true });
    if (raised.type !== 'done') throw new StartRefused(raised.reason);
  }
}

function done(outcome: Awaited<ReturnType<typeof pushFleet>>): Push {
  if (outcome.type === 'done') return outcome;
  throw new StartRefused(outcome.reason);
}

/** The digest of the file in its stored form, on which neither comments nor the form in memory have an influence. */
function digestOf({ cells }: FleetFile): string {
  const stored = cells.map((cell) => ({ ...cell, targets: cell.targets.map(storedTarget) }));
  return sha256(canonicalJson({ cells: stored }));
}

/** The digest of the fleet file that was pushed last from this folder. */
async function lastPushed(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(pushedPath(folder), 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function pushedPath(folder: string): string {
  return join(folder, 'fleet.sha256');
}
