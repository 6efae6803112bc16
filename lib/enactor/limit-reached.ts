import { declaredNames } from '../cell/cell-bodies.ts';
import { zoneFacts } from '../cell/zone-facts.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { confirmZone } from './confirm-zone.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import type { RefusedParts } from './narrow-down.ts';
import type { Situation } from './next-step.ts';
import { record } from './record.ts';
import { countIn } from './zone-room.ts';

/** A batch that was refused, and all that was decided with it. */
interface Decided {
  readonly situation: Situation;
  readonly reading: FenceReading;
  readonly parts: readonly BatchPart[];
}

/**
 * Finds out whether a batch was refused because the zone is full, which the log did not know: nobody has surveyed the
 * zone, AWS has another limit for it, or others have filled it since. Route 53 has no error of its own for it, so it is
 * asked how much the zone may hold, once a run, and the answer is held against the zone's count.
 *
 * Then the log is told, so that planners, janitors and the next enactor reckon with it, and the run ends: to send the
 * halves of the batch would fill what is left of the room with whatever comes first. Where the log has known it, or
 * nobody may ask, the culprits are looked for as those of any other refusal.
 *
 * @returns undefined when that was not the reason.
 * @throws ZoneUnavailable, LedgerUnavailable when a service is down.
 */
export async function limitReached(
  deps: EnactorDeps,
  run: Run,
  { situation, reading, parts }: Decided,
  refused: RefusedParts,
): Promise<EnactOutcome | 'again' | undefined> {
  const { quota, ledger, telemetry, writer } = deps;
  const { state, scope, goal, zone } = situation;
  const adds = addedBy(refused.parts);
  if (quota === undefined || run.askedLimit || adds <= 0) return undefined;
  run.askedLimit = true;
  const recordLimit = await quota.recordLimit();
  if (recordLimit === 'not-told') return undefined;
  if (zone.type === 'read' && countIn(zone.view) + adds <= recordLimit) return undefined;
  const confirmed = await confirmZone(deps, run, reading);
  if (confirmed.type === 'moved') return 'again';
  if (confirmed.type === 'doubtful') return undefined;
  const { view } = confirmed;
  const count = countIn(view);
  const isKnown = state.facts?.recordLimit === recordLimit && state.facts.records === count;
  if (isKnown || count + adds <= recordLimit) return undefined;
  const declared = await declaredNames(ledger, { cell: scope.cell, state });
  await record(deps, {
    type: 'RecordSurvey',
    facts: zoneFacts({ scope, state, view, count, recordLimit, declared }),
  });
  const [needs, free] = [addedBy(parts), Math.max(0, recordLimit - count)];
  const { generation } = goal;
  telemetry.note('refused for lack of room', {
    cell: scope.cell,
    by: writer.name,
    generation,
    needs,
    free,
    reason: refused.reason,
  });
  return { type: 'no-room', generation, needs, free, refusal: refused.reason };
}

/** Records by which the zone grows. */
function addedBy(parts: readonly BatchPart[]): number {
  return parts
    .flatMap(({ changes }) => changes)
    .reduce((sum, { action }) => sum + (action === 'CREATE' ? 1 : -1), 0);
}
