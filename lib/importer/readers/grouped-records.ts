import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { recordKey } from '../../plan/records.ts';

/** One value, as formats have it that know no record sets. */
export interface SingleRecord {
  readonly name: DnsName;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  readonly value: string;
}

/** Record sets of values that share name and type, and what their owner must know. */
export interface GroupedRecords {
  readonly records: readonly RecordSet[];
  readonly remarks: ReadonlyMap<DnsName, readonly string[]>;
}

/** Puts values together. A set has one TTL, the shortest of its values' (RFC 2181, 5.2, wants them equal). Pure. */
export function groupedRecords(singles: readonly SingleRecord[]): GroupedRecords {
  const sets = new Map<string, SingleRecord[]>();
  for (const single of singles) {
    const there = sets.get(recordKey(single));
    if (there === undefined) sets.set(recordKey(single), [single]);
    else there.push(single);
  }
  const remarks = new Map<DnsName, readonly string[]>();
  const records = [...sets.values()].flatMap((of): readonly RecordSet[] => {
    const [first] = of;
    if (first === undefined) return [];
    const ttls = [...new Set(of.map(({ ttl }) => ttl))].sort((a, b) => a - b);
    const { name, type } = first;
    if (ttls.length > 1)
      remarks.set(name, [
        ...(remarks.get(name) ?? []),
        `its ${type} records have TTLs of ${ttls.join(', ')} s, and one set has one: this is the shortest`,
      ]);
    return [{ name, type, ttl: ttls[0] ?? 0, values: [...new Set(of.map(({ value }) => value))] }];
  });
  return { records, remarks };
}
