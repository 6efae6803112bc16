import { describe, expect, it } from 'vitest';
import { describeZone } from '../../lib/importer/describe-zone.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };
const ELB = {
  zoneId: 'Z35SXDOTRQ7X7K',
  name: dnsName('dualstack.shop-1.us-east-1.elb.amazonaws.com'),
  evaluateTargetHealth: true,
};
const API = 'api.example.com';

function set(name: string, setIdentifier: string, more: Partial<RecordSet>): RecordSet {
  const ttl = more.alias === undefined ? { ttl: 60 } : {};
  return { name: dnsName(name), type: 'A', setIdentifier, ...ttl, ...more };
}

function routed(name: string, routing: RecordSet['routing'], more: Partial<RecordSet>): RecordSet {
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
function to(name: string, evaluateTargetHealth = true): Partial<RecordSet> {
  return { alias: { zoneId: ZONE.id, name: dnsName(name), evaluateTargetHealth } };
}

function value(address: string, more: Partial<RecordSet> = {}): Partial<RecordSet> {
  return { values: [address], ...more };
}

/** The lines of the file's targets and endpoints. */
function file(...records: readonly RecordSet[]): string {
  const { yaml = '' } = describeZone(records, ZONE);
  const [, body = ''] = yaml.split('    targets:\n');
  return body.split('\n\n')[0] ?? '';
}

/** Why each name is left. */
function left(...records: readonly RecordSet[]): readonly string[] {
  return describeZone(records, ZONE).unexpressed.map(
    ({ name, type, reason }) => `${name} ${type}: ${reason}`,
  );
}

describe('a name whose records are routed', () => {
  it('by latency has a branch for each Region, with its health check', () => {
    expect(
      file(
        routed(API, { Region: 'us-east-1' }, value('192.0.2.1', { healthCheckId: 'abc-1' })),
        routed(API, { Region: 'eu-west-1' }, { values: ['192.0.2.2', '192.0.2.3'] }),
      ),
    ).toMatchInlineSnapshot(`
      "      api-us-east-1: { az: unknown, capacity: 1, ipv4: 192.0.2.1, health_check_id: 'abc-1' }
            api-eu-west-1: { az: unknown, capacity: 1, ipv4: [192.0.2.2, 192.0.2.3] }
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                latency:
                  eu-west-1: { targets: [api-eu-west-1] }
                  us-east-1: { targets: [api-us-east-1] }
      "
    `);
  });

  it('by geolocation says of places without a branch that they get no answer', () => {
    const places = [
      { ContinentCode: 'SA' },
      { CountryCode: 'SA' },
      { CountryCode: 'NO' },
      { CountryCode: 'US', SubdivisionCode: 'CA' },
    ];
    const records = places.map((GeoLocation, index) =>
      routed(API, { GeoLocation }, value(`192.0.2.${index}`, { setIdentifier: `s${index}` })),
    );
    expect(file(...records)).toMatchInlineSnapshot(`
      "      api-continent-sa: { az: unknown, capacity: 1, ipv4: 192.0.2.0 } # set identifier "s0"
            api-country-sa: { az: unknown, capacity: 1, ipv4: 192.0.2.1 } # set identifier "s1"
            api-no: { az: unknown, capacity: 1, ipv4: 192.0.2.2 } # set identifier "s2"
            api-us-ca: { az: unknown, capacity: 1, ipv4: 192.0.2.3 } # set identifier "s3"
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                geolocation:
                  'continent-SA': { targets: [api-continent-sa] }
                  'country-SA': { targets: [api-country-sa] }
                  'NO': { targets: [api-no] }
                  US-CA: { targets: [api-us-ca] }
                elsewhere: none
      "
    `);
    const everywhere = routed(
      API,
      { GeoLocation: { CountryCode: '*' } },
      value('192.0.2.9', { setIdentifier: 'rest' }),
    );
    expect(file(...records, everywhere)).not.toContain('elsewhere');
    expect(file(...records, everywhere)).toContain('default: { targets: [api-default] }');
  });

  it('by geoproximity has a name for each point', () => {
    expect(
      file(
        routed(
          API,
          { GeoProximityLocation: { AWSRegion: 'eu-west-1', Bias: -20 } },
          value('192.0.2.1', { setIdentifier: 'Dublin!' }),
        ),
        routed(
          API,
          { GeoProximityLocation: { Coordinates: { Latitude: '52.37', Longitude: '-4.9' }, Bias: 0 } },
          value('192.0.2.2', { setIdentifier: 'rollback' }),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "      api-dublin: { az: unknown, capacity: 1, ipv4: 192.0.2.1 } # set identifier "Dublin!"
            api-rollback-b: { az: unknown, capacity: 1, ipv4: 192.0.2.2 } # set identifier "rollback"
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                geoproximity:
                  dublin: { region: eu-west-1, bias: -20, targets: [api-dublin] }
                  rollback-b: { coordinates: [52.37, -4.9], targets: [api-rollback-b] }
      "
    `);
  });

  it('by failover, by networks and as many answers', () => {
    const collection = (LocationName: string) => ({
      CidrRoutingConfig: { CollectionId: '01234567-89ab-cdef-0123-456789abcdef', LocationName },
    });
    expect(
      file(
        routed('a.example.com', { Failover: 'PRIMARY' }, { alias: ELB }),
        routed(
          'a.example.com',
          { Failover: 'SECONDARY' },
          { alias: { ...ELB, name: dnsName('s.example.net') } },
        ),
        routed('b.example.com', collection('office'), value('192.0.2.1', { setIdentifier: 'o' })),
        routed('b.example.com', collection('*'), value('192.0.2.2', { setIdentifier: 'r' })),
        routed('c.example.com', { MultiValueAnswer: true }, value('192.0.2.3', { setIdentifier: 'one' })),
        routed('c.example.com', { MultiValueAnswer: true }, value('192.0.2.4', { setIdentifier: 'two' })),
        set('d.example.com', 'x', {
          type: 'CNAME',
          routing: { Region: 'us-east-1' },
          values: ['d.example.net.'],
        }),
      ),
    ).toMatchInlineSnapshot(`
      "      a-primary: { az: unknown, capacity: 1, alias: { zone_id: Z35SXDOTRQ7X7K, name: dualstack.shop-1.us-east-1.elb.amazonaws.com, evaluate_target_health: true } } # set identifier "PRIMARY"
            a-secondary: { az: unknown, capacity: 1, alias: { zone_id: Z35SXDOTRQ7X7K, name: s.example.net, evaluate_target_health: true } } # set identifier "SECONDARY"
            b-office: { az: unknown, capacity: 1, ipv4: 192.0.2.1 } # set identifier "o"
            b-default: { az: unknown, capacity: 1, ipv4: 192.0.2.2 } # set identifier "r"
            c-one: { az: unknown, capacity: 1, ipv4: 192.0.2.3 }
            c-two: { az: unknown, capacity: 1, ipv4: 192.0.2.4 }
            d-us-east-1: { az: unknown, capacity: 1, hostname: 'd.example.net.' } # set identifier "x"
          endpoints:
            a.example.com:
              kind: alias
              families: [A]
              targets: [a-primary]
              standby: [a-secondary]
            b.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                cidr:
                  collection: '01234567-89ab-cdef-0123-456789abcdef'
                  locations:
                    default: { targets: [b-default] }
                    office: { targets: [b-office] }
            c.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                targets: [c-one, c-two]
                answer: multivalue
            d.example.com:
              kind: hostname
              ttl_s: 60
              route:
                latency:
                  us-east-1: { targets: [d-us-east-1] }
      "
    `);
  });

  it('in both families alike has targets with both, and one for each where their checks differ', () => {
    const both = (Region: string, host: number, checks: readonly string[]) =>
      ['A', 'AAAA'].map((type, index) =>
        routed(
          API,
          { Region },
          value(type === 'A' ? `192.0.2.${host}` : `2001:db8::${host}`, {
            type,
            healthCheckId: checks[index],
          }),
        ),
      );
    const records = [...both('us-east-1', 1, ['a', 'a']), ...both('eu-west-1', 2, ['b', 'c'])];
    expect(file(...records)).toMatchInlineSnapshot(`
      "      api-us-east-1: { az: unknown, capacity: 1, ipv4: 192.0.2.1, ipv6: '2001:db8::1', health_check_id: 'a' }
            api-eu-west-1-v4: { az: unknown, capacity: 1, ipv4: 192.0.2.2, health_check_id: 'b' } # set identifier "eu-west-1"
            api-eu-west-1-v6: { az: unknown, capacity: 1, ipv6: '2001:db8::2', health_check_id: 'c' } # set identifier "eu-west-1"
          endpoints:
            api.example.com:
              kind: addresses
              families: [A, AAAA]
              ttl_s: 60
              route:
                latency:
                  eu-west-1: { targets: [api-eu-west-1-v4, api-eu-west-1-v6] }
                  us-east-1: { targets: [api-us-east-1] }
      "
    `);
    expect(left(...records.slice(0, 3))).toEqual([
      `${API} A: its record "eu-west-1" has no like among both A and AAAA, and an endpoint routes both families alike`,
      `${API} AAAA: its record "eu-west-1" has no like among both A and AAAA, and an endpoint routes both families alike`,
    ]);
  });
});

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

describe('weight 0', () => {
  const main = set(API, 'main', value('192.0.2.10', { weight: 100, healthCheckId: 'abc-1' }));
  const sorry = set(API, 'sorry-page', value('198.51.100.10', { weight: 0 }));

  it('behind records with health checks stands by', () => {
    expect(file(main, sorry)).toMatchInlineSnapshot(`
      "      api-main: { az: unknown, capacity: 100, ipv4: 192.0.2.10, health_check_id: 'abc-1' }
            api-sorry-page: { az: unknown, capacity: 1, ipv4: 198.51.100.10 }
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              targets: [api-main]
              standby: [api-sorry-page]
      "
    `);
  });

  it('beside a record without one gets no traffic, as before', () => {
    const other = set(API, 'other', value('192.0.2.11', { weight: 1 }));
    expect(file(main, sorry, other)).toContain('targets: [api-main, api-sorry-page, api-other]');
    expect(file(main, sorry, other)).toContain('health: unhealthy');
  });

  it('in one family alone is left', () => {
    const six = set(API, 'main', {
      type: 'AAAA',
      values: ['2001:db8::1'],
      weight: 100,
      healthCheckId: 'abc-1',
    });
    expect(left(main, sorry, six)[0]).toContain('stands behind health checks in one of the families');
  });

  it('of a group behind groups that can all fail is the secondary', () => {
    const text = file(
      set(API, 'main', { weight: 1, ...to('in.example.com') }),
      set(API, 'spare', { weight: 0, ...value('192.0.2.9') }),
      routed('in.example.com', { Region: 'us-east-1' }, value('192.0.2.1', { healthCheckId: 'a' })),
      routed('in.example.com', { Region: 'eu-west-1' }, value('192.0.2.2', { healthCheckId: 'b' })),
    );
    expect(text).toMatchInlineSnapshot(`
      "      api-main-us-east-1: { az: unknown, capacity: 1, ipv4: 192.0.2.1, health_check_id: 'a' }
            api-main-eu-west-1: { az: unknown, capacity: 1, ipv4: 192.0.2.2, health_check_id: 'b' }
            api-spare: { az: unknown, capacity: 1, ipv4: 192.0.2.9 }
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                failover:
                  primary:
                    latency:
                      eu-west-1: { targets: [api-main-eu-west-1] }
                      us-east-1: { targets: [api-main-us-east-1] }
                  secondary: { targets: [api-spare] }"
    `);
  });
});
