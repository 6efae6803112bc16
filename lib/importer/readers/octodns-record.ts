import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { dynamicRecords, geoLocation } from './octodns-dynamic.ts';
import type { OctoDnsAlias, OctoDnsAnswer, OctoDnsSettings } from './octodns-schema.ts';

/** What one record of a file comes to. */
export interface RecordReading {
  readonly records: readonly RecordSet[];
  /** Names that the record makes up to route with. */
  readonly inner?: readonly DnsName[];
  /** Why there is no record set of it. */
  readonly left?: string;
  readonly remarks?: readonly string[];
}

/** OctoDNS's own, where neither the record nor the provider's `default_ttl` says another. Seconds. */
const DEFAULT_TTL_S = 3600;

/** Why OctoDNS may have no such record in Route 53; undefined when it has. */
export function keptFromRoute53(settings: OctoDnsSettings | null | undefined): string | undefined {
  if (settings?.ignored === true) return 'octodns.ignored is true: OctoDNS has no such record';
  const key = (['included', 'excluded'] as const).find((each) => (settings?.[each] ?? []).length > 0);
  return key === undefined
    ? undefined
    : `octodns.${key} goes by the names of providers, and the file does not say which of them is Route 53`;
}

/** A record of type A, AAAA or CNAME. Pure. */
export function readAnswer(name: DnsName, type: string, record: OctoDnsAnswer): RecordReading {
  const kept = keptFromRoute53(record.octodns);
  if (kept !== undefined) return { records: [], left: kept };
  const ttl = record.ttl ?? DEFAULT_TTL_S;
  const values = record.values ?? record.value ?? [];
  const remarks =
    record.ttl === undefined ? [`its file says no TTL: this is OctoDNS's default of ${DEFAULT_TTL_S} s`] : [];
  if (record.dynamic != null) {
    const made = dynamicRecords({ name, type, ttl, values, dynamic: record.dynamic });
    if (made.type === 'left') return { records: [], left: made.reason };
    return { ...made, remarks: [...remarks, ...checkRemarks(name, record)] };
  }
  if (values.length === 0) return { records: [], left: 'it has no value' };
  if (record.geo == null) return { records: [{ name, type, ttl, values }], remarks };
  const everywhere = { CountryCode: '*' };
  const places = Object.entries(record.geo).map(([code, of]) => [code, geoLocation(code), of] as const);
  return {
    records: [['default', everywhere, values] as const, ...places].map(([code, GeoLocation, of]) => ({
      ...{ name, type, ttl, values: of },
      ...{ setIdentifier: code, routing: { GeoLocation } },
    })),
    remarks: [...remarks, ...checkRemarks(name, record)],
  };
}

/** What OctoDNS has Route 53 check: a fleet file names a check by its id, and the YAML has none. */
function checkRemarks(name: DnsName, { dynamic, octodns }: OctoDnsAnswer): readonly string[] {
  const pools = Object.values(dynamic?.pools ?? {});
  const isChecked = pools.some(({ values }) => values.some(({ status = 'obey' }) => status === 'obey'));
  if (dynamic != null && !isChecked) return [];
  const { protocol, host, path, port } = octodns?.healthcheck ?? {};
  const scheme = (protocol ?? 'HTTPS').toUpperCase();
  const isPlain = scheme === 'TCP' || scheme === 'ICMP';
  const where = isPlain ? '' : ` for ${host ?? name}${path ?? '/_dns'}`;
  const what = `${scheme}${where}${scheme === 'ICMP' ? '' : ` at port ${port ?? 443}`}`;
  return [
    `OctoDNS checks its targets (${what}); the id of a check is not in its file: give each target its health_check_id, or it counts as healthy`,
  ];
}

/** A record of type Route53Provider/ALIAS: aliases, one a type. Pure. */
export function readAlias(name: DnsName, zone: DnsName, record: OctoDnsAlias): RecordReading {
  const kept = keptFromRoute53(record.octodns);
  if (kept !== undefined) return { records: [], left: kept };
  const aliases = record.values ?? (record.value === undefined ? [] : [record.value]);
  const records: RecordSet[] = [];
  for (const each of aliases) {
    const zoneId = each['hosted-zone-id'];
    // A name with no zone of its own is one of this zone, without the zone's name behind it.
    const isService = zoneId != null;
    const target = isService
      ? (each.name ?? '')
      : [each.name ?? '', zone].filter((part) => part !== '').join('.');
    const why = dnsNameProblem(target);
    if (why !== undefined) return { records: [], left: `its target "${target}" is no DNS name: ${why}` };
    const evaluateTargetHealth = each['evaluate-target-health'] ?? false;
    records.push({
      ...{ name, type: each.type },
      alias: { zoneId: zoneId ?? '', name: dnsName(target), evaluateTargetHealth },
    });
  }
  return records.length === 0 ? { records, left: 'it has no value' } : { records };
}
