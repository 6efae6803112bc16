import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { asciiName } from '../../lib/importer/readers/idn-name.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Declared } from '../support/declared.ts';
import { declared, leftOf, mistakesOf } from '../support/declared.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { foreignFile } from './foreign-files.ts';

const run = promisify(execFile);
const _ZONE_FILE_WALK = fileURLToPath(new URL('zone_file_walk.py', import.meta.url));
const OTHER_TYPES = /^\S+ (?!A:|AAAA:|CNAME:)/;

async function read(...path: readonly string[]): Promise<string> {
  return await readFile(foreignFile(...path), 'utf8');
}

/** What clients get, without what targets are called. */
function answers({ fleets }: Declared): readonly unknown[] {
  return fleets.flatMap(({ endpoints, targets }: CellFleet) => {
    const named = new Map(targets.map((target) => [target.id, { ...target, id: '' }]));
    return endpoints.map(({ name, ttl, targets: ids }) => ({
      name,
      ttl,
      targets: ids.map((id) => named.get(id)),
    }));
  });
}

describe("OctoDNS's own test configurations", () => {
  it('are read: pools, rules and fallbacks as routes', async () => {
    const zone = declared('octodns', { 'dynamic.tests.yaml': await read('octodns', 'dynamic.tests.yaml') });
    expect(leftOf(zone)).toEqual([]);
    const routes = zone.fleets[0]?.endpoints.map(({ name, route }) => [
      name,
      route?.type === 'branches' ? route.branches.map(({ id }) => id) : undefined,
    ]);
    const regions = ['default', 'eu', 'gb', 'us-ca', 'us-nc', 'us-or', 'us-wa'];
    expect(routes).toEqual([
      ['a.dynamic.tests', regions],
      ['aaaa.dynamic.tests', regions],
      ['cname.dynamic.tests', regions],
      ['pool-only-in-fallback.dynamic.tests', ['default', 'sg', 'us']],
      [
        'real-ish-a.dynamic.tests',
        ['cn', 'continent-af', 'default', 'eu', 'us-ca', 'us-nc', 'us-or', 'us-wa'],
      ],
      ['simple-weighted.dynamic.tests', ['default']],
    ]);
  });

  it('are read: every type, of which the others are listed', async () => {
    const zone = declared('octodns', { 'unit.tests.yaml': await read('octodns', 'unit.tests.yaml') });
    expect(zone.cells[0]?.endpoints).toEqual([
      'unit.tests',
      'aaaa.unit.tests',
      'cname.unit.tests',
      'www.unit.tests',
    ]);
    const ours = leftOf(zone).filter((line) => !OTHER_TYPES.test(line));
    expect(ours.map((line) => line.split(':')[0])).toEqual([
      'excluded.unit.tests CNAME',
      'ignored.unit.tests A',
      'included.unit.tests CNAME',
      'www.sub.unit.tests A',
    ]);
    expect(leftOf(zone).length - ours.length).toBe(16);
  });

  it('are read: a zone in many files', async () => {
    const folder = 'unit.tests.tst';
    const names = await readdir(foreignFile('octodns', 'split', folder));
    const files = await Promise.all(
      names.map(async (name) => [`${folder}/${name}`, await read('octodns', 'split', folder, name)] as const),
    );
    const split = declared('octodns', Object.fromEntries(files), { name: dnsName('unit.tests') });
    const whole = declared('octodns', { 'unit.tests.yaml': await read('octodns', 'unit.tests.yaml') });
    expect(answers(split)).toEqual(answers(whole));
  });

  it('that include others say so with their line', async () => {
    const main = await read('octodns', 'include', 'main.yaml');
    const found = mistakesOf('octodns', { 'main.test.yaml': main });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^main\.test\.yaml:\d+:1: This line includes another file \(!include\): give the zone as octodns-dump writes it\.$/,
    );
  });
});

describe("DNSControl's own tests", () => {
  it('answer alike whether their JSON or their zone file is read', async () => {
    const compared: string[] = [];
    const others: string[] = [];
    for (const entry of await readdir(foreignFile('dnscontrol'), { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === 'complexImports') continue;
      const json = await read('dnscontrol', `${entry.name}.json`);
      for (const file of await readdir(foreignFile('dnscontrol', entry.name))) {
        const name = basename(file, '.zone');
        if (!file.endsWith('.zone')) continue;
        const files = {
          dnscontrol: { [`${entry.name}.json`]: json },
          bind: { [file]: await read('dnscontrol', entry.name, file) },
        };
        const [bare = '', tag = ''] = name.split('!');
        const zone = { name: dnsName(asciiName(bare)) };
        const wanted = { dnscontrol: { ...zone, tag }, bind: zone };
        const mistakes = (['dnscontrol', 'bind'] as const).flatMap((tool) =>
          mistakesOf(tool, files[tool], wanted[tool]),
        );
        if (mistakes.length > 0) others.push(...mistakes.slice(0, 1));
        else {
          expect(answers(declared('bind', files.bind, wanted.bind)), `${entry.name} ${name}`).toEqual(
            answers(declared('dnscontrol', files.dnscontrol, wanted.dnscontrol)),
          );
          compared.push(`${entry.name} ${name}`);
        }
      }
    }
    expect(compared).toMatchInlineSnapshot(`
      [
        "001-basic foo.com",
        "002-ttl foo.com",
        "003-meta foo.com",
        "004-ips foo.com",
        "006-transforms foo.com",
        "008-import foo.com",
        "011-cfRedirect foo.com",
        "012-duration foo.com",
        "013-mx foo.com",
        "014-caa foo.com",
        "015-tlsa foo.com",
        "017-txt foo.com",
        "018-dkim foo.com",
        "021-srv foo.com",
        "022-sshfp foo.com",
        "023-ignored-glob-records foo.com",
        "024-json-import foo.com",
        "027-ds foo.com",
        "028-dextend bar.foo.com",
        "028-dextend foo.com",
        "028-dextend foo.edu",
        "029-dextendsub bar.foo.help",
        "029-dextendsub bar.foo.tld",
        "029-dextendsub example.tld",
        "029-dextendsub foo.help",
        "029-dextendsub foo.here",
        "029-dextendsub foo.net",
        "029-dextendsub foo.tld",
        "030-dextenddoc domain.tld",
        "031-dextendnames domain.tld",
        "031-dextendnames sub.domain.tld",
        "032-reverseip 3.2.1.in-addr.arpa",
        "035-naptr foo.com",
        "036-dextendcf foo.com",
        "037-splithor empty.example.net",
        "037-splithor example-b.net",
        "037-splithor example.com!inside",
        "037-splithor example.com!outside",
        "037-splithor example.com",
        "037-splithor example.net!inside",
        "037-splithor example.net!outside",
        "037-splithor example.net",
        "038-soa foo.com",
        "040-cfWorkerRoute foo.com",
        "045-loc foo.com",
        "054-b3487_d_extend_rev 6.10.in-addr.arpa",
        "055-b3550-ipv6ptr 8.b.d.0.1.0.0.2.ip6.arpa",
        "055-b3550-ipv6ptr d.c.b.a.1.1.0.2.ip6.arpa",
      ]
    `);
    expect(others).toMatchInlineSnapshot(`
      [
        "020-complexRequire.json: The zone foo.com! is not declared: give one of sortfoo.com to --zone.",
        "düsseldorf.example.net.zone:3: The name "düsseltal" is no DNS name: the label "düsseltal" has a character that a name cannot hold as it is.",
        "example.com.zone:3: The name "düsseldorf" is no DNS name: the label "düsseldorf" has a character that a name cannot hold as it is.",
        "ü.example.net.zone:3: The name "düsseldorf" is no DNS name: the label "düsseldorf" has a character that a name cannot hold as it is.",
        "033-revextend.json: The zone 3.1.in-addr.arpa! is not declared: give one of 8.9.in-addr.arpa, example.com to --zone.",
      ]
    `);
  });

  it('hold aliases of Route 53, of every type', async () => {
    const json = await read('dnscontrol', '019-r53-alias.json');
    const zone = declared('dnscontrol', { 'ir.json': json }, { id: 'Z0EXAMPLE' });
    expect(zone.cells.map(({ endpoints }) => endpoints)).toMatchInlineSnapshot(`
      [
        [
          "aevaltargethealthtest.foo.com",
        ],
      ]
    `);
    expect(leftOf(zone)).toMatchInlineSnapshot(`
      [
        "aaaatest.foo.com AAAA: it is declared more than once, and not all of them have a set identifier",
        "atest.foo.com A: it is declared more than once, and not all of them have a set identifier",
        "caatest.foo.com CAA: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
        "cnametest.foo.com CNAME: it is an alias of type CNAME, and a target has a hostname of its own",
        "mxtest.foo.com MX: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
        "naptrtest.foo.com NAPTR: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
        "ptrtest.foo.com PTR: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
        "spftest.foo.com SPF: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
        "srvtest.foo.com SRV: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
        "txttest.foo.com TXT: Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them",
      ]
    `);
  });
});

describe('DNSControl itself', () => {
  it('prints what is read', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'dnsconfig.js');
    await writeFile(
      file,
      `var NONE = NewRegistrar('none');
var R53 = NewDnsProvider('r53', 'ROUTE53');
D('example.com', NONE, DnsProvider(R53), DefaultTTL(120), R53_ZONE('Z0EXAMPLE'),
  A('@', '192.0.2.1'), A('@', '192.0.2.2'), AAAA('@', '2001:db8::1'),
  A('api', '192.0.2.9', TTL('1h')), CNAME('www', '@'), CNAME('short', 'api'), CNAME('out', 'lb.example.net.'),
  A('*.apps', '192.0.2.20'), MX('@', 10, 'mx.example.net.'),
  R53_ALIAS('shop', 'A', 'lb.us-east-1.elb.amazonaws.com.', R53_ZONE('Z35SXDOTRQ7X7K'), R53_EVALUATE_TARGET_HEALTH(true)),
  R53_ALIAS('own', 'A', 'api.example.com.'));
D_EXTEND('deep.example.com', A('host', '192.0.2.30'));
D('example.org!inside', NONE, DnsProvider(R53), A('müller', '192.0.2.3'));
`,
    );
    const { stdout } = await run(foreignFile('print-ir'), [file]);
    const com = declared('dnscontrol', { 'ir.json': stdout }, { name: dnsName('example.com') });
    expect(com.yaml?.split('targets:\n')[1]?.split('    endpoints:')[0]).toMatchInlineSnapshot(`
      "      apex: { az: unknown, capacity: 1, ipv4: [192.0.2.1, 192.0.2.2], ipv6: '2001:db8::1' }
            api: { az: unknown, capacity: 1, ipv4: 192.0.2.9 }
            www: { az: unknown, capacity: 1, hostname: 'example.com.' }
            short: { az: unknown, capacity: 1, hostname: 'api.example.com.' }
            out: { az: unknown, capacity: 1, hostname: 'lb.example.net.' }
            any-apps: { az: unknown, capacity: 1, ipv4: 192.0.2.20 }
            host-deep: { az: unknown, capacity: 1, ipv4: 192.0.2.30 }
            shop: { az: unknown, capacity: 1, alias: { zone_id: Z35SXDOTRQ7X7K, name: lb.us-east-1.elb.amazonaws.com, evaluate_target_health: true } }
            own: { az: unknown, capacity: 1, alias: { zone_id: Z0EXAMPLE, name: api.example.com, evaluate_target_health: false } }
      "
    `);
    expect(com.fleets[0]?.endpoints.map(({ name, ttl }) => [name, ttl])).toContainEqual([
      'api.example.com',
      3600,
    ]);
    expect(leftOf(com).map((line) => line.split(':')[0])).toEqual(['example.com MX']);
    const org = declared('dnscontrol', { 'ir.json': stdout }, { name: dnsName('example.org') });
    expect(org.cells[0]?.endpoints).toEqual(['xn--mller-kva.example.org']);
  });
});
