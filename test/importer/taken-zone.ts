import { readFile } from 'node:fs/promises';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { fromSdkRecord } from '../../lib/zone/route53/record-shapes.ts';

export const ZONE = dnsName('example.com');
/** Where clients of routed names are. */
const PLACES = ['us-east-1', 'eu-west-1', 'DE', 'US-CA', 'US-NY', 'JP', 'BR', 'ZA'];

function at(name: string, type: string, more: Partial<RecordSet>): RecordSet {
  return { name: dnsName(name), type, ...(more.alias === undefined ? { ttl: 60 } : {}), ...more };
}

function weighted(name: string, type: string, key: string, weight: number, value: string): RecordSet {
  return at(name, type, { setIdentifier: key, weight, values: [value] });
}

/** A zone of 200 records in every routing policy. */
export async function mixedRecords(zoneId: string): Promise<readonly RecordSet[]> {
  const text = await readFile(new URL('./exports/mixed.json', import.meta.url), 'utf8');
  const { ResourceRecordSets } = JSON.parse(text.replaceAll('Z0123456789ABCDEFGHIJ', zoneId)) as {
    readonly ResourceRecordSets: readonly Parameters<typeof fromSdkRecord>[0][];
  };
  return ResourceRecordSets.map(fromSdkRecord);
}

/** Every kind of record that can be taken over, and some that stay. */
export function recordsOf(zoneId: string): readonly RecordSet[] {
  const elb = (name: string) => ({
    zoneId: 'Z35SXDOTRQ7X7K',
    name: dnsName(`${name}.us-east-1.elb.amazonaws.com`),
    evaluateTargetHealth: true,
  });
  return [
    at('example.com', 'A', { values: ['192.0.2.1', '192.0.2.2'] }),
    at('example.com', 'AAAA', { values: ['2001:db8::1'] }),
    at('example.com', 'MX', { values: ['10 mail.example.net.'] }),
    weighted('api.example.com', 'A', 'blue', 90, '192.0.2.10'),
    weighted('api.example.com', 'A', 'green', 30, '192.0.2.11'),
    weighted('api.example.com', 'A', 'old', 0, '192.0.2.12'),
    weighted('api.example.com', 'AAAA', 'blue', 1, '2001:db8::10'),
    weighted('api.example.com', 'AAAA', 'green', 1, '2001:db8::11'),
    at('api.example.com', 'TXT', { values: ['"stays"'] }),
    weighted('login.example.com', 'CNAME', 'one', 3, 'one.login.example.net.'),
    weighted('login.example.com', 'CNAME', 'two', 1, 'two.login.example.net.'),
    at('*.apps.example.com', 'A', { values: ['192.0.2.20'] }),
    at('shop.example.com', 'A', { alias: elb('shop') }),
    at('shop.example.com', 'AAAA', { alias: elb('shop') }),
    at('www.example.com', 'A', { alias: { zoneId, name: ZONE, evaluateTargetHealth: false } }),
    at('docs.example.com', 'CNAME', { values: ['www.example.com.'] }),
  ];
}

export interface Question {
  readonly name: DnsName;
  readonly type: 'A' | 'AAAA' | 'CNAME';
  /** Where the client is; absent: nowhere. */
  readonly from?: string;
}

/** The same question, asked from each place. */
function fromEach(label: string, type: Question['type'] = 'A'): readonly Question[] {
  return PLACES.map((from) => ({ name: dnsName(`${label}.example.com`), type, from }));
}

/** What clients ask of the unrouted names. */
const PLAIN: readonly (readonly [name: DnsName, type: Question['type']])[] = [
  [ZONE, 'A'],
  [ZONE, 'AAAA'],
  [dnsName('api.example.com'), 'A'],
  [dnsName('api.example.com'), 'AAAA'],
  [dnsName('login.example.com'), 'CNAME'],
  [dnsName('any.apps.example.com'), 'A'],
  [dnsName('shop.example.com'), 'A'],
  [dnsName('shop.example.com'), 'AAAA'],
  [dnsName('www.example.com'), 'A'],
  [dnsName('docs.example.com'), 'A'],
];

const ROUTED = ['latency', 'places', 'near', 'failover', 'many', 'sorry', 'tree', 'weighted'];
export const QUESTIONS: readonly Question[] = [
  ...PLAIN.map(([name, type]) => ({ name, type })),
  ...ROUTED.flatMap((label) => [...fromEach(`${label}-1`), ...fromEach(`${label}-2`)]),
  ...fromEach('both'),
  ...fromEach('both', 'AAAA'),
];

export function questionText({ name, type, from = '' }: Question): string {
  return `${name} ${type} ${from}`;
}
