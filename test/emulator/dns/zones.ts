import type { AnswerSource } from '../../../lib/emulator/dns/answer-source.ts';
import { zoneView } from '../../../lib/emulator/dns/served-records.ts';
import { BUILT_IN_PLACES } from '../../../lib/emulator/places/built-in-places.ts';
import { ipBlock } from '../../../lib/emulator/places/ip-block.ts';
import type { DnsName } from '../../../lib/plan/names.ts';
import { dnsName, isWithin } from '../../../lib/plan/names.ts';
import type { AliasTarget, RecordSet } from '../../../lib/plan/records.ts';

const ZONE_ID = 'Z1';
export const ZONE = dnsName('example.test');
/** Its own time to live is longer than its last field, so the negative time to live is 300. */
export const SOA_VALUE = 'ns1.example.test. hostmaster.example.test. 1 7200 900 1209600 300';

/** The full name of something in example.test. */
export function at(prefix: string): DnsName {
  return dnsName(`${prefix}.example.test`);
}

export function set(name: DnsName, type: string, ...values: readonly string[]): RecordSet {
  return { name, type, ttl: 60, values };
}

export function weighted(
  name: DnsName,
  weight: number,
  value: string,
  more: Partial<RecordSet> = {},
): RecordSet {
  return { name, type: 'A', ttl: 60, values: [value], setIdentifier: value, weight, ...more };
}

export function alias(
  name: DnsName,
  type: string,
  target: DnsName,
  more: Partial<RecordSet> & Partial<Pick<AliasTarget, 'zoneId' | 'evaluateTargetHealth'>> = {},
): RecordSet {
  const { zoneId = ZONE_ID, evaluateTargetHealth = false, ...rest } = more;
  return { name, type, alias: { zoneId, name: target, evaluateTargetHealth }, ...rest };
}

const APEX: readonly RecordSet[] = [
  { name: ZONE, type: 'SOA', ttl: 900, values: [SOA_VALUE] },
  { name: ZONE, type: 'NS', ttl: 172800, values: ['ns1.example.test.', 'ns2.example.net.'] },
];

interface Zones {
  readonly unhealthy?: readonly string[];
  /** Load balancers that do not exist any more; every other one does. */
  readonly gone?: readonly string[];
  /** Networks of the CIDR collection `c1`, and the location of each. */
  readonly blocks?: Readonly<Record<string, string>>;
  readonly others?: readonly {
    readonly id: string;
    readonly name: DnsName;
    readonly records: readonly RecordSet[];
  }[];
}

/** example.test with these records beside its SOA and NS, and other zones. */
export function sourceOf(
  records: readonly RecordSet[],
  { unhealthy = [], gone = [], blocks = {}, others = [] }: Zones = {},
): AnswerSource {
  const zones = [{ id: ZONE_ID, name: ZONE, records: [...APEX, ...records] }, ...others]
    .map((zone) => zoneView(zone.id, zone.name, zone.records))
    .sort((a, b) => b.name.length - a.name.length);
  return {
    zoneFor: (name) => zones.find((zone) => isWithin(name, zone.name)),
    zoneById: (id) => zones.find((zone) => zone.id === id),
    isElsewhere: ({ name }) => !gone.includes(name),
    healthOf: (id) => !unhealthy.includes(id),
    places: BUILT_IN_PLACES,
    cidrBlocks: (id) =>
      Object.entries(id === 'c1' ? blocks : {}).flatMap(([network, location]) => {
        const block = ipBlock(network);
        return block === undefined ? [] : [{ location, block }];
      }),
  };
}
