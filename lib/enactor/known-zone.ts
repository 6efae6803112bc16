import type { FencedWrite, WriteOutcome } from '../cell/fenced-write.ts';
import type { FenceReading } from '../plan/fence.ts';
import { writtenReading } from '../plan/fence.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { create, recordKey, remove } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import type { ZoneUnderFence } from './enactor.ts';
import { fenceKey } from './narrow-down.ts';

/** What a listing shows under the fence that was read before it, and that stands in it. */
export function knownUnder(reading: FenceReading, view: ZoneView): ZoneUnderFence {
  return { fence: fenceKey(reading), view };
}

/**
 * The zone after one more batch of the run. Undefined unless it was accepted under exactly the fence of what was known:
 * after a refusal, and after an answer that was lost, only a listing says what the zone holds.
 */
export function knownAfter(
  known: ZoneUnderFence | undefined,
  { reading, changes, beside }: Pick<FencedWrite, 'reading' | 'changes' | 'beside'>,
  outcome: WriteOutcome,
  scope: CellScope,
): ZoneUnderFence | undefined {
  // Another cell's fence is not known any more once it was moved.
  if (
    known === undefined ||
    beside !== undefined ||
    outcome.type !== 'applied' ||
    known.fence !== fenceKey(reading)
  )
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
