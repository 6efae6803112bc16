import fc from 'fast-check';
import { dnsName } from '../../lib/plan/names.ts';
import type { AliasTarget, RecordSet } from '../../lib/plan/records.ts';

const name = fc.constantFrom('a.example.test', '*.example.test', 'b.a.example.test').map(dnsName);
const ttl = fc.constantFrom(0, 5, 60);
const identity = fc.constantFrom('one', 'two', 'ONE');
const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3');
const text = fc.constantFrom('"one"', '"One"', '"one two"', '"a" "b"');

/** Targets of AWS's own, each in the hosted zone of its service. */
export const ALIAS_TARGETS = [
  { zoneId: 'Z35SXDOTRQ7X7K', name: dnsName('lb-1.us-east-1.elb.amazonaws.com') },
  { zoneId: 'Z35SXDOTRQ7X7K', name: dnsName('lb-2.us-east-1.elb.amazonaws.com') },
  { zoneId: 'Z26RNL4JYFTOTI', name: dnsName('lb-3.elb.us-east-1.amazonaws.com') },
] as const;

const aliases: fc.Arbitrary<AliasTarget> = fc
  .tuple(fc.constantFrom(...ALIAS_TARGETS), fc.boolean())
  .map(([target, evaluateTargetHealth]) => ({ ...target, evaluateTargetHealth }));

/** A record's answer. */
const content = fc.oneof(
  fc.record({ type: fc.constant('A'), ttl, values: fc.uniqueArray(address, { minLength: 1 }) }),
  fc.record({ type: fc.constant('TXT'), ttl, values: fc.uniqueArray(text, { minLength: 1 }) }),
  fc.record({ type: fc.constantFrom('A', 'AAAA'), alias: aliases }),
);

/** A record's routing. */
const routing = fc.oneof(
  fc.constant({}),
  fc.record({ setIdentifier: identity, weight: fc.constantFrom(0, 1, 255) }),
  fc.record({
    setIdentifier: identity,
    routing: fc.constantFrom(
      { Region: 'eu-west-1' },
      { Region: 'us-east-1' },
      { Failover: 'PRIMARY' },
      { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } },
      { GeoLocation: { SubdivisionCode: 'CA', CountryCode: 'US' } },
      { MultiValueAnswer: true },
    ),
  }),
);

/** Records that Route 53 accepts, of so few kinds that two of them are often equal or nearly equal. */
export const records: fc.Arbitrary<RecordSet> = fc
  .tuple(name, content, routing)
  .map(([owner, answer, choice]): RecordSet => ({ name: owner, ...answer, ...choice }))
  // A multivalue answer is no alias.
  .filter(({ alias, routing: chosen }) => alias === undefined || chosen?.['MultiValueAnswer'] === undefined);
