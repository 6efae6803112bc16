import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answer } from '../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../lib/emulator/dns/answer-source.ts';
import { clientIn } from '../../lib/emulator/dns/client.ts';
import { zoneView } from '../../lib/emulator/dns/served-records.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../lib/emulator/places/client-at.ts';
import { ipBlock } from '../../lib/emulator/places/ip-block.ts';
import { withNames } from '../../lib/plan/make-plan.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { imported } from '../support/imported.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };
const TOP = dnsName('api.example.com');
const SCOPE = { cell: cellName('use1-a'), zone: ZONE.name, zoneId: ZONE.id };
const PLACES = ['us-east-1', 'eu-west-1', 'ap-northeast-1', 'DE', 'US-CA', 'JP', 'BR', 'ZA'];
const CHECKS = ['a', 'b', 'c'];
/** Finer than the smallest share of the weights below. */
const DRAWS = Array.from({ length: 160 }, (_, index) => (index + 0.5) / 160);

/** What stands at one name: records of one policy, each with an address or an alias to a further name. */
interface Node {
  readonly policy: keyof typeof ROUTINGS;
  readonly branches: readonly Branch[];
}

interface Branch {
  readonly weight: number;
  readonly check: string | undefined;
  readonly below: Node | undefined;
}

const ROUTINGS = {
  weighted: [{}, {}, {}],
  latency: [{ Region: 'us-east-1' }, { Region: 'eu-west-1' }, { Region: 'ap-northeast-1' }],
  geolocation: [
    { GeoLocation: { CountryCode: '*' } },
    { GeoLocation: { ContinentCode: 'EU' } },
    { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } },
  ],
  geoproximity: [
    { GeoProximityLocation: { AWSRegion: 'us-west-2', Bias: 20 } },
    { GeoProximityLocation: { Coordinates: { Latitude: '50.11', Longitude: '8.68' } } },
    { GeoProximityLocation: { AWSRegion: 'ap-southeast-2' } },
  ],
  failover: [{ Failover: 'PRIMARY' }, { Failover: 'SECONDARY' }],
  multivalue: [{ MultiValueAnswer: true }, { MultiValueAnswer: true }, { MultiValueAnswer: true }],
} as const;

function node(depth: number): fc.Arbitrary<Node> {
  const below = depth === 0 ? fc.constant(undefined) : fc.option(node(depth - 1), { nil: undefined });
  const branch = fc.record({
    weight: fc.integer({ min: 0, max: 3 }),
    check: fc.option(fc.constantFrom(...CHECKS), { nil: undefined }),
    below,
  });
  return fc.record({
    policy: fc.constantFrom(
      ...(['weighted', 'latency', 'geolocation', 'geoproximity', 'failover', 'multivalue'] as const),
    ),
    branches: fc.array(branch, { minLength: 1, maxLength: 3 }),
  });
}

/** The records of a node and those behind it, each name and address its own. */
function recordsOf({ policy, branches }: Node, name: DnsName, count: { last: number }): readonly RecordSet[] {
  return branches
    .slice(0, ROUTINGS[policy].length)
    .flatMap(({ weight, check, below }, index): readonly RecordSet[] => {
      count.last += 1;
      const common = {
        ...{ name, type: 'A', setIdentifier: `s${index}` },
        ...(policy === 'weighted' ? { weight } : { routing: ROUTINGS[policy][index] }),
      };
      if (below === undefined || policy === 'multivalue') {
        const healthCheckId = check === undefined ? {} : { healthCheckId: check };
        return [{ ...common, ttl: 60, values: [`192.0.2.${count.last}`], ...healthCheckId }];
      }
      const inner = dnsName(`n${count.last}.in.example.com`);
      const alias = { zoneId: ZONE.id, name: inner, evaluateTargetHealth: true };
      return [{ ...common, alias }, ...recordsOf(below, inner, count)];
    });
}

/** Everything that the zone may answer to a client, each once. */
function answers(records: readonly RecordSet[], place: string, isDown: (check: string) => boolean) {
  const view = zoneView(ZONE.id, ZONE.name, records);
  const source: AnswerSource = {
    zoneFor: () => view,
    zoneById: (id) => (id === ZONE.id ? view : undefined),
    isElsewhere: () => true,
    healthOf: (check) => !isDown(check),
    places: BUILT_IN_PLACES,
    cidrBlocks: () => [],
  };
  const address = clientAt(BUILT_IN_PLACES, place);
  if (address === undefined) throw new Error(`nobody is at ${place}`);
  const client = clientIn(BUILT_IN_PLACES, ipBlock(address));
  const found = DRAWS.map((draw) => {
    const { answers: given } = answer(source, { name: TOP, type: 'A' }, draw, client);
    return given
      .map(({ value }) => value)
      .sort()
      .join(' ');
  });
  return [...new Set(found)].sort();
}

/** The records of the zone when the name is Pawl's. */
function takenOver(records: readonly RecordSet[]): readonly RecordSet[] | undefined {
  const { planned } = imported(records, ZONE, { names: [TOP] });
  const desired = planned.get(TOP);
  if (desired === undefined) return undefined;
  const tree = treeName('g000001', TOP, SCOPE);
  const named = withNames(desired, (path) => dnsName(path === '' ? tree : `${path}.${tree}`));
  const alias = { zoneId: ZONE.id, name: tree, evaluateTargetHealth: false };
  const others = records.filter(({ name }) => name !== TOP);
  return [...others, { name: TOP, type: 'A', alias }, ...treeRecords(named, SCOPE)];
}

it('a tree of names that is imported and planned answers from everywhere as it did, whatever is unhealthy', () => {
  let taken = 0;
  fc.assert(
    fc.property(node(2), fc.subarray(CHECKS), (top, down) => {
      const before = recordsOf(top, TOP, { last: 0 });
      const after = takenOver(before);
      if (after === undefined) return;
      taken += 1;
      for (const place of PLACES)
        for (const unhealthy of [[], down]) {
          const isDown = (check: string) => unhealthy.includes(check);
          expect([place, answers(after, place, isDown)]).toEqual([place, answers(before, place, isDown)]);
        }
    }),
    { numRuns: 60 },
  );
  expect(taken).toBeGreaterThan(30);
});
