import { countedWrite } from '../cell/counted-write.ts';
import { readFence } from '../cell/fence-reader.ts';
import type { FencedWrite, WriteOutcome } from '../cell/fenced-write.ts';
import { renewedFence } from '../cell/next-fence.ts';
import type { FencedKind } from '../plan/batch-kinds.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import type { DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import { targetsLost } from '../plan/plan-difference.ts';
import { recordKey, sameRecords } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import { confirmZone, countWrongListing } from './confirm-zone.ts';
import type { EnactOutcome, EnactorDeps, Refusal, Run } from './enactor.ts';
import { knownAfter } from './known-zone.ts';
import { limitReached } from './limit-reached.ts';
import { fenceKey, isCulprit, refusedParts, remember } from './narrow-down.ts';
import type { Situation } from './next-step.ts';
import { recordRefusal } from './record.ts';

/** A step that went through asks for another pass, which reads everything again. */
export type Again = 'again';

/** What one endpoint (or one stray rollback root) contributes to a batch. */
export interface EndpointPart extends BatchPart {
  readonly name: DnsName;
}

/** Sends a batch once. If it may not have gone through, the next pass reads the zone: nothing is sent again. */
export async function attempt(
  deps: EnactorDeps,
  run: Run,
  write: FencedWrite,
  parts: readonly BatchPart[],
): Promise<WriteOutcome> {
  const outcome = await countedWrite(deps, write);
  run.sent += 1;
  run.known = knownAfter(run.known, write, outcome, deps.writer.scope);
  if (outcome.type === 'applied') {
    run.landed = true;
    return outcome;
  }
  if (outcome.type === 'lost')
    remember(run, write.reading, {
      kind: write.kind,
      beside: write.beside === undefined ? undefined : fenceKey(write.beside.reading),
      parts,
      reason: outcome.reason,
    });
  else run.lost += 1;
  run.lostReason = outcome.reason;
  run.readZone = true;
  deps.telemetry.note('fence lost', {
    kind: write.kind,
    outcome: outcome.type,
    cell: deps.writer.scope.cell,
    by: deps.writer.name,
  });
  return outcome;
}

/** A step that was decided, and everything that it wants to write. */
export interface Decided {
  readonly step: Exclude<Refusal['step'], 'conflict'>;
  readonly situation: Situation;
  readonly reading: FenceReading;
  readonly parts: readonly EndpointPart[];
  /** A flip that takes endpoints from another cell rests on that cell's fence too. */
  readonly beside?: FenceReading | undefined;
}

/**
 * Sees to the batch that was rejected before this step was decided. Where it was refused, the culprit is looked for;
 * once it is found, it is left out, and another pass decides without it. What rests on a listing that left something out
 * is refused too, so the zone is counted before the log is told of a refusal.
 *
 * @returns undefined when the step can go on.
 */
export async function settleRejected(
  deps: EnactorDeps,
  run: Run,
  { step, situation, reading, parts, beside }: Decided,
): Promise<EnactOutcome | Again | undefined> {
  const kind = beside === undefined ? step : 'handover';
  const key = beside === undefined ? undefined : fenceKey(beside);
  const refused = refusedParts(run, reading, kind, parts, key);
  if (refused === undefined) return undefined;
  if (refused.parts.length === 0) return fenceRefused(refused.reason);
  const reached = await limitReached(deps, run, { situation, reading, parts }, refused);
  if (reached !== undefined) return reached;
  if (!isCulprit(run, refused)) return undefined;
  const ids = new Set(run.suspects);
  const culprits = parts.filter(({ id }) => ids.has(id));
  const confirmed = await confirmZone(deps, run, reading);
  if (confirmed.type === 'moved') return 'again';
  if (confirmed.type === 'counted' && !standsAs(culprits, situation, confirmed.view)) {
    run.suspects = [];
    countWrongListing(run);
    return 'again';
  }
  if (!run.landed) {
    const stopped = await tryFence(deps, run, situation, reading);
    if (stopped !== undefined) return stopped;
  }
  const batches = run.sent;
  run.suspects = [];
  run.sent = 0;
  for (const { name, changes } of culprits) {
    const records = [...new Set(changes.map(({ record }) => recordKey(record).trim()))];
    const { generation } = situation.goal;
    const refusal = { name, step, generation, records, reason: refused.reason, batches };
    if (confirmed.type === 'doubtful') run.refused.set(name, refusal);
    else await recordRefusal(deps, run, situation.state, refusal);
  }
  return 'again';
}

/** Whether the zone that these parts were decided on shows, at the names that they change, what this view shows. */
function standsAs(parts: readonly EndpointPart[], { zone }: Situation, view: ZoneView): boolean {
  if (zone.type !== 'read') return true;
  const names = new Set(parts.flatMap(({ changes }) => changes.map(({ record }) => record.name)));
  return [...names].every((name) => sameRecords(recordsAtName(zone.view, name), recordsAtName(view, name)));
}

/**
 * Writes the fence anew with nothing beside it, before anything is said of an endpoint: when nothing goes through, it may
 * be the fence itself that is refused.
 *
 * @returns undefined when the fence goes through, so that what was refused is the endpoint's.
 */
async function tryFence(
  deps: EnactorDeps,
  run: Run,
  { fence, goal, scope }: Situation,
  reading: FenceReading,
): Promise<EnactOutcome | Again | undefined> {
  const comment = `pawl stage ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
  const write = { kind: 'stage', reading, next: renewedFence(fence), changes: [], comment } as const;
  const outcome = await attempt(deps, run, write, []);
  if (outcome.type === 'applied') return undefined;
  if (outcome.type === 'unknown') return 'again';
  const now = await readFence(deps.writer.zone, scope);
  return fenceKey(now) === fenceKey(reading) ? fenceRefused(outcome.reason) : 'again';
}

/** Sees to a batch that was to hold the fence alone. */
export function settleFence(run: Run, reading: FenceReading, kind: FencedKind): EnactOutcome | undefined {
  const refused = refusedParts(run, reading, kind, []);
  return refused === undefined ? undefined : fenceRefused(refused.reason);
}

function fenceRefused(reason: string): EnactOutcome {
  return { type: 'refused', reason: `Route 53 refuses the fence although it has not moved: ${reason}` };
}

/** The parts of endpoints that lose targets come first: they may have to leave because they have failed. */
export function urgentFirst(
  parts: readonly EndpointPart[],
  goal: Plan,
  applied: Plan | undefined,
): readonly EndpointPart[] {
  const isUrgent = ({ name }: EndpointPart): boolean => {
    const before = applied === undefined ? undefined : plannedEndpoint(applied, name);
    const after = plannedEndpoint(goal, name);
    return before !== undefined && after !== undefined && targetsLost(before, after).length > 0;
  };
  const urgent = new Set(parts.filter(isUrgent));
  return [...urgent, ...parts.filter((part) => !urgent.has(part))];
}
