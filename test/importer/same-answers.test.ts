import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { imported, sharesOfLeaves, sharesOfRecords } from '../support/imported.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };
/** Weights are whole numbers from 1 to 255: a share is off by at most half a step. */
const TOLERANCE = 0.5 / 255 + 1e-9;

const byte = fc.integer({ min: 0, max: 255 });
const hex = fc.integer({ min: 0, max: 0xffff }).map((group) => group.toString(16));
const ipv4 = fc.tuple(byte, byte, byte, byte).map((octets) => octets.join('.'));
const ipv6 = fc.oneof(
  fc.array(hex, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
  fc.tuple(hex, hex).map(([first, last]) => `2001:DB8:${first}::${last}`),
);
const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9_-]{0,8}[a-z0-9])?$/);
const name: fc.Arbitrary<DnsName> = fc
  .tuple(fc.array(label, { minLength: 0, maxLength: 3 }), fc.boolean())
  .map(([labels, isWild]) => dnsName([...(isWild ? ['*'] : []), ...labels, ZONE.name].join('.')));
const hostname = fc.tuple(label, label).map((labels) => `${labels.join('.')}.example.net.`);
const aliasZone = fc.constantFrom(
  { zoneId: 'Z35SXDOTRQ7X7K', suffix: 'us-east-1.elb.amazonaws.com' },
  { zoneId: 'Z2FDTNDATAQYW2', suffix: 'cloudfront.net' },
  { zoneId: ZONE.id, suffix: 'elsewhere.example.com' },
);
const alias = fc
  .record({ zone: aliasZone, labels: fc.tuple(label, label), evaluateTargetHealth: fc.boolean() })
  .map(({ zone: { zoneId, suffix }, labels, evaluateTargetHealth }) => {
    return { zoneId, name: dnsName([...labels, suffix].join('.')), evaluateTargetHealth };
  });
const setKey = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.constantFrom('blue', 'Blue', 'BLUE', 'green'),
);
const check = fc.option(fc.constantFrom('abc-1', 'abc-2'), { nil: undefined, freq: 4 });
const weight = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 255));

function recordSet(at: DnsName, type: string, content: Partial<RecordSet>): RecordSet {
  return { name: at, type, ...(content.alias === undefined ? { ttl: 300 } : {}), ...content };
}

/** What may stand at one name: plain or weighted, of one family or both, or a CNAME. */
function recordsAt(at: DnsName): fc.Arbitrary<readonly RecordSet[]> {
  const content = (type: string): fc.Arbitrary<Partial<RecordSet>> => {
    if (type === 'CNAME') return hostname.map((value) => ({ values: [value] }));
    const addresses = fc
      .uniqueArray(type === 'A' ? ipv4 : ipv6, { minLength: 1, maxLength: 3 })
      .map((values) => ({ values }));
    return fc.oneof(
      { weight: 3, arbitrary: addresses },
      { weight: 1, arbitrary: alias.map((to) => ({ alias: to })) },
    );
  };
  const ofType = (type: string): fc.Arbitrary<readonly RecordSet[]> =>
    fc.oneof(
      content(type).map((plain) => [recordSet(at, type, plain)]),
      fc
        .uniqueArray(fc.tuple(setKey, weight, check, content(type)), {
          minLength: 1,
          maxLength: 5,
          selector: ([key]) => key,
        })
        .map((sets) =>
          sets.map(([setIdentifier, weighs, healthCheckId, what]) =>
            recordSet(at, type, {
              ...what,
              setIdentifier,
              weight: weighs,
              ...(healthCheckId === undefined ? {} : { healthCheckId }),
            }),
          ),
        ),
    );
  const isApex = at === ZONE.name;
  return fc.oneof(
    ofType('A'),
    ofType('AAAA'),
    fc.tuple(ofType('A'), ofType('AAAA')).map((families) => families.flat()),
    ...(isApex ? [] : [ofType('CNAME')]),
  );
}

const zone = fc
  .uniqueArray(name, { minLength: 1, maxLength: 6 })
  .chain((names) => fc.tuple(...names.map(recordsAt)))
  .map((records) => records.flatMap(withoutStandby));

/** Weight 0 behind checks makes a route, which test/importer/routes.test.ts is about: here one of the others has none. */
function withoutStandby(records: readonly RecordSet[]): readonly RecordSet[] {
  return records.map((each) => {
    if (each.weight === undefined || each.weight === 0) return each;
    const { healthCheckId, alias: to, ...rest } = each;
    const isFirst = records.find(({ type, weight: w }) => type === each.type && w !== 0) === each;
    if (!isFirst) return each;
    return to === undefined ? rest : { ...rest, alias: { ...to, evaluateTargetHealth: false } };
  });
}

it('a zone that is imported and planned answers as it did, and whatever does not is listed', () => {
  let described = 0;
  fc.assert(
    fc.property(zone, (records) => {
      const { planned, unexpressed } = imported(records, ZONE);
      const names = new Set(records.map((each) => each.name));
      for (const at of names) {
        const endpoint = planned.get(at);
        const there = records.filter((each) => each.name === at);
        if (endpoint === undefined) {
          for (const { type } of there)
            expect(unexpressed.some((each) => each.name === at && each.type === type)).toBe(true);
          continue;
        }
        described += 1;
        expect(unexpressed.filter((each) => each.name === at)).toEqual([]);
        for (const type of ['A', 'AAAA', 'CNAME']) {
          const before = sharesOfRecords(there.filter((each) => each.type === type));
          const after = sharesOfLeaves(endpoint, type);
          expect(after.map(([answer]) => answer)).toEqual(before.map(([answer]) => answer));
          for (const [index, [, share]] of before.entries())
            expect(Math.abs((after[index]?.[1] ?? 0) - share)).toBeLessThanOrEqual(TOLERANCE);
        }
      }
    }),
    { numRuns: 150 },
  );
  expect(described).toBeGreaterThan(150);
});
