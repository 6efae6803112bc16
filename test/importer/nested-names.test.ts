import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { API, ELB, file, left, routed, set, to, value } from './routed-records.ts';

describe('a tree of names', () => {
  const tree = [
    routed(
      API,
      { GeoLocation: { ContinentCode: 'EU' } },
      { ...to('eu.in.example.com'), setIdentifier: 'eu' },
    ),
    routed(
      API,
      { GeoLocation: { CountryCode: '*' } },
      { ...to('rest.in.example.com'), setIdentifier: 'rest' },
    ),
    routed('eu.in.example.com', { Region: 'eu-west-1' }, to('euw1.in.example.com')),
    routed('eu.in.example.com', { Region: 'eu-central-1' }, to('euc1.in.example.com')),
    set('euw1.in.example.com', 'blue', value('192.0.2.1', { weight: 90, healthCheckId: 'a' })),
    set('euw1.in.example.com', 'green', value('192.0.2.2', { weight: 10, healthCheckId: 'b' })),
    set('euc1.in.example.com', 'one', value('192.0.2.3', { weight: 1, ttl: 30 })),
    { name: dnsName('rest.in.example.com'), type: 'A', ttl: 60, values: ['192.0.2.4'] },
  ];

  it('becomes one route, and its inner names stay as they are', () => {
    expect(file(...tree)).toMatchInlineSnapshot(`
      "      api-eu-eu-west-1-blue: { az: unknown, capacity: 90, ipv4: 192.0.2.1, health_check_id: 'a' }
            api-eu-eu-west-1-green: { az: unknown, capacity: 10, ipv4: 192.0.2.2, health_check_id: 'b' }
            api-eu-eu-central-1-one: { az: unknown, capacity: 1, ipv4: 192.0.2.3 }
            api-default: { az: unknown, capacity: 1, ipv4: 192.0.2.4 } # set identifier "rest"
          endpoints:
            # its records have TTLs of 30, 60 s: this is the shortest
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 30
              route:
                geolocation:
                  default: { targets: [api-default] }
                  EU:
                    latency:
                      eu-central-1: { targets: [api-eu-eu-central-1-one] }
                      eu-west-1: { targets: [api-eu-eu-west-1-blue, api-eu-eu-west-1-green] }"
    `);
    expect(left(...tree)).toEqual(
      ['eu', 'euw1', 'euc1', 'rest'].map(
        (label) =>
          `${label}.in.example.com A: its answers are in the route of ${API}: give it to --name to take it over as well`,
      ),
    );
  });

  it('has the targets once that two branches lead to', () => {
    const shared = routed(
      API,
      { GeoLocation: { CountryCode: 'JP' } },
      { ...to('eu.in.example.com'), setIdentifier: 'jp' },
    );
    const text = file(...tree, shared);
    expect(text.match(/api-eu-eu-west-1-blue: /g)).toHaveLength(1);
    expect(text.match(/\[api-eu-eu-west-1-blue, api-eu-eu-west-1-green\]/g)).toHaveLength(2);
  });

  it('of weighted names has groups with shares', () => {
    expect(
      file(
        set(API, 'Blue', { weight: 90, ...to('blue.in.example.com') }),
        set(API, 'Green', { weight: 10, ...to('green.in.example.com') }),
        set(API, 'Next', { weight: 0, ...value('192.0.2.9') }),
        routed('blue.in.example.com', { Region: 'us-east-1' }, value('192.0.2.1')),
        routed('blue.in.example.com', { Region: 'eu-west-1' }, value('192.0.2.2')),
        { name: dnsName('green.in.example.com'), type: 'A', ttl: 60, values: ['192.0.2.3'] },
      ),
    ).toMatchInlineSnapshot(`
      "      api-blue-us-east-1: { az: unknown, capacity: 1, ipv4: 192.0.2.1 }
            api-blue-eu-west-1: { az: unknown, capacity: 1, ipv4: 192.0.2.2 }
            api-green: { az: unknown, capacity: 1, ipv4: 192.0.2.3 } # set identifier "Green"
            api-next: { az: unknown, capacity: 1, ipv4: 192.0.2.9 } # set identifier "Next"
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                weighted:
                  blue:
                    share: 90
                    latency:
                      eu-west-1: { targets: [api-blue-eu-west-1] }
                      us-east-1: { targets: [api-blue-us-east-1] }
                  green: { share: 10, targets: [api-green] }
                  next: { share: 0, targets: [api-next] }"
    `);
  });

  it('has the shares of a group, whatever the only record behind it has', () => {
    const text = file(
      set(API, 'next', { weight: 0, ...to('next.in.example.com') }),
      set(API, 'live', value('192.0.2.1', { weight: 7 })),
      set('next.in.example.com', 'one', { weight: 1, ...to('last.in.example.com') }),
      set('last.in.example.com', 'one', value('192.0.2.2', { weight: 1 })),
    );
    expect(text).toContain('next: { share: 0,');
    expect(text).toContain('live: { share: 7,');
  });

  it('is left where an inner name cannot be described, with the name and the reason', () => {
    const odd = tree.map((each) =>
      each.setIdentifier === 'one' ? { ...each, weight: undefined, routing: { SomethingNew: 1 } } : each,
    );
    expect(left(...odd)).toContain(
      `${API} A: it is routed by the policy SomethingNew, which no fleet file can say (at euc1.in.example.com)`,
    );
    expect(left(...tree.slice(0, -1))).toContain(
      `${API} A: no A record stands there (at rest.in.example.com)`,
    );
    expect(file(...tree.slice(0, -1))).toContain('      eu.in.example.com:');
  });

  it('is left where an alias does not evaluate the health that is behind it', () => {
    const blind = [
      routed(API, { Region: 'eu-west-1' }, to('euw1.in.example.com', false)),
      routed(API, { Region: 'eu-central-1' }, to('euc1.in.example.com', false)),
    ];
    expect(left(...blind, ...tree.slice(4))[0]).toBe(
      `${API} A: its record "eu-west-1" is an alias that does not evaluate the health of its target, and Pawl's branches do`,
    );
    expect(left(...blind.slice(1), ...tree.slice(4))[0]).toContain('give it to --name');
  });

  it('takes no check of a plain record behind an alias that does not evaluate health', () => {
    const plain: RecordSet = {
      ...{ name: dnsName('one.in.example.com'), type: 'A', ttl: 60 },
      ...value('192.0.2.1', { healthCheckId: 'a' }),
    };
    const through = (isEvaluated: boolean) =>
      file(routed(API, { Region: 'eu-west-1' }, to('one.in.example.com', isEvaluated)), plain);
    expect(through(true)).toContain("health_check_id: 'a'");
    expect(through(false)).not.toContain('health_check_id');
  });

  it('is left where its aliases lead back, lead too deep, or mix addresses and aliases', () => {
    const there = routed(API, { Region: 'eu-west-1' }, to('b.example.com'));
    const back = routed('b.example.com', { Region: 'eu-west-1' }, to(API));
    expect(left(there, back)[0]).toContain('its aliases lead back to it');
    const deep = Array.from({ length: 5 }, (_, index) => [
      routed(`l${index}.example.com`, { Region: 'us-east-1' }, to(`l${index + 1}.example.com`)),
      routed(`l${index}.example.com`, { Region: 'eu-west-1' }, value(`192.0.2.${index}`)),
    ]).flat();
    const end = set('l5.example.com', 'x', value('192.0.2.9', { weight: 1 }));
    expect(left(...deep, end)[0]).toContain('its records are routed 5 times, one behind the other');
    const mixed = [
      routed(API, { Failover: 'PRIMARY' }, { alias: ELB }),
      routed(API, { Failover: 'SECONDARY' }, value('192.0.2.1')),
    ];
    expect(left(...mixed)[0]).toContain('are aliases and some hold addresses');
  });

  it('ends at names that are Pawl endpoints', () => {
    const root: RecordSet = {
      name: dnsName('pawls.example.com'),
      type: 'A',
      ...to('g000001.pawls.use1-a._pawl.example.com', false),
    };
    const records = [routed(API, { Region: 'eu-west-1' }, to('pawls.example.com')), root];
    expect(file(...records)).toContain('name: pawls.example.com, evaluate_target_health: true');
  });
});
