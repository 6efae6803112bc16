import type { FencedWrite, WriteOutcome } from '../cell/fenced-write.ts';
import type { FenceReading } from '../plan/fence.ts';
import { writtenReading } from '../plan/fence.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { create, recordKey, remove } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import { fenceKey } from './narrow-down.ts';

/**
 * The zone as a run knows it: listed whole under a fence, and carried on by the run's own batches. Every batch of Pawl
 * moves the fence to a value that never stood before, and Route 53 refuses a batch whose fence has moved. So as long as
 * each batch of the run was accepted and its last fence still stands, no writer of Pawl has come between, and the zone
 * holds what was listed and what the run wrote. See docs/adr/0063-a-run-need-not-read-what-it-wrote.md.
 */
export interface KnownZone {
  /** The fence under which the view holds; see `fenceKey`. */
  readonly fence: string;
  readonly view: ZoneView;
}

/** What a listing shows under the fence that was read before it, and that stands in it. */
export function knownUnder(reading: FenceReading, view: ZoneView): KnownZone {
  return { fence: fenceKey(reading), view };
}

/**
 * The zone after one more batch of the run. Undefined unless it was accepted under exactly the fence of what was known:
 * after a refusal, and after an answer that was lost, only a listing says what the zone holds.
 */
export function knownAfter(
  known: KnownZone | undefined,
  { reading, changes }: Pick<FencedWrite, 'reading' | 'changes'>,
  outcome: WriteOutcome,
  scope: CellScope,
): KnownZone | undefined {
  if (known === undefined || outcome.type !== 'applied' || known.fence !== fenceKey(reading))
    return undefined;
  const now = writtenReading(outcome.fence, scope);
  const swap = [...reading.records.map(remove), ...now.records.map(create)];
  return knownUnder(now, afterChanges(known.view, [...swap, ...changes]));
}

function afterChanges(view: ZoneView, changes: readonly Change[]): ZoneView {
  const touched = new Map<DnsName, Map<string, RecordSet>>();
  for (const { action, record } of changes) {
    const there =
      touched.get(record.name) ??
      new Map(recordsAtName(view, record.name).map((each) => [recordKey(each), each]));
    touched.set(record.name, there);
    if (action === 'CREATE') there.set(recordKey(record), record);
    else there.delete(recordKey(record));
  }
  const after = new Map(view);
  for (const [name, there] of touched) {
    if (there.size === 0) after.delete(name);
    else after.set(name, [...there.values()]);
  }
  return after;
}
