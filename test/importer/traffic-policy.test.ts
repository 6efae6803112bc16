import { describe, expect, it } from 'vitest';
import { parseFleet } from '../../lib/fleet/parse-fleet.ts';
import { describePolicy } from '../../lib/importer/describe-policy.ts';
import type { DescribedZone } from '../../lib/importer/described-zone.ts';
import { readTrafficPolicy } from '../../lib/importer/traffic-policy.ts';
import { dnsName } from '../../lib/plan/names.ts';

const ZONE = { name: dnsName('example.com'), id: 'Z0123456789ABCDEFGHIJ' };

/** A document in the form of 2015-10-01. */
function document(parts: object): object {
  return { AWSPolicyFormatVersion: '2015-10-01', RecordType: 'A', ...parts };
}

const balancer = (name: string, Type = 'elastic-load-balancer') => ({
  Type,
  Value: `${name}.elb.amazonaws.com`,
});
const address = (last: number) => ({ Type: 'value', Value: `192.0.2.${last}` });

function described(parts: object, name = 'api.example.com'): DescribedZone {
  const read = readTrafficPolicy(JSON.stringify(document(parts)));
  if (read.type === 'invalid') throw new Error(read.mistakes.join('\n'));
  return describePolicy(read.policy, { zone: ZONE, name: dnsName(name) });
}

/** The lines of the file's targets and endpoints, which the reader of fleet files takes. */
function file(parts: object): string {
  const { yaml = '', unexpressed } = described(parts);
  expect(unexpressed).toEqual([]);
  expect(parseFleet(yaml, 'fleet.yaml').type).toBe('fleet');
  return yaml.split('    targets:\n')[1] ?? '';
}

function left(parts: object): readonly string[] {
  const { yaml, unexpressed } = described(parts);
  expect(yaml).toBeUndefined();
  return unexpressed.map(({ name, type, reason }) => `${name} ${type}: ${reason}`);
}

function mistakes(parts: object): readonly string[] {
  const read = readTrafficPolicy(JSON.stringify(document(parts)));
  return read.type === 'invalid' ? read.mistakes : [];
}

describe('the document of a traffic policy', () => {
  it('becomes a tree of places, Regions and standbys, with load balancers in their own hosted zones', () => {
    const parts = {
      StartRule: 'geo_restriction',
      Endpoints: {
        east1: balancer('lb-1.us-east-1'),
        east2: { ...balancer('x'), Type: 'network-load-balancer', Value: 'lb-2.elb.us-east-1.amazonaws.com' },
        west: balancer('dualstack.lb-3.us-west-1', 'application-load-balancer'),
        denied: { Type: 's3-website', Region: 'us-east-1', Value: 'api.example.com' },
        cdn: { Type: 'cloudfront', Value: 'd111111abcdef8.cloudfront.net' },
      },
      Rules: {
        geo_restriction: {
          RuleType: 'geo',
          Locations: [
            { EndpointReference: 'denied', IsDefault: true },
            { RuleReference: 'region_selector', Country: 'US' },
            { EndpointReference: 'cdn', Continent: 'SA' },
          ],
        },
        region_selector: {
          RuleType: 'latency',
          Regions: [
            { Region: 'us-east-1', RuleReference: 'east' },
            { Region: 'us-west-1', EndpointReference: 'west', EvaluateTargetHealth: 'false' },
          ],
        },
        east: {
          RuleType: 'failover',
          Primary: { EndpointReference: 'east1' },
          Secondary: { EndpointReference: 'east2', EvaluateTargetHealth: true },
        },
      },
    };
    expect(file(parts)).toMatchInlineSnapshot(`
      "      api-default: { az: unknown, capacity: 1, alias: { zone_id: Z3AQBSTGFYJSTF, name: s3-website-us-east-1.amazonaws.com, evaluate_target_health: true } } # reference "denied"
            api-us-us-east-1-primary: { az: unknown, capacity: 1, alias: { zone_id: Z35SXDOTRQ7X7K, name: lb-1.us-east-1.elb.amazonaws.com, evaluate_target_health: true } } # reference "east1"
            api-us-us-east-1-secondary: { az: unknown, capacity: 1, alias: { zone_id: Z26RNL4JYFTOTI, name: lb-2.elb.us-east-1.amazonaws.com, evaluate_target_health: true } } # reference "east2"
            api-us-us-west-1: { az: unknown, capacity: 1, alias: { zone_id: Z368ELLRRE2KJ0, name: dualstack.lb-3.us-west-1.elb.amazonaws.com, evaluate_target_health: false } } # reference "west"
            api-continent-sa: { az: unknown, capacity: 1, alias: { zone_id: Z2FDTNDATAQYW2, name: d111111abcdef8.cloudfront.net, evaluate_target_health: false } } # reference "cdn"
          endpoints:
            api.example.com:
              kind: alias
              families: [A]
              route:
                geolocation:
                  'continent-SA': { targets: [api-continent-sa] }
                  default: { targets: [api-default] }
                  US:
                    latency:
                      us-east-1: { targets: [api-us-us-east-1-primary], standby: [api-us-us-east-1-secondary] }
                      us-west-1: { targets: [api-us-us-west-1] }
      "
    `);
  });

  it('becomes weighted targets with their checks, and a standby of weight 0', () => {
    const Items = [
      { EndpointReference: 'one', Weight: '3', HealthCheck: '11111111-1111-1111-1111-111111111111' },
      { EndpointReference: 'one', Weight: 1, HealthCheck: '22222222-2222-2222-2222-222222222222' },
      { EndpointReference: 'sorry', Weight: '0' },
    ];
    const Rules = { robin: { RuleType: 'weighted', Items } };
    expect(
      file({ StartRule: 'robin', Endpoints: { one: address(1), sorry: address(9) }, Rules }),
    ).toMatchInlineSnapshot(`
      "      api-one: { az: unknown, capacity: 3, ipv4: 192.0.2.1, health_check_id: '11111111-1111-1111-1111-111111111111' }
            api-one-2: { az: unknown, capacity: 1, ipv4: 192.0.2.1, health_check_id: '22222222-2222-2222-2222-222222222222' }
            api-sorry: { az: unknown, capacity: 1, ipv4: 192.0.2.9 }
          endpoints:
            # a traffic policy says no TTL: this is the default of fleet files
            api.example.com:
              kind: addresses
              families: [A]
              targets: [api-one, api-one-2]
              standby: [api-sorry]
      "
    `);
  });

  it('becomes points and many answers', () => {
    const Endpoints = { a: address(1), b: address(2), c: address(3) };
    const Rules = {
      near: {
        RuleType: 'geoproximity',
        GeoproximityLocations: [
          { EndpointReference: 'a', Region: 'aws:route53:us-west-1', Bias: '10' },
          { RuleReference: 'many', Latitude: '51.50', Longitude: '-0.16' },
        ],
      },
      many: { RuleType: 'multivalue', Items: [{ EndpointReference: 'b' }, { EndpointReference: 'c' }] },
    };
    expect(file({ StartRule: 'near', Endpoints, Rules })).toMatchInlineSnapshot(`
      "      api-a: { az: unknown, capacity: 1, ipv4: 192.0.2.1 }
            api-many-b: { az: unknown, capacity: 1, ipv4: 192.0.2.2 }
            api-many-c: { az: unknown, capacity: 1, ipv4: 192.0.2.3 }
          endpoints:
            # a traffic policy says no TTL: this is the default of fleet files
            api.example.com:
              kind: addresses
              families: [A]
              route:
                geoproximity:
                  a: { region: us-west-1, bias: 10, targets: [api-a] }
                  many: { coordinates: [51.5, -0.16], targets: [api-many-b, api-many-c], answer: multivalue }
      "
    `);
  });

  it('is one endpoint where it starts with one', () => {
    expect(file({ StartEndpoint: 'a', Endpoints: { a: address(1) } })).toContain('targets: [api]');
    const cname = { RecordType: 'CNAME', StartEndpoint: 'a' };
    expect(file({ ...cname, Endpoints: { a: { Type: 'value', Value: 'lb.example.net' } } })).toContain(
      'hostname: lb.example.net',
    );
  });

  it('says where its file comes from', () => {
    const { yaml } = described({ StartEndpoint: 'a', Endpoints: { a: address(1) } });
    expect(yaml).toContain('# What a traffic policy answers with: 1 name. Made by "pawl import".');
    expect(yaml).toContain('# a traffic policy says no TTL: this is the default of fleet files');
  });
});

describe('a document is left', () => {
  const start = { StartEndpoint: 'a' };
  it.each([
    [
      { ...start, RecordType: 'MX', Endpoints: { a: { Type: 'value', Value: '10 mail' } } },
      'MX: it has records of type MX, and Pawl answers with A, AAAA and CNAME records alone',
    ],
    [
      {
        ...start,
        Endpoints: { a: { Type: 'elastic-beanstalk', Value: 'x.us-east-1.elasticbeanstalk.com' } },
      },
      'A: it is an Elastic Beanstalk environment, of which Pawl does not know the hosted zone (at Endpoints.a)',
    ],
    [
      { ...start, Endpoints: { a: balancer('x.mars-1') } },
      "A: x.mars-1.elb.amazonaws.com is no load balancer's name of a Region that Pawl knows, so that its hosted zone is not known (at Endpoints.a)",
    ],
    [
      { ...start, Endpoints: { a: balancer('x.eu-west-1', 'network-load-balancer') } },
      'A: x.eu-west-1.elb.amazonaws.com is the name of an Application or Classic Load Balancer, and its type is network-load-balancer (at Endpoints.a)',
    ],
    [
      { ...start, Endpoints: { a: { Type: 's3-website', Region: 'mars-1', Value: 'b' } } },
      'A: its bucket is in mars-1, where Pawl does not know the hosted zone of websites (at Endpoints.a)',
    ],
    [
      { ...start, Endpoints: { a: { Type: 'value', Value: 'no address' } } },
      'A: targets.api.ipv4 is "no address": use an IPv4 address, such as 192.0.2.10',
    ],
  ])('where an endpoint cannot be a target: %j', (parts, reason) => {
    expect(left(parts)).toEqual([`api.example.com ${reason}`]);
  });

  it('where its rules lead back, or have a check before another rule', () => {
    const to = (RuleReference: string, more: object = {}) => ({
      RuleType: 'latency',
      Regions: [{ Region: 'us-east-1', RuleReference, ...more }],
    });
    const Endpoints = { a: address(1) };
    const loop = { StartRule: 'one', Endpoints, Rules: { one: to('two'), two: to('two') } };
    expect(left(loop)[0]).toContain('its aliases lead back to it (at Rules.two)');
    const end = { RuleType: 'weighted', Items: [{ EndpointReference: 'a', Weight: 1 }] };
    const checked = { StartRule: 'one', Endpoints, Rules: { one: to('end', { HealthCheck: 'x' }), end } };
    expect(left(checked)[0]).toContain('has a health check of its own before those behind it');
  });
});

describe('every mistake of a document is a sentence with its place', () => {
  const Endpoints = { first: address(1) };
  it.each([
    [
      { AWSPolicyFormatVersion: '2023-05-09', StartEndpoint: 'first', Endpoints },
      ['AWSPolicyFormatVersion is "2023-05-09": use "2015-10-01", the version that Pawl reads.'],
    ],
    [{ Endpoints }, ['The document has 0 of StartEndpoint and StartRule: give one of them.']],
    [
      { StartEndpoint: 'First', Endpoints },
      ['StartEndpoint is "First", and the document has no endpoint of that id: did you mean "first"?'],
    ],
    [{ StartRule: 'x' }, ['The document has no Endpoints: add a map of endpoints by id.']],
    [
      { StartEndpoint: 'first', Endpoints: { first: { Type: 'vaule', Value: 7 } } },
      [
        'Endpoints.first.Type is "vaule": use one of value, cloudfront, application-load-balancer, elastic-load-balancer, network-load-balancer, elastic-beanstalk, s3-website.',
        'Endpoints.first.Value is 7: use what the endpoint answers with, of its type.',
      ],
    ],
    [
      { StartRule: 'r', Endpoints, Rules: { r: { RuleType: 'random' } } },
      [
        'Rules.r.RuleType is "random": use one of failover, geo, geoproximity, latency, multivalue, weighted.',
      ],
    ],
    [
      {
        StartRule: 'r',
        Endpoints,
        Rules: { r: { RuleType: 'weighted', Items: [{ EndpointReference: 'first', Wieght: 1 }] } },
      },
      [
        'Rules.r.Items[0] has no Weight: add a whole number from 0 to 255.',
        'Rules.r.Items[0] has the unknown key "Wieght": did you mean "Weight"?',
      ],
    ],
    [
      {
        StartRule: 'r',
        Endpoints,
        Rules: {
          r: {
            RuleType: 'geo',
            Locations: [{ EndpointReference: 'first' }, { Continent: 'EU', Country: 'DE' }],
          },
        },
      },
      [
        'Rules.r.Locations[1] has neither EndpointReference nor RuleReference: give one of them.',
        'Rules.r.Locations[0] is not one place: give one of Continent, Country and IsDefault.',
        'Rules.r.Locations[1] is not one place: give one of Continent, Country and IsDefault.',
      ],
    ],
    [
      {
        StartRule: 'r',
        Endpoints,
        Rules: {
          r: {
            RuleType: 'geoproximity',
            GeoproximityLocations: [{ EndpointReference: 'first', Latitude: '91' }],
          },
        },
      },
      ['Rules.r.GeoproximityLocations[0].Latitude is "91": use degrees from -90 to 90.'],
    ],
    [
      { StartRule: 'r', Endpoints, Rules: { r: { RuleType: 'failover' } } },
      ['Rules.r has neither Primary nor Secondary: add both.'],
    ],
  ])('%j', (parts, expected) => {
    expect(mistakes(parts)).toEqual(expected);
  });

  it('also where it is no JSON', () => {
    const read = readTrafficPolicy('{ "RecordType": ');
    expect(read.type === 'invalid' && read.mistakes[0]).toMatch(/^The document is not JSON \(/);
  });
});
