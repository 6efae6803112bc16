import { reversedLabels } from '../plan/names.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { recordKey, sameRecord } from '../plan/records.ts';
import { allRecords } from './read-records.ts';
import type { Batch, RecordPosition, Zone } from './zone.ts';

/**
 * A zone for dry runs: it reads the real zone and applies every accepted batch in memory only. From the first batch on
 * it answers from one whole reading of the zone.
 *
 * It refuses what Route 53 refuses in a compare-and-swap: a DELETE that does not match exactly, and a CREATE of a record
 * that exists.
 *
 * @param sent is called with every batch that would have been accepted, in order.
 */
export function whatIfZone(zone: Zone, sent: (batch: Batch) => void): Zone {
  let records: ReadonlyMap<string, RecordSet> | undefined;
  let changes = 0;
  const own = (id: string): boolean => /^what-if-\d+$/.test(id);
  return {
    id: zone.id,
    listRecords: async (start, limit) =>
      records === undefined ? zone.listRecords(start, limit) : page([...records.values()], start, limit),
    change: async (batch) => {
      records ??= new Map((await allRecords(zone)).records.map((record) => [recordKey(record), record]));
      const changed = applied(records, batch.changes);
      if (typeof changed === 'string') return { type: 'rejected', reason: changed };
      records = changed;
      changes += 1;
      sent(batch);
      return { type: 'accepted', changeId: `what-if-${changes}` };
    },
    changeStatus: async (id) => (own(id) ? 'insync' : zone.changeStatus(id)),
    describe: () => zone.describe(),
  };
}

/** The records after all changes, or why the batch is refused. */
function applied(
  before: ReadonlyMap<string, RecordSet>,
  changes: readonly Change[],
): ReadonlyMap<string, RecordSet> | string {
  const records = new Map(before);
  for (const { action, record } of changes) {
    const key = recordKey(record);
    const there = records.get(key);
    if (action === 'CREATE') {
      if (there !== undefined) return `${record.name} ${record.type} exists already`;
      records.set(key, record);
    } else {
      if (there === undefined || !sameRecord(there, record))
        return `${record.name} ${record.type} does not stand there so`;
      records.delete(key);
    }
  }
  return records;
}

function page(records: readonly RecordSet[], start: RecordPosition, limit: number) {
  const from = sortKey(start);
  const following = records
    .map((record) => ({ key: sortKey(record), record }))
    .filter(({ key }) => key >= from)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ record }) => record);
  const next = following[limit];
  return next === undefined
    ? { records: following }
    : {
        records: following.slice(0, limit),
        next: {
          name: next.name,
          type: next.type,
          setIdentifier: next.setIdentifier,
        },
      };
}

/** A text that sorts as Route 53 does: labels reversed, then type, then set identifier (ListResourceRecordSets). */
function sortKey({ name, type = '', setIdentifier = '' }: RecordPosition): string {
  return `${reversedLabels(name)}\n${type}\n${setIdentifier}`;
}
