import { countedWrite } from '../cell/counted-write.ts';
import { readFence } from '../cell/fence-reader.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import type { Head } from '../ledger/ledger.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { fenceRecord } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import { remove, sameRecords } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { zoneView } from '../plan/zone-view.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { countedRecords } from '../zone/read-records.ts';
import type { JanitorDeps } from './janitor.ts';
import type { Retirement } from './select-retirable.ts';

/** What a run has chosen to delete, and how it chooses among what it reads. */
export interface Selection {
  readonly chosen: readonly Retirement[];
  readonly selectIn: (view: ZoneView) => readonly Retirement[];
}

/** Batches in which a run deletes without proof; what remains then is the next run's. */
const BATCHES_MAX = 16;

/**
 * Whether the fence is as it was read, and everything that was chosen may still be deleted for the same reasons. Then a
 * batch that was rejected did not lose a race: Route 53 refuses it.
 */
export async function isUnmoved(
  { writer }: JanitorDeps,
  reading: FenceReading,
  { chosen, selectIn }: Selection,
): Promise<boolean> {
  const again = await readFence(writer.zone, writer.scope);
  if (!sameRecords(again.records, reading.records)) return false;
  const { records } = await countedRecords(writer.zone, writer.scope.zone);
  const now = new Map(selectIn(zoneView(records)).map((retirement) => [retirement.name, retirement]));
  return chosen.every((retirement) => {
    const other = now.get(retirement.name);
    return (
      other !== undefined &&
      sameRecords(other.records, retirement.records) &&
      sameRecords(other.proof, retirement.proof)
    );
  });
}

/** What was deleted without proof, the last write, and why what is left is left. */
interface Unproven {
  readonly deleted: readonly Retirement[];
  readonly last: { readonly seq: Seq; readonly changeId: string } | undefined;
  readonly reason: string;
}

/**
 * Deletes what was chosen under the fence alone: an endpoint may refuse to write an identical record, which the proof
 * does. Only a hand can then move a root in between unnoticed. What is refused even so is narrowed down by halves, so
 * that a record that nobody may delete keeps no other.
 *
 * @param reason Route 53's words for the batch with the proof.
 */
export async function deleteUnproven(
  deps: JanitorDeps,
  { reading, fence, head }: { reading: FenceReading; fence: Fence; head: Head },
  chosen: readonly Retirement[],
  reason: string,
): Promise<Unproven> {
  const { writer, telemetry } = deps;
  const { cell } = writer.scope;
  telemetry.count(METRICS.unprovenRetirements, 1, { cell });
  telemetry.note('retirement without proof', { cell, names: chosen.map(({ name }) => name), reason });
  const deleted: Retirement[] = [];
  const waiting: (readonly Retirement[])[] = [chosen];
  let under = { reading, fence };
  let last: Unproven['last'];
  let words = reason;
  for (let batches = 0; batches < BATCHES_MAX; batches += 1) {
    const some = waiting.shift();
    if (some === undefined) break;
    const outcome = await countedWrite(deps, {
      kind: 'retire',
      reading: under.reading,
      next: fenceAfter(under.fence, head),
      changes: some.flatMap(({ records }) => records.map(remove)),
      comment: `pawl retire ${cell}@${fence.generation} by ${writer.name}`,
    });
    if (outcome.type === 'applied') {
      deleted.push(...some);
      last = { seq: outcome.fence.seq, changeId: outcome.changeId };
      const records = [fenceRecord(outcome.fence, writer.scope)];
      under = { fence: outcome.fence, reading: { type: 'fence', fence: outcome.fence, records } };
      continue;
    }
    words = outcome.reason;
    const now = await readFence(writer.zone, writer.scope);
    if (outcome.type === 'unknown' || !sameRecords(now.records, under.reading.records)) break;
    const half = Math.ceil(some.length / 2);
    if (some.length > 1) waiting.unshift(some.slice(0, half), some.slice(half));
  }
  return { deleted, last, reason: words };
}
