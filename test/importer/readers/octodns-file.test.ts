import { describe, expect, it } from 'vitest';
import { dnsName } from '../../../lib/plan/names.ts';
import { declared, endpointsOf, leftOf, mistakesOf } from '../../support/declared.ts';

const PATH = 'zones/example.com.yaml';
const OTHERS =
  'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them';

function octodns(text: string, wanted = {}) {
  return declared('octodns', { [PATH]: text }, wanted);
}

const POOLS = `
shop:
  type: A
  ttl: 60
  values: [192.0.2.1]
  dynamic:
    pools:
      eu:
        fallback: us
        values:
          - {value: 192.0.2.11, weight: 2}
          - {value: 192.0.2.12}
      us:
        values:
          - {value: 192.0.2.21, status: up}
          - {value: 192.0.2.22, status: down}
    rules:
      - {pool: eu, geos: [EU, AF-ZA]}
      - {pool: us, geos: [NA-US-CA]}
      - {pool: us}
  octodns:
    healthcheck: {host: probe.example.com, path: /ready, port: 8443}
`;

describe('an OctoDNS file', () => {
  it('with plain records becomes endpoints, and lists the others', () => {
    const zone = octodns(`
? ''
: - type: A
    values: [192.0.2.2, 192.0.2.1]
    ttl: 300
  - {type: AAAA, value: '2001:db8::1', ttl: 300}
  - {type: MX, values: [{exchange: mx.example.com., preference: 10}]}
  - {type: NS, values: [ns1.example.net.]}
'*.apps': {type: CNAME, value: lb.example.net.}
sub: {type: NS, values: [ns1.example.org.]}
host.sub: {type: A, value: 192.0.2.9, ttl: 60}
secret: {type: TXT, value: hello, octodns: {ignored: true}}
`);
    expect(zone.zone).toBe('example.com');
    expect(endpointsOf(zone)).toMatchInlineSnapshot(`
      "example.com:
        kind: addresses
        families: [A, AAAA]
        ttl_s: 300
        targets: [apex]
      # its file says no TTL: this is OctoDNS's default of 3600 s
      '*.apps.example.com':
        kind: hostname
        ttl_s: 3600
        targets: [any-apps]"
    `);
    expect(leftOf(zone)).toEqual([
      'secret.example.com TXT: octodns.ignored is true: OctoDNS has no such record',
      `example.com MX: ${OTHERS}`,
      'sub.example.com NS: it delegates the name to other name servers',
      'host.sub.example.com A: it is in sub.example.com, which is delegated to other name servers',
    ]);
    expect(zone.yaml).toContain(
      '# What the zone example.com of zones/example.com.yaml (OctoDNS) answers with: 2 names.',
    );
  });

  it('with pools and rules becomes a route with weights, standbys and fallbacks', () => {
    const zone = octodns(POOLS);
    expect(endpointsOf(zone)).toMatchInlineSnapshot(`
      "# OctoDNS checks its targets (HTTPS for probe.example.com/ready at port 8443); the id of a check is not in its file: give each target its health_check_id, or it counts as healthy
      shop.example.com:
        kind: addresses
        families: [A]
        ttl_s: 60
        route:
          geolocation:
            default: { targets: [shop-eu-secondary-primary-us-000, shop-eu-secondary-primary-us-001], standby: [shop-eu-secondary-secondary] }
            EU:
              failover:
                primary: { targets: [shop-eu-primary-eu-000, shop-eu-primary-eu-001] }
                secondary: { targets: [shop-eu-secondary-primary-us-000, shop-eu-secondary-primary-us-001], standby: [shop-eu-secondary-secondary] }
            US-CA: { targets: [shop-eu-secondary-primary-us-000, shop-eu-secondary-primary-us-001], standby: [shop-eu-secondary-secondary] }
            ZA:
              failover:
                primary: { targets: [shop-eu-primary-eu-000, shop-eu-primary-eu-001] }
                secondary: { targets: [shop-eu-secondary-primary-us-000, shop-eu-secondary-primary-us-001], standby: [shop-eu-secondary-secondary] }"
    `);
    const targets = zone.fleets[0]?.targets.map(({ id, capacity, health, ipv4 }) => [
      id,
      capacity,
      health,
      ipv4,
    ]);
    expect(targets).toEqual([
      ['shop-eu-primary-eu-000', 2, 'healthy', ['192.0.2.11']],
      ['shop-eu-primary-eu-001', 1, 'healthy', ['192.0.2.12']],
      ['shop-eu-secondary-primary-us-000', 1, 'healthy', ['192.0.2.21']],
      ['shop-eu-secondary-primary-us-001', 1, 'unhealthy', ['192.0.2.22']],
      ['shop-eu-secondary-secondary', 1, 'healthy', ['192.0.2.1']],
    ]);
    expect(leftOf(zone)).toEqual([]);
  });

  it('with pools at a wildcard answers as those at a name do', () => {
    const wild = octodns(POOLS.replace('shop:', "'*.shop':"));
    expect(endpointsOf(wild).replaceAll('any-shop', 'shop')).toContain(
      endpointsOf(octodns(POOLS)).split('route:')[1]?.trim() ?? 'nothing',
    );
  });

  it('with the older geo key becomes a geolocation', () => {
    const zone = octodns(`
'': {type: A, ttl: 60, value: 192.0.2.1, geo: {EU: [192.0.2.2], AS-JP: [192.0.2.3], NA-US-CA: [192.0.2.4]}}
`);
    expect(endpointsOf(zone)).toContain(`
  route:
    geolocation:
      default: { targets: [apex-default] }
      EU: { targets: [apex-eu] }
      JP: { targets: [apex-jp] }
      US-CA: { targets: [apex-us-ca] }`);
  });

  it('with aliases of Route 53 becomes an endpoint of aliases', () => {
    const text = `
'':
  type: Route53Provider/ALIAS
  values:
    - {type: A, name: lb.eu-west-1.elb.amazonaws.com., hosted-zone-id: Z32O12XQLNTSW2, evaluate-target-health: true}
    - {type: AAAA, name: lb.eu-west-1.elb.amazonaws.com., hosted-zone-id: Z32O12XQLNTSW2, evaluate-target-health: true}
www: {type: Route53Provider/ALIAS, value: {type: A, name: ''}}
old: {type: ALIAS, value: example.net.}
`;
    const zone = octodns(text);
    expect(zone.fleets[0]?.targets).toMatchObject([
      { id: 'apex', alias: { zoneId: 'Z32O12XQLNTSW2', evaluateTargetHealth: true } },
    ]);
    expect(leftOf(zone)).toEqual([
      'old.example.com ALIAS: Route 53 has no records of type ALIAS',
      'www.example.com A: it is an alias to a name of its own zone, whose id is not known: give it to --zone-id',
    ]);
    const known = octodns(text, { id: 'Z0EXAMPLE' });
    expect(known.fleets[0]?.targets.map(({ id, alias }) => [id, alias?.zoneId, alias?.name])).toEqual([
      ['apex', 'Z32O12XQLNTSW2', 'lb.eu-west-1.elb.amazonaws.com'],
      ['www', 'Z0EXAMPLE', 'example.com'],
    ]);
    expect(known.yaml).toContain('zone_id: Z0EXAMPLE\n');
  });

  it('leaves what no fleet file can say, and the rest of its name', () => {
    const pools = (rules: string, values = '[{value: 192.0.2.1}]', more = '') =>
      `{type: A, ttl: 60, dynamic: {pools: {one: {values: ${values}${more}}}, rules: [${rules}]}}`;
    const zone = octodns(`
subnets:
  - ${pools('{pool: one, subnets: [10.0.0.0/8]}')}
  - {type: AAAA, ttl: 60, value: '2001:db8::1'}
unknown: ${pools('{pool: two}')}
lost: ${pools('{pool: one}', '[{value: 192.0.2.1}]', ', fallback: three')}
down: ${pools('{pool: one}', '[{value: 192.0.2.1, status: down}]')}
empty: {type: A, values: []}
some: {type: CNAME, value: example.net., octodns: {included: [ns1]}}
both: [{type: CNAME, value: example.net., ttl: 60}, {type: A, value: 192.0.2.1, ttl: 60}]
twice: [{type: A, value: 192.0.2.2, ttl: 60}, {type: A, value: 192.0.2.1, ttl: 60}]
stays: {type: A, value: 192.0.2.1, ttl: 60}
`);
    expect(zone.cells).toEqual([{ cell: 'example-com', endpoints: ['stays.example.com'] }]);
    expect(leftOf(zone)).toEqual([
      'subnets.example.com A: its rule 1 goes by subnets, and the file has no id of the CIDR collection that OctoDNS makes of them',
      'unknown.example.com A: its rule 1 names the pool "two", which is not there',
      'lost.example.com A: its pool "one" falls back to "three", which is not there',
      'down.example.com A: all values of its pool "one" are down, and a set of targets needs one that is not',
      'empty.example.com A: it has no value',
      'some.example.com CNAME: octodns.included goes by the names of providers, and the file does not say which of them is Route 53',
      'both.example.com CNAME: it has a CNAME record and records of other types (CNAME, A), which exclude each other',
      'both.example.com A: it has a CNAME record and records of other types (CNAME, A), which exclude each other',
      'twice.example.com A: it is declared more than once, and not all of them have a set identifier',
      "subnets.example.com AAAA: an endpoint is all of a name's addresses, and its A record cannot be described",
    ]);
  });

  it('has names beyond ASCII as DNS has them', () => {
    const zone = declared('octodns', { 'köln.test.yaml': 'müller: {type: A, ttl: 60, value: 192.0.2.1}' });
    expect(zone.cells).toEqual([{ cell: 'xn-kln-sna-test', endpoints: ['xn--mller-kva.xn--kln-sna.test'] }]);
  });

  it.each(['./example.com.yaml', '../example.com.yaml', './../zones/./example.com.yaml'])(
    'has its zone from its name at %s',
    (path) => {
      const zone = declared('octodns', { [path]: 'www: {type: A, ttl: 60, value: 192.0.2.1}' });
      expect(zone.zone).toBe('example.com');
    },
  );

  it('in pieces is one zone', () => {
    const zone = declared('octodns', {
      'zones/example.com./$example.com.yaml': "'': {type: A, ttl: 60, value: 192.0.2.1}",
      'zones/example.com./www.yaml': 'www: {type: A, ttl: 60, value: 192.0.2.2}',
      'zones/example.com./empty.yaml': '',
    });
    expect(zone.cells).toEqual([{ cell: 'example-com', endpoints: ['example.com', 'www.example.com'] }]);
  });

  it('is described for the names that someone asks for', () => {
    const zone = declared(
      'octodns',
      { [PATH]: `${POOLS}\nwww: {type: A, ttl: 60, value: 192.0.2.2}\nmail: {type: ALIAS, value: a.b.}` },
      {},
      { names: [dnsName('shop.example.com')] },
    );
    expect(zone.cells).toEqual([{ cell: 'example-com', endpoints: ['shop.example.com'] }]);
    expect(zone.unexpressed).toEqual([]);
  });
});

describe('a mistake in an OctoDNS file', () => {
  it.each([
    [
      'www: {type: A, ttl: soon, value: 192.0.2.1}',
      `${PATH}:1:21: www.ttl is "soon": use whole seconds from 0 to 2,147,483,647.`,
    ],
    ['www:\n  ttl: 60\n', `${PATH}:1:1: www has no type: add a record type, such as A.`],
    [
      'www:\n  - type: A\n    value: {}\n',
      `${PATH}:3:5: www[0].value is a map: use a list of addresses or names.`,
    ],
    [
      'www..x: {type: A, value: 192.0.2.1}',
      `${PATH}:1:1: The name "www..x" cannot stand in the zone example.com: it has an empty label.`,
    ],
    ['- a\n', `${PATH}:1:1: The file is a list: give a map of names with their records.`],
    [
      'www: !include other.yaml\n',
      `${PATH}:1:1: This line includes another file (!include): give the zone as octodns-dump writes it.`,
    ],
    [
      'www: {type: A',
      `${PATH}:1:14: This is not valid YAML (Flow map in block collection must be sufficiently indented and end with a }): check the indentation, colons and quotes here.`,
    ],
    [
      'a: {type: A, dynamic: {pools: {p: {values: [{weight: 1}]}}, rules: [{pool: p}]}}',
      `${PATH}:1:45: a.dynamic.pools.p.values[0] has no value: add an address or a name.`,
    ],
  ])('%j has its place and one sentence', (text, sentence) => {
    expect(mistakesOf('octodns', { [PATH]: text })).toEqual([sentence]);
  });

  it('may be its name', () => {
    expect(mistakesOf('octodns', { 'zones/production.yaml': '' })).toEqual([
      "zones/production.yaml: The file's name is no zone's: call it as OctoDNS does (example.com.yaml), or give the zone's name to --zone.",
    ]);
    expect(mistakesOf('octodns', { 'a.test.yaml': '', 'b.test.yaml': '' })).toEqual([
      'a.test.yaml, b.test.yaml: 2 zones are declared: give one of a.test, b.test to --zone.',
    ]);
  });
});
