import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { GeoLocationFields } from '../../plan/routing.ts';
import type { OctoDnsDynamic } from './octodns-schema.ts';

/** A record of pools and rules, with what every record set of it has. */
export interface DynamicRecord {
  readonly name: DnsName;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** What answers when every pool is out. */
  readonly values: readonly string[];
  readonly dynamic: OctoDnsDynamic;
}

/** The record sets of a dynamic record, or why Route 53 cannot have them. */
export type DynamicRecords =
  | { readonly type: 'records'; readonly records: readonly RecordSet[]; readonly inner: readonly DnsName[] }
  | { readonly type: 'left'; readonly reason: string };

/** Where a record's own values stand: behind all pools. */
const VALUES = 'values';

/**
 * The record sets that octodns-route53 makes of pools and rules: a geolocation at the name, a failover for each pool to
 * the pool behind it, and weighted values (octodns_route53/provider.py, `_new_dynamic`). Aliases within the zone have an
 * empty zone id. Pure.
 */
export function dynamicRecords(record: DynamicRecord): DynamicRecords {
  const { name, type, ttl, values, dynamic } = record;
  const reason = problem(record);
  if (reason !== undefined) return { type: 'left', reason };
  const inner = new Set<DnsName>();
  const innerName = (label: string) => {
    const made = dnsName(madeUp(label, name));
    inner.add(made);
    return made;
  };
  const to = (label: string) => ({
    alias: { zoneId: '', name: innerName(label), evaluateTargetHealth: true },
  });
  const records: RecordSet[] = [];
  if (values.length > 0) records.push({ name: innerName(VALUES), type, ttl, values });
  for (const [id, pool] of Object.entries(dynamic.pools)) {
    const last = values.length > 0 ? VALUES : undefined;
    const behind = pool.fallback == null ? last : `${pool.fallback}-pool`;
    const at = innerName(`${id}-pool`);
    records.push({
      ...{ name: at, type, setIdentifier: `${id}-Primary`, routing: { Failover: 'PRIMARY' } },
      ...to(`${id}-value`),
    });
    if (behind !== undefined)
      records.push({
        ...{ name: at, type, routing: { Failover: 'SECONDARY' } },
        ...{ setIdentifier: `${id}-Secondary`, ...to(behind) },
      });
    for (const [index, { value, weight = 1, status }] of pool.values.entries())
      records.push({
        ...{ name: innerName(`${id}-value`), type, ttl, values: [value] },
        setIdentifier: `${id}-${String(index).padStart(3, '0')}`,
        weight: status === 'down' ? 0 : weight,
      });
  }
  for (const [index, { pool, geos }] of dynamic.rules.entries())
    for (const geo of geos ?? [undefined])
      records.push({
        ...{ name, type, setIdentifier: `${index}-${pool}-${geo ?? 'None'}`, ...to(`${pool}-pool`) },
        routing: { GeoLocation: geo === undefined ? { CountryCode: '*' } : geoLocation(geo) },
      });
  return { type: 'records', records, inner: [...inner] };
}

/** A place as OctoDNS writes it, with the continent first: `EU`, `EU-DE`, `NA-US-CA`. */
export function geoLocation(code: string): GeoLocationFields {
  const [ContinentCode = '', CountryCode, SubdivisionCode] = code.split('-');
  if (CountryCode === undefined) return { ContinentCode };
  return { CountryCode, ...(SubdivisionCode === undefined ? {} : { SubdivisionCode }) };
}

function problem({ name, dynamic: { pools, rules } }: DynamicRecord): string | undefined {
  const bySubnets = rules.findIndex(({ subnets }) => (subnets ?? []).length > 0);
  if (bySubnets >= 0)
    return `its rule ${bySubnets + 1} goes by subnets, and the file has no id of the CIDR collection that OctoDNS makes of them`;
  const known = new Set(Object.keys(pools));
  for (const [index, { pool }] of rules.entries())
    if (!known.has(pool)) return `its rule ${index + 1} names the pool "${pool}", which is not there`;
  for (const [id, { fallback, values }] of Object.entries(pools)) {
    if (fallback != null && !known.has(fallback))
      return `its pool "${id}" falls back to "${fallback}", which is not there`;
    if (values.every(({ status }) => status === 'down'))
      return `all values of its pool "${id}" are down, and a set of targets needs one that is not`;
    for (const part of ['pool', 'value'] as const) {
      const why = dnsNameProblem(madeUp(`${id}-${part}`, name));
      if (why !== undefined) return `no record can be made of its pool "${id}" (${why})`;
    }
  }
  return undefined;
}

/** An asterisk is a wildcard as the first label alone, and no fleet file has it elsewhere. */
function madeUp(label: string, name: DnsName): string {
  return `_octodns-${label}.${name.replace('*', '_wildcard')}`;
}
