import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../../lib/plan/invariant.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import type { RecordSet } from '../../../lib/plan/records.ts';
import { hasUnknownRouting, sameRecord } from '../../../lib/plan/records.ts';
import { fromSdkRecord, sdkName, toSdkChange, toSdkRecord } from '../../../lib/zone/route53/record-shapes.ts';

const label = fc.stringMatching(/^[a-z0-9_-]{1,12}$/);
const name = fc
  .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 5 }))
  .map(([wild, labels]) => dnsName(`${wild ? '*.' : ''}${labels.join('.')}`));
const alias = fc.record({
  zoneId: fc.stringMatching(/^Z[A-Z0-9]{5}$/),
  name,
  evaluateTargetHealth: fc.boolean(),
});
const plain = fc.record({
  ttl: fc.nat(2 ** 31 - 1),
  values: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }),
});
const routing = fc.oneof(
  fc.record({ Region: fc.constant('eu-west-1') }),
  fc.record({ Failover: fc.constantFrom('PRIMARY', 'SECONDARY') }),
  fc.record({ MultiValueAnswer: fc.boolean() }),
  fc.record({
    GeoLocation: fc.record({ CountryCode: fc.constant('US'), SubdivisionCode: fc.constant('WA') }),
  }),
  fc.record({ CidrRoutingConfig: fc.record({ CollectionId: fc.uuid(), LocationName: fc.constant('*') }) }),
  fc.record({ GeoProximityLocation: fc.record({ AWSRegion: fc.constant('us-east-1'), Bias: fc.nat(99) }) }),
);
const policy = fc.oneof(
  fc.constant({}),
  fc.record({ setIdentifier: fc.string({ minLength: 1 }), weight: fc.nat(255) }),
  fc.record({ setIdentifier: fc.string({ minLength: 1 }), routing }),
);
const health = fc.oneof(fc.constant({}), fc.record({ healthCheckId: fc.uuid() }));
const recordSet: fc.Arbitrary<RecordSet> = fc
  .tuple(
    name,
    fc.constantFrom('A', 'AAAA', 'CNAME', 'TXT', 'HTTPS'),
    fc.oneof(
      plain,
      alias.map((target) => ({ alias: target })),
    ),
    policy,
    health,
  )
  .map(
    ([owner, type, body, kind, check]) => ({ name: owner, type, ...body, ...kind, ...check }) as RecordSet,
  );

describe('record sets to the SDK and back', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(recordSet, (record) => {
        const back = fromSdkRecord(toSdkRecord(record));
        expect(back).toEqual(record);
        expect(sameRecord(back, record)).toBe(true);
      }),
    );
  });

  it('go back to what Route 53 listed, so that an exact DELETE of anything listed matches', () => {
    fc.assert(
      fc.property(recordSet, (record) => {
        const listed = toSdkRecord(record);
        expect(toSdkRecord(fromSdkRecord(listed))).toEqual(listed);
      }),
    );
  });

  it('keep TTL 0 and weight 0, which are not the same as none', () => {
    const record: RecordSet = {
      name: dnsName('x.example.test'),
      type: 'A',
      ttl: 0,
      weight: 0,
      setIdentifier: 's',
      values: ['192.0.2.1'],
    };
    expect(fromSdkRecord(toSdkRecord(record))).toEqual(record);
  });

  it('send names with the trailing dot', () => {
    const sent = toSdkChange({
      action: 'DELETE',
      record: {
        name: dnsName('*.example.test'),
        type: 'A',
        alias: { zoneId: 'Z1', name: dnsName('t.example.test'), evaluateTargetHealth: false },
      },
    });
    expect(sent.Action).toBe('DELETE');
    expect(sent.ResourceRecordSet?.Name).toBe('*.example.test.');
    expect(sent.ResourceRecordSet?.AliasTarget?.DNSName).toBe('t.example.test.');
  });

  it('compare equal whatever the order of keys in foreign routing', () => {
    const base = {
      Name: 'x.test.',
      Type: 'A',
      SetIdentifier: 's',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    };
    const one = { ...base, GeoLocation: { CountryCode: 'US', SubdivisionCode: 'WA' } } as ResourceRecordSet;
    const other = { ...base, GeoLocation: { SubdivisionCode: 'WA', CountryCode: 'US' } } as ResourceRecordSet;
    expect(sameRecord(fromSdkRecord(one), fromSdkRecord(other))).toBe(true);
  });

  it('show a routing policy that the SDK does not know by its set identifier, and no other', () => {
    // What the SDK's parser leaves of a record with <AZAffinity>.
    const parsed: ResourceRecordSet = {
      Name: 'x.test.',
      Type: 'A',
      SetIdentifier: 's',
      TTL: 60,
      ResourceRecords: [],
    };
    expect(hasUnknownRouting(fromSdkRecord(parsed))).toBe(true);
    expect(hasUnknownRouting(fromSdkRecord({ ...parsed, TrafficPolicyInstanceId: 'p' }))).toBe(false);
    fc.assert(
      fc.property(recordSet, (record) => {
        expect(hasUnknownRouting(fromSdkRecord(toSdkRecord(record)))).toBe(false);
      }),
    );
  });

  it('take an empty list of values beside an alias for none', () => {
    const target = { HostedZoneId: 'Z1', DNSName: 'T.Example.Test.', EvaluateTargetHealth: true };
    const record = fromSdkRecord({ Name: 'x.test.', Type: 'A', ResourceRecords: [], AliasTarget: target });
    expect(record).toEqual({
      name: 'x.test',
      type: 'A',
      alias: { zoneId: 'Z1', name: 't.example.test', evaluateTargetHealth: true },
    });
  });

  it.each([
    ['no name', { Type: 'A' }],
    ['no type', { Name: 'x.test.' }],
    ['a name that is none', { Name: 'x..test.', Type: 'A' }],
    ['an element without a value', { Name: 'x.test.', Type: 'A', TTL: 1, ResourceRecords: [{}] }],
    ['an alias without a zone', { Name: 'x.test.', Type: 'A', AliasTarget: { DNSName: 'y.test.' } }],
  ])('refuse %s', (_case, sdk) => {
    expect(() => fromSdkRecord(sdk as ResourceRecordSet)).toThrow(InvalidValue);
  });
});

describe('sdkName', () => {
  it.each([
    ['\\052.Example.TEST.', '*.example.test'],
    ['*.example.test', '*.example.test'],
    ['a.*.example.test.', 'a.\\052.example.test'],
    ['a\\040b.example.test.', 'a\\040b.example.test'],
    ['a b.example.test.', 'a\\040b.example.test'],
    ['a/b.example.test.', 'a\\057b.example.test'],
    ['ü.example.test.', '\\303\\274.example.test'],
    ['a\\b.example.test.', 'a\\134b.example.test'],
  ])('reads %s as %s', (text, expected) => {
    expect(sdkName(text)).toBe(expected);
  });

  it.each(['', '.', 'a..b', `${'x'.repeat(64)}.test`])('refuses "%s"', (text) => {
    expect(() => sdkName(text)).toThrow(InvalidValue);
  });
});
