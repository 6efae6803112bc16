import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { ServedZone } from './answer-source.ts';
import { parentOf } from './answer-source.ts';

interface ZoneIndex {
  readonly byName: ReadonlyMap<DnsName, readonly RecordSet[]>;
  /** Every name that has records, and every name above one. */
  readonly existing: ReadonlySet<DnsName>;
}

const NO_RECORDS: readonly RecordSet[] = [];

/** A cache: a list of records never changes, and thousands of answers use the same list between two changes. */
const indexes = new WeakMap<readonly RecordSet[], ZoneIndex>();

/**
 * A zone that answers from exactly these record sets. The list must not be altered afterwards: it is indexed only
 * once.
 */
export function zoneView(id: string, name: DnsName, records: readonly RecordSet[]): ServedZone {
  const index = indexes.get(records) ?? indexed(records);
  return {
    id,
    name,
    recordsAt: (at) => index.byName.get(at) ?? NO_RECORDS,
    exists: (at) => index.existing.has(at),
  };
}

function indexed(records: readonly RecordSet[]): ZoneIndex {
  const byName = new Map<DnsName, RecordSet[]>();
  const existing = new Set<DnsName>();
  for (const record of records) {
    const there = byName.get(record.name);
    if (there === undefined) byName.set(record.name, [record]);
    else there.push(record);
    let at: DnsName | undefined = record.name;
    while (at !== undefined && !existing.has(at)) {
      existing.add(at);
      at = parentOf(at);
    }
  }
  const index = { byName, existing };
  indexes.set(records, index);
  return index;
}
