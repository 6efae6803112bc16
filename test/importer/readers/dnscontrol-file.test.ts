import { describe, expect, it } from 'vitest';
import { dnsName } from '../../../lib/plan/names.ts';
import { declared, endpointsOf, leftOf, mistakesOf } from '../../support/declared.ts';

const PATH = 'ir.json';
const OTHERS =
  'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them';

function ir(...domains: readonly object[]): Readonly<Record<string, string>> {
  return { [PATH]: JSON.stringify({ registrars: [], dns_providers: [], domains }) };
}

function domain(records: readonly object[], more: object = {}) {
  return { name: 'example.com', registrar: 'none', dnsProviders: { r53: -1 }, records, ...more };
}

const ELB = { type: 'A', zone_id: 'Z35SXDOTRQ7X7K', evaluate_target_health: 'true' };

describe('the JSON of dnscontrol print-ir', () => {
  it('becomes a fleet file, and lists what is not in it', () => {
    const zone = declared(
      'dnscontrol',
      ir(
        domain(
          [
            { type: 'A', name: '@', target: '192.0.2.1', ttl: 300, filepos: '[line:3:5]' },
            { type: 'A', name: '@', target: '192.0.2.2', ttl: 300 },
            { type: 'AAAA', name: '@', target: '2001:db8::1', ttl: 300 },
            { type: 'CNAME', name: 'www', target: 'example.com.', ttl: 60 },
            { type: 'CNAME', name: 'short', target: 'www' },
            { type: 'CNAME', name: 'root', target: '@', ttl: 60 },
            { type: 'A', name: '*.apps', target: '192.0.2.9', ttl: 60 },
            { type: 'A', name: '*.apps', target: '192.0.2.8', ttl: 30 },
            { type: 'R53_ALIAS', name: 'shop', target: 'lb.us-east-1.elb.amazonaws.com.', r53_alias: ELB },
            { type: 'R53_ALIAS', name: 'shop', target: 'www.example.com.', r53_alias: { type: 'MX' } },
            { type: 'MX', name: '@', target: 'mx.example.com.', mxpreference: 10, ttl: 300 },
            { type: 'ALIAS', name: 'old', target: 'example.net.', ttl: 300 },
            { type: 'CF_REDIRECT', name: '@', target: 'a,b', ttl: 1 },
            { type: 'CNAME', name: 'odd', target: 'lb.example.net', ttl: 60 },
          ],
          { meta: { zone_id: 'Z0EXAMPLE' } },
        ),
      ),
    );
    expect(endpointsOf(zone)).toMatchInlineSnapshot(`
      "example.com:
        kind: addresses
        families: [A, AAAA]
        ttl_s: 300
        targets: [apex]
      www.example.com:
        kind: hostname
        ttl_s: 60
        targets: [www]
      short.example.com:
        kind: hostname
        ttl_s: 300
        targets: [short]
      root.example.com:
        kind: hostname
        ttl_s: 60
        targets: [root]
      # its A records have TTLs of 30, 60 s, and one set has one: this is the shortest
      '*.apps.example.com':
        kind: addresses
        families: [A]
        ttl_s: 30
        targets: [any-apps]
      shop.example.com:
        kind: alias
        families: [A]
        targets: [shop]"
    `);
    expect(zone.yaml).toContain('# What the zone example.com of ir.json (DNSControl) answers with: 6 names.');
    expect(zone.yaml).toContain('zone_id: Z0EXAMPLE');
    expect(leftOf(zone)).toEqual([
      'old.example.com ALIAS: Route 53 has no records of type ALIAS',
      'example.com CF_REDIRECT: Route 53 has no records of type CF_REDIRECT',
      'odd.example.com CNAME: its target "lb.example.net" is no name with a full stop behind it, as DNSControl wants it',
      `example.com MX: ${OTHERS}`,
      `shop.example.com MX: ${OTHERS}`,
    ]);
  });

  it('has a zone for each domain, and domains of one name by their ids', () => {
    const address = [{ type: 'A', name: '@', target: '192.0.2.1', ttl: 60 }];
    const files = ir(
      domain(address, { meta: { zone_id: 'Z0OUT' } }),
      domain(address, { tag: 'inside', meta: { zone_id: 'Z0IN' } }),
      domain(address, { name: 'example.net' }),
    );
    expect(mistakesOf('dnscontrol', files)).toEqual([
      'ir.json: 3 zones are declared: give one of example.com (Z0OUT), example.com!inside (Z0IN), example.net to --zone.',
    ]);
    expect(mistakesOf('dnscontrol', files, { name: dnsName('example.com') })).toEqual([
      'ir.json: 2 zones are declared: give one of example.com (Z0OUT), example.com!inside (Z0IN) to --zone.',
    ]);
    expect(mistakesOf('dnscontrol', files, { name: dnsName('example.org') })).toEqual([
      'ir.json: The zone example.org is not declared: give one of example.com (Z0OUT), example.com!inside (Z0IN), example.net to --zone.',
    ]);
    const wanted = { name: dnsName('example.com'), id: 'Z0IN' };
    expect(declared('dnscontrol', files, wanted).yaml).toContain('zone_id: Z0IN\n');
    const tagged = (tag: string) => declared('dnscontrol', files, { name: dnsName('example.com'), tag }).yaml;
    expect(tagged('inside')).toContain('zone_id: Z0IN\n');
    expect(tagged('')).toContain('zone_id: Z0OUT\n');
    expect(declared('dnscontrol', files, { name: dnsName('example.net'), id: 'Z0NET' }).yaml).toContain(
      'zone_id: Z0NET\n',
    );
  });

  it('has names beyond ASCII as DNS has them', () => {
    const records = [{ type: 'CNAME', name: '*.müller', target: 'bücher.example.net.', ttl: 60 }];
    const zone = declared('dnscontrol', ir(domain(records, { name: 'köln.test!in' })));
    expect(zone.cells).toEqual([
      { cell: 'xn-kln-sna-test', endpoints: ['*.xn--mller-kva.xn--kln-sna.test'] },
    ]);
    expect(zone.fleets[0]?.targets[0]?.hostname).toBe('xn--bcher-kva.example.net');
  });

  it('of print-ir --raw lists what is not resolved', () => {
    const raw = { rawrecords: [{ type: 'CLOUDFLAREAPI_SINGLE_REDIRECT', args: [] }] };
    expect(leftOf(declared('dnscontrol', ir(domain([], raw))))).toEqual([
      'example.com CLOUDFLAREAPI_SINGLE_REDIRECT: it is not resolved yet: give what "dnscontrol print-ir" prints without --raw',
    ]);
  });

  it.each([
    [
      '{',
      "ir.json: The file is not JSON (Expected property name or '}' in JSON at position 1 (line 1 column 2)): give it as the tool printed it.",
    ],
    ['[]', 'ir.json: The file is a list: use the JSON that "dnscontrol print-ir" prints.'],
    ['{}', 'ir.json: The file has no domains: add a list of domains.'],
    [
      '{"domains": [{"name": "a.test", "records": [{"type": "A"}]}]}',
      'ir.json: domains[0].records[0] has no name: add a name without the domain, or @.',
    ],
    [
      '{"domains": [{"name": "a.test", "records": [{"type": "A", "name": "a..b"}]}]}',
      'ir.json: The name "a..b" of a.test is no DNS name: it has an empty label.',
    ],
    [
      '{"domains": [{"name": "a b.test"}]}',
      'ir.json: The domain "a b.test" is no DNS name: the label "a b" has a character that a name cannot hold as it is.',
    ],
    ['{"domains": []}', 'ir.json: No zone is declared: check that it is the right file.'],
  ])('with the mistake %j says so in a sentence', (text, sentence) => {
    expect(mistakesOf('dnscontrol', { [PATH]: text })).toEqual([sentence]);
  });
});
