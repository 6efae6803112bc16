import type { DnsName } from './names.ts';
import type { RecordSet } from './records.ts';
import type { ZoneView } from './zone-view.ts';
import { recordsAtName } from './zone-view.ts';

/** A hosted zone as it was read. */
export interface ReadZone {
  readonly zoneId: string;
  readonly view: ZoneView;
}

/** A name and type of the zone whose health counts for what another record answers. */
export interface HealthReading {
  readonly of: DnsName;
  readonly type: string;
  /** The name of the record that is an alias to it. */
  readonly by: DnsName;
  /** Of that record, where it has one. */
  readonly setIdentifier?: string | undefined;
}

/**
 * What the aliases of a zone go by. A routed record goes by the health of what it is an alias to. A plain one answers
 * whatever its health is: it counts where something else goes by it. Pure.
 *
 * @param taken names of which no record counts: they are an endpoint's, or become one's.
 * @param given what is known besides.
 */
export function healthReadings(
  taken: { readonly has: (name: DnsName) => boolean },
  zone: ReadZone,
  given: readonly HealthReading[] = [],
): readonly HealthReading[] {
  const found = [...given];
  for (const [by, records] of zone.view) {
    if (taken.has(by)) continue;
    for (const record of records)
      if (record.setIdentifier !== undefined) found.push(...evaluated(record, by, zone));
  }
  const seen = new Set<string>();
  // The list grows meanwhile.
  for (const { of, type } of found) {
    if (taken.has(of) || seen.has(`${of} ${type}`)) continue;
    seen.add(`${of} ${type}`);
    for (const record of recordsOf(of, type, zone))
      if (record.setIdentifier === undefined) found.push(...evaluated(record, of, zone));
  }
  return found;
}

function evaluated(
  { alias, type, setIdentifier }: RecordSet,
  by: DnsName,
  { zoneId }: ReadZone,
): readonly HealthReading[] {
  const isOne = alias?.zoneId === zoneId && alias.evaluateTargetHealth;
  return isOne ? [{ of: alias.name, type, by, setIdentifier }] : [];
}

/** True when Route 53 can find all records of a name and type unhealthy. Pure. */
export function canFail(
  name: DnsName,
  type: string,
  zone: ReadZone,
  above: readonly DnsName[] = [],
): boolean {
  const records = recordsOf(name, type, zone);
  return (
    records.length > 0 &&
    !above.includes(name) &&
    records.every(({ healthCheckId, alias, weight }) => {
      if (healthCheckId !== undefined) return true;
      if (alias === undefined) return weight === 0 && records.some((other) => other.weight !== 0);
      const { evaluateTargetHealth, zoneId } = alias;
      return (
        evaluateTargetHealth && (zoneId !== zone.zoneId || canFail(alias.name, type, zone, [...above, name]))
      );
    })
  );
}

function recordsOf(name: DnsName, type: string, { view }: ReadZone): readonly RecordSet[] {
  return recordsAtName(view, name).filter((record) => record.type === type);
}
