import { describeZone } from '../../lib/importer/describe-zone.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };
export const ELB = {
  zoneId: 'Z35SXDOTRQ7X7K',
  name: dnsName('dualstack.shop-1.us-east-1.elb.amazonaws.com'),
  evaluateTargetHealth: true,
};
export const API = 'api.example.com';

export function set(name: string, setIdentifier: string, more: Partial<RecordSet>): RecordSet {
  const ttl = more.alias === undefined ? { ttl: 60 } : {};
  return { name: dnsName(name), type: 'A', setIdentifier, ...ttl, ...more };
}

export function routed(name: string, routing: RecordSet['routing'], more: Partial<RecordSet>): RecordSet {
  return set(
    name,
    more.setIdentifier ??
      Object.values(routing ?? {})
        .map(String)
        .join(),
    { routing, ...more },
  );
}

/** An alias to another name of the zone. */
export function to(name: string, evaluateTargetHealth = true): Partial<RecordSet> {
  return { alias: { zoneId: ZONE.id, name: dnsName(name), evaluateTargetHealth } };
}

export function value(address: string, more: Partial<RecordSet> = {}): Partial<RecordSet> {
  return { values: [address], ...more };
}

/** The lines of the file's targets and endpoints. */
export function file(...records: readonly RecordSet[]): string {
  const { yaml = '' } = describeZone(records, ZONE);
  const [, body = ''] = yaml.split('    targets:\n');
  return body.split('\n\n')[0] ?? '';
}

/** Why each name is left. */
export function left(...records: readonly RecordSet[]): readonly string[] {
  return describeZone(records, ZONE).unexpressed.map(
    ({ name, type, reason }) => `${name} ${type}: ${reason}`,
  );
}
