import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { API, ELB, file, left, routed, set, value } from './routed-records.ts';

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
