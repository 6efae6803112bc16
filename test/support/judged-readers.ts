import { describeDeclared } from '../../lib/importer/readers/describe-declared.ts';
import type { Tool } from '../../lib/importer/readers/read-declared.ts';
import { readDeclared } from '../../lib/importer/readers/read-declared.ts';

/** A file of a tool, and lines of the fleet file that it must become. */
interface JudgedFile {
  readonly tool: Tool;
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** What must not be an endpoint. */
  readonly notThere?: string;
}

const PLACES = `api:
  type: A
  ttl: 60
  values: [192.0.2.9]
  dynamic:
    pools:
      all: {values: [{value: 192.0.2.1}, {value: 192.0.2.2, status: down}]}
      eu: {fallback: all, values: [{value: 192.0.2.3, weight: 7}, {value: 192.0.2.4}]}
    rules: [{pool: eu, geos: [NA-US-CA]}, {pool: all}]
twice: [{type: A, ttl: 60, value: 192.0.2.5}, {type: AAAA, ttl: 60, value: '::1'}, {type: A, ttl: 60, value: 192.0.2.6}]
`;

const IR = {
  domains: [
    {
      name: 'example.com',
      records: [
        { type: 'A', name: '@', target: '192.0.2.1', ttl: 300 },
        { type: 'A', name: '@', target: '192.0.2.2', ttl: 45 },
        { type: 'CNAME', name: 'www', target: 'api', ttl: 60 },
        { type: 'CNAME', name: 'root', target: '@', ttl: 60 },
        {
          ...{ type: 'R53_ALIAS', name: 'shop', target: 'lb.us-east-1.elb.amazonaws.com.' },
          r53_alias: { type: 'A', zone_id: 'Z35SXDOTRQ7X7K', evaluate_target_health: 'true' },
        },
      ],
    },
  ],
};

function resource(name: string, values: object) {
  return {
    ...{ address: `aws_route53_record.${name}`, mode: 'managed', type: 'aws_route53_record' },
    values: { name, type: 'A', ttl: 60, zone_id: 'Z0EXAMPLE', ...values },
  };
}

const STATE = {
  format_version: '1.0',
  values: {
    root_module: {
      resources: [
        {
          ...{ address: 'aws_route53_zone.main', type: 'aws_route53_zone' },
          values: { name: 'example.com', zone_id: 'Z0EXAMPLE' },
        },
        resource('api', {
          ...{ records: ['192.0.2.1'], set_identifier: 'a', health_check_id: 'abc-1' },
          weighted_routing_policy: [{ weight: 90 }],
        }),
        resource('api', {
          ...{ records: ['192.0.2.2'], set_identifier: 'b', health_check_id: '' },
          weighted_routing_policy: [{ weight: 10 }],
        }),
        resource('geo', {
          ...{ records: ['192.0.2.3'], set_identifier: 'x' },
          geolocation_routing_policy: [{ country: '*' }],
        }),
        resource('geo', {
          ...{ records: ['192.0.2.4'], set_identifier: 'y' },
          geolocation_routing_policy: [{ country: 'US', subdivision: 'CA' }],
        }),
      ],
      child_modules: [{ resources: [resource('deep', { records: ['192.0.2.5'] })] }],
    },
  },
};

export const JUDGED_FILES: readonly JudgedFile[] = [
  {
    ...{ tool: 'octodns', path: 'example.com.yaml', text: PLACES },
    notThere: 'twice.example.com:',
    lines: [
      'api-us-ca-primary-eu-000: { az: unknown, capacity: 7, ipv4: 192.0.2.3 }',
      'api-us-ca-secondary-primary-all-001: { az: unknown, capacity: 1, health: unhealthy, ipv4: 192.0.2.2 } # weight 0: it gets no traffic',
      'primary: { targets: [api-us-ca-primary-eu-000, api-us-ca-primary-eu-001] }',
      'secondary: { targets: [api-us-ca-secondary-primary-all-000, api-us-ca-secondary-primary-all-001], standby: [api-us-ca-secondary-secondary] }',
      'US-CA:',
      '#   twice.example.com A: it is declared more than once, and not all of them have a set identifier',
      "#   twice.example.com AAAA: an endpoint is all of a name's addresses, and its A record cannot be described",
    ],
  },
  {
    ...{ tool: 'dnscontrol', path: 'ir.json', text: JSON.stringify(IR) },
    lines: [
      'apex: { az: unknown, capacity: 1, ipv4: [192.0.2.1, 192.0.2.2] }',
      "www: { az: unknown, capacity: 1, hostname: 'api.example.com.' }",
      "root: { az: unknown, capacity: 1, hostname: 'example.com.' }",
      'shop: { az: unknown, capacity: 1, alias: { zone_id: Z35SXDOTRQ7X7K, name: lb.us-east-1.elb.amazonaws.com, evaluate_target_health: true } }',
      '# its A records have TTLs of 45, 300 s, and one set has one: this is the shortest',
      'ttl_s: 45',
    ],
  },
  {
    ...{ tool: 'terraform', path: 'state.json', text: JSON.stringify(STATE) },
    lines: [
      "api-a: { az: unknown, capacity: 90, ipv4: 192.0.2.1, health_check_id: 'abc-1' }",
      'api-b: { az: unknown, capacity: 10, ipv4: 192.0.2.2 }',
      'US-CA: { targets: [geo-us-ca] }',
      'deep.example.com:',
    ],
  },
  {
    ...{ tool: 'bind', path: 'db' },
    text: `$ORIGIN example.com.
$TTL 1h
@ SOA ns me 1 2 3 4 5
1host A 192.0.2.1
      A 192.0.2.2 ; the second
$ORIGIN sub
api 90 IN AAAA ( 2001:db8::1 )
www CNAME api
`,
    lines: [
      "'1host': { az: unknown, capacity: 1, ipv4: [192.0.2.1, 192.0.2.2] }",
      "www-sub: { az: unknown, capacity: 1, hostname: 'api.sub.example.com.' }",
      'ttl_s: 3600',
      'ttl_s: 90',
      'api.sub.example.com:',
    ],
  },
];

/** @throws Error with the first file that does not become what it must. */
export function judgeReaders(): void {
  for (const { tool, path, text, lines, notThere = '-' } of JUDGED_FILES) {
    const read = readDeclared(tool, [{ path, text }], {});
    if (read.type === 'invalid') throw new Error(`${tool}: ${read.mistakes.join(' ')}`);
    const { yaml = '' } = describeDeclared(read.zone, { origin: read.origin });
    const written = new Set(yaml.split('\n').map((line) => line.trim()));
    for (const line of lines) if (!written.has(line)) throw new Error(`${tool} lacks "${line}":\n${yaml}`);
    if (written.has(notThere)) throw new Error(`${tool} has "${notThere}":\n${yaml}`);
  }
}
