import { describe, expect, it } from 'vitest';
import { dnsName } from '../../../lib/plan/names.ts';
import { declared, endpointsOf, leftOf, mistakesOf } from '../../support/declared.ts';

const PATH = 'state.json';
const OTHERS =
  'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them';
const ZONE = {
  address: 'aws_route53_zone.main',
  mode: 'managed',
  type: 'aws_route53_zone',
  values: { name: 'example.com', zone_id: 'Z0EXAMPLE', id: 'Z0EXAMPLE', force_destroy: false },
};

/** A record as the provider of today writes it: every block is a list, and what is not there is null or empty. */
function record(name: string, more: object, address = `aws_route53_record.${name}`) {
  return {
    ...{ address, mode: 'managed', type: 'aws_route53_record' },
    values: {
      ...{ name, type: 'A', zone_id: 'Z0EXAMPLE', ttl: 60, records: null, set_identifier: '' },
      ...{ health_check_id: '', alias: [], multivalue_answer_routing_policy: null },
      ...{ weighted_routing_policy: [], latency_routing_policy: [], failover_routing_policy: [] },
      ...{ geolocation_routing_policy: [], geoproximity_routing_policy: [], cidr_routing_policy: [] },
      fqdn: name.endsWith('example.com') ? name : `${name}.example.com`,
      ...more,
    },
  };
}

function state(resources: readonly object[], children: readonly object[] = []) {
  const root_module = { resources, child_modules: children };
  return {
    [PATH]: JSON.stringify({ format_version: '1.0', terraform_version: '1.9.0', values: { root_module } }),
  };
}

describe('what terraform show -json prints of a state', () => {
  it('becomes a fleet file, with every routing policy and from every module', () => {
    const one = (value: string) => ({ records: [value] });
    const child = {
      address: 'module.edge',
      resources: [
        record('deep.example.com', { ...one('192.0.2.50') }, 'module.edge.aws_route53_record.deep'),
      ],
      child_modules: [
        {
          address: 'module.edge.module.in',
          resources: [record('deeper', one('192.0.2.51'), 'module.edge.module.in.aws_route53_record.deeper')],
        },
      ],
    };
    const lb = {
      name: 'lb.us-east-1.elb.amazonaws.com',
      zone_id: 'Z35SXDOTRQ7X7K',
      evaluate_target_health: true,
    };
    const zone = declared(
      'terraform',
      state(
        [
          ZONE,
          record('example.com', { type: 'MX', records: ['10 mx.example.com.'] }, 'aws_route53_record.mx'),
          record(
            'api',
            {
              ...one('192.0.2.1'),
              set_identifier: 'blue',
              weighted_routing_policy: [{ weight: 90 }],
              health_check_id: 'abc-1',
            },
            'aws_route53_record.api["blue"]',
          ),
          record(
            'api',
            { ...one('192.0.2.2'), set_identifier: 'green', weighted_routing_policy: [{ weight: 10 }] },
            'aws_route53_record.api["green"]',
          ),
          record('near', {
            ...one('192.0.2.3'),
            set_identifier: 'eu',
            latency_routing_policy: [{ region: 'eu-west-1' }],
          }),
          record('near', {
            ...one('192.0.2.4'),
            set_identifier: 'us',
            latency_routing_policy: [{ region: 'us-east-1' }],
          }),
          record('geo', {
            ...one('192.0.2.5'),
            set_identifier: 'all',
            geolocation_routing_policy: [{ continent: '', country: '*', subdivision: '' }],
          }),
          record('geo', {
            ...one('192.0.2.6'),
            set_identifier: 'ca',
            geolocation_routing_policy: [{ continent: '', country: 'US', subdivision: 'CA' }],
          }),
          record('geo', {
            ...one('192.0.2.7'),
            set_identifier: 'eu',
            geolocation_routing_policy: [{ continent: 'EU', country: '', subdivision: '' }],
          }),
          record('point', {
            ...one('192.0.2.8'),
            set_identifier: 'a',
            geoproximity_routing_policy: [
              { aws_region: 'eu-west-1', bias: 10, coordinates: [], local_zone_group: '' },
            ],
          }),
          record('point', {
            ...one('192.0.2.9'),
            set_identifier: 'b',
            geoproximity_routing_policy: [
              {
                aws_region: '',
                bias: null,
                coordinates: [{ latitude: '53.35', longitude: '-6.26' }],
                local_zone_group: '',
              },
            ],
          }),
          record('fail', {
            ...one('192.0.2.10'),
            set_identifier: 'p',
            failover_routing_policy: [{ type: 'PRIMARY' }],
            health_check_id: 'abc-2',
          }),
          record('fail', {
            ...one('192.0.2.11'),
            set_identifier: 's',
            failover_routing_policy: [{ type: 'SECONDARY' }],
          }),
          record('net', {
            ...one('192.0.2.12'),
            set_identifier: 'o',
            cidr_routing_policy: [
              { collection_id: '01234567-89ab-cdef-0123-456789abcdef', location_name: 'office' },
            ],
          }),
          record('net', {
            ...one('192.0.2.13'),
            set_identifier: 'd',
            cidr_routing_policy: [
              { collection_id: '01234567-89ab-cdef-0123-456789abcdef', location_name: '*' },
            ],
          }),
          record('many', {
            ...one('192.0.2.14'),
            set_identifier: 'm1',
            multivalue_answer_routing_policy: true,
          }),
          record('many', {
            ...one('192.0.2.15'),
            set_identifier: 'm2',
            multivalue_answer_routing_policy: true,
          }),
          record('shop', { ttl: null, alias: [lb] }),
          record('own', {
            ttl: 0,
            alias: [{ ...lb, name: 'api.example.com', zone_id: 'Z0EXAMPLE', evaluate_target_health: false }],
          }),
          record('local', {
            ...one('192.0.2.16'),
            set_identifier: 'l',
            geoproximity_routing_policy: [{ local_zone_group: 'us-east-1-bue-1' }],
          }),
        ],
        [child],
      ),
    );
    expect(endpointsOf(zone)).toMatchInlineSnapshot(`
      "api.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        targets: [api-blue, api-green]
      near.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        route:
          latency:
            eu-west-1: { targets: [near-eu-west-1] }
            us-east-1: { targets: [near-us-east-1] }
      geo.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        route:
          geolocation:
            default: { targets: [geo-default] }
            EU: { targets: [geo-eu] }
            US-CA: { targets: [geo-us-ca] }
      point.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        route:
          geoproximity:
            a: { region: eu-west-1, bias: 10, targets: [point-a] }
            b: { coordinates: [53.35, -6.26], targets: [point-b] }
      fail.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        targets: [fail-primary]
        standby: [fail-secondary]
      net.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        route:
          cidr:
            collection: '01234567-89ab-cdef-0123-456789abcdef'
            locations:
              default: { targets: [net-default] }
              office: { targets: [net-office] }
      many.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        route:
          targets: [many-m1, many-m2]
          answer: multivalue
      shop.example.com:
        kind: alias
        families: [A]
        targets: [shop]
      own.example.com:
        kind: alias
        families: [A]
        targets: [own]
      deep.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        targets: [deep]
      deeper.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        targets: [deeper]"
    `);
    expect(zone.fleets[0]?.targets.map(({ id, healthCheckId }) => [id, healthCheckId])).toContainEqual([
      'api-blue',
      'abc-1',
    ]);
    expect(leftOf(zone)).toEqual([
      `example.com MX: ${OTHERS}`,
      'local.example.com A: it is routed by geoproximity in a way that no fleet file can say ({"LocalZoneGroup":"us-east-1-bue-1"})',
    ]);
  });

  it('has a zone by its name or its id, and one that nothing names by what a person says', () => {
    const other = {
      ...ZONE,
      address: 'data.aws_route53_zone.b',
      mode: 'data',
      values: { name: 'example.net.', zone_id: 'Z0NET' },
    };
    const www = { records: ['192.0.2.1'], name: 'www', fqdn: null };
    const two = state([
      ZONE,
      other,
      record('www', www),
      record('www', { ...www, zone_id: 'Z0NET' }, 'aws_route53_record.net'),
    ]);
    expect(mistakesOf('terraform', two)).toEqual([
      'state.json: 2 zones are declared: give one of example.com (Z0EXAMPLE), example.net (Z0NET) to --zone.',
    ]);
    expect(declared('terraform', two, { id: 'Z0NET' }).cells).toEqual([
      { cell: 'example-net', endpoints: ['www.example.net'] },
    ]);
    const unnamed = state([record('www', www)]);
    expect(mistakesOf('terraform', unnamed)).toEqual([
      'state.json: Records of the zone Z0EXAMPLE are there and its name is not: give the name to --zone, and the id to --zone-id.',
    ]);
    expect(declared('terraform', unnamed, { name: dnsName('example.org') }).cells).toEqual([
      { cell: 'example-org', endpoints: ['www.example.org'] },
    ]);
  });
});

describe('what terraform show -json prints of a plan', () => {
  it('becomes what will be there, and lists what is not known yet', () => {
    const unknown = (name: string, more: object) => ({
      ...record(name, {}),
      values: { name, type: 'A', ttl: 60, ...more },
    });
    const root_module = {
      resources: [
        { ...ZONE, values: { name: 'example.com' } },
        unknown('www.example.com', { records: ['192.0.2.1'] }),
        unknown('api.example.com', {}),
        unknown('shop.example.com', { alias: [{ evaluate_target_health: true }] }),
        { address: 'aws_lb.shop', mode: 'managed', type: 'aws_lb', values: { name: 'shop' } },
      ],
    };
    const zone = declared('terraform', {
      [PATH]: JSON.stringify({ format_version: '1.2', planned_values: { root_module } }),
    });
    expect(zone.cells).toEqual([{ cell: 'example-com', endpoints: ['www.example.com'] }]);
    expect(leftOf(zone)).toEqual([
      'api.example.com A: what it answers is not known before it is applied',
      'shop.example.com A: what it is an alias to is not known before it is applied',
    ]);
  });

  it('finds the zone that it read in the state before', () => {
    const data = { ...ZONE, address: 'data.aws_route53_zone.main', mode: 'data' };
    const shown = {
      format_version: '1.2',
      planned_values: { root_module: { resources: [record('www', { records: ['192.0.2.1'] })] } },
      prior_state: { format_version: '1.0', values: { root_module: { resources: [data] } } },
    };
    expect(declared('terraform', { [PATH]: JSON.stringify(shown) }).zone).toBe('example.com');
  });
});

describe('a mistake in what terraform show -json prints', () => {
  it.each([
    [
      '{',
      "state.json: The file is not JSON (Expected property name or '}' in JSON at position 1 (line 1 column 2)): give it as the tool printed it.",
    ],
    [
      '{"version": 4, "resources": []}',
      'state.json: The file has no format_version: add what "terraform show -json" prints.',
    ],
    [
      state([ZONE, record('www', { ttl: 'soon' })])[PATH] ?? '',
      'state.json: aws_route53_record.www: ttl is "soon": use whole seconds from 0 to 2,147,483,647.',
    ],
    [
      state([ZONE, record('www', { weighted_routing_policy: [{}] })])[PATH] ?? '',
      'state.json: aws_route53_record.www: weighted_routing_policy[0] has no weight: add a whole number from 0 to 255.',
    ],
    ['{"format_version": "1.0"}', 'state.json: No zone is declared: check that it is the right file.'],
    [
      JSON.stringify({
        format_version: '1.2',
        planned_values: {
          root_module: {
            resources: [{ ...record('www', {}), values: { name: 'www', type: 'A', records: ['192.0.2.1'] } }],
          },
        },
      }),
      'state.json: The zone of aws_route53_record.www is not known before it is applied: give its name to --zone.',
    ],
  ])('has its place and one sentence (%#)', (text, sentence) => {
    expect(mistakesOf('terraform', { [PATH]: text })).toEqual([sentence]);
  });
});
