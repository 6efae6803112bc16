import { describe, expect, it } from 'vitest';
import { dnsName } from '../../../lib/plan/names.ts';
import { declared, endpointsOf, leftOf, mistakesOf } from '../../support/declared.ts';
import { ODD_ZONE_FILE } from '../../support/odd-zone-file.ts';

const PATH = 'db.example.com';
const OTHERS =
  'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them';

function bind(text: string, wanted = {}) {
  return declared('bind', { [PATH]: text }, wanted);
}

describe('a zone file', () => {
  it('becomes a fleet file, and lists what is not in it', () => {
    const zone = bind(ODD_ZONE_FILE);
    expect(endpointsOf(zone)).toMatchInlineSnapshot(`
      "# its A records have TTLs of 300, 3600 s, and one set has one: this is the shortest
      '1host.example.com':
        kind: addresses
        families: [A]
        ttl_s: 300
        targets: ['1host']
      www.example.com:
        kind: hostname
        ttl_s: 300
        targets: [www]
      api.example.com:
        kind: addresses
        families: [A, AAAA]
        ttl_s: 600
        targets: [api]
      b.sub.example.com:
        kind: addresses
        families: [A]
        ttl_s: 3600
        targets: [b-sub]
      '*.sub.example.com':
        kind: hostname
        ttl_s: 3600
        targets: [any-sub]
      c.example.com:
        kind: addresses
        families: [AAAA]
        ttl_s: 3600
        targets: [c]
      de.example.com:
        kind: addresses
        families: [A]
        ttl_s: 3600
        targets: [de]"
    `);
    expect(zone.fleets[0]?.targets.map(({ id, ipv4, hostname }) => [id, hostname ?? ipv4])).toEqual([
      ['1host', ['192.0.2.1', '192.0.2.2']],
      ['any-sub', 'sub.example.com'],
      ['api', ['192.0.2.9']],
      ['b-sub', ['192.0.2.4']],
      ['c', []],
      ['de', ['192.0.2.7']],
      ['www', '1host.example.com'],
    ]);
    const odd = 'its name has a character that a fleet file does not take';
    expect(leftOf(zone)).toEqual([
      'elsewhere.example.net A: it is not in the zone example.com',
      `t.example.com TXT: ${OTHERS}`,
      `a\\056b.example.com A: ${odd}`,
      `a\\040c.example.com A: ${odd}`,
    ]);
  });

  it('is of the zone that is asked for where it says none, relative names included', () => {
    expect(bind('www 60 A 192.0.2.1\n', { name: dnsName('example.org') }).cells).toEqual([
      { cell: 'example-org', endpoints: ['www.example.org'] },
    ]);
  });

  it.each([
    ['no $TTL, and the SOA record none', '@ SOA a b 1 2 3 4 77\nwww A 192.0.2.1\n', 77],
    ['no $TTL, and the SOA record one', '@ 90 SOA a b 1 2 3 4 77\nwww A 192.0.2.1\n', 90],
    ['no $TTL, and a record between one', '@ 90 SOA a b 1 2 3 4 77\nx 1m A 192.0.2.2\nwww A 192.0.2.1\n', 60],
    ['a later $TTL', '$TTL 10\n@ SOA a b 1 2 3 4 77\nx 1m A 192.0.2.2\n$TTL 1h1s\nwww A 192.0.2.1\n', 3601],
  ])('has the TTL that name servers give a record: %s', (_, text, ttl) => {
    const { fleets } = bind(text, { name: dnsName('example.org') });
    expect(fleets[0]?.endpoints.find(({ name }) => name === 'www.example.org')?.ttl).toBe(ttl);
  });

  it('takes an alias that is signed, and none beside anything else', () => {
    const zone = bind(`$ORIGIN example.com.
@ 60 SOA a b 1 2 3 4 5
www CNAME lb.example.net.
www RRSIG CNAME 8 3 60 20261201000000 20261101000000 1 example.com. AAAA
www NSEC example.com. CNAME RRSIG NSEC
old CNAME lb.example.net.
old KEY 256 3 8 AAAA
both CNAME lb.example.net.
both RRSIG CNAME 8 3 60 20261201000000 20261101000000 1 example.com. AAAA
both TXT hello
`);
    expect(zone.cells).toEqual([{ cell: 'example-com', endpoints: ['www.example.com', 'old.example.com'] }]);
    expect(leftOf(zone)).toContain(
      'both.example.com CNAME: it has a CNAME record and records of other types (CNAME, TXT), which exclude each other',
    );
    expect(leftOf(zone)).toContain(`www.example.com RRSIG: ${OTHERS}`);
  });

  it('has characters that no host name has as Route 53 writes them', () => {
    const zone = bind(`$ORIGIN example.com.
@ 60 SOA a b 1 2 3 4 5
a/b TXT x
0/26.2 NS ns1.example.net.
*x TXT x
x.*.y TXT x
{z} TXT x
*.apps A 192.0.2.1
www CNAME c/d
`);
    expect(zone.cells).toEqual([{ cell: 'example-com', endpoints: ['*.apps.example.com'] }]);
    expect(leftOf(zone).map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining([
        'a\\057b.example.com TXT',
        'www.example.com CNAME',
        '0\\05726.2.example.com NS',
        '\\052x.example.com TXT',
        'x.\\052.y.example.com TXT',
        '\\173z\\175.example.com TXT',
      ]),
    );
  });

  it('in pieces is one zone', () => {
    const zone = declared(
      'bind',
      { a: '@ 60 SOA a b 1 2 3 4 5\nwww A 192.0.2.1', b: 'api 60 A 192.0.2.2' },
      { name: dnsName('example.org') },
    );
    expect(zone.cells).toEqual([{ cell: 'example-org', endpoints: ['www.example.org', 'api.example.org'] }]);
  });
});

describe('a mistake in a zone file', () => {
  const SOA = 'example.com. 60 SOA a. b. 1 2 3 4 5\n';
  it.each([
    [`${SOA}www A 192.0.2.1\n`, '2: The name "www" needs an origin: give the zone\'s name to --zone.'],
    [`${SOA}$ORIGIN example.com.\nwww\n`, '3: This record has no type: add one, such as A, and a value.'],
    [`${SOA}www. 192.0.2.1\n`, '2: "192.0.2.1" stands where the type of the record does: use one such as A.'],
    [`${SOA}www. A 192.0.2.1 192.0.2.2\n`, '2: The A record has 2 values: it needs one.'],
    [`${SOA}www. CNAME lb\n`, '2: The name "lb" needs an origin: give the zone\'s name to --zone.'],
    [
      `${SOA}www. CH A 192.0.2.1\n`,
      '2: The class CH is not that of the internet: remove the record, or use IN.',
    ],
    [`${SOA}www. 99999999999 A 192.0.2.1\n`, '2: The TTL 99999999999 is more than 2147483647 seconds.'],
    [`${SOA}a..b. A 192.0.2.1\n`, '2: The name "a..b." is no DNS name: it has an empty label.'],
    [
      `${SOA}a\\999. A 192.0.2.1\n`,
      '2: The name "a\\\\999." is no DNS name: the label "a\\\\999" has a character that a name cannot hold as it is.',
    ],
    [`${SOA}www. TXT "open\n`, '2: This line has a quote that is not closed.'],
    [`${SOA}\nwww. A (\n192.0.2.1\n`, '3: The parenthesis of this line is never closed.'],
    [`${SOA}www. A 192.0.2.1 )\n`, '2: This line closes a parenthesis that was not opened.'],
    [
      `${SOA}$INCLUDE other\n`,
      '2: This line needs a name server to carry it out ($INCLUDE): give the zone as "named-compilezone -o - ZONE FILE" writes it.',
    ],
    [
      `${SOA}$GENERATE 1-3 h$ A 192.0.2.$\n`,
      '2: This line needs a name server to carry it out ($GENERATE): give the zone as "named-compilezone -o - ZONE FILE" writes it.',
    ],
    [`${SOA}$TTL soon\n`, '2: $TTL is "soon": use seconds, or 1h30m.'],
    [`${SOA}$ORIGIN sub\n`, '2: $ORIGIN is "sub": use a whole name with a full stop behind it.'],
    [`${SOA}$FOO\n`, '2: The directive "$FOO" is not known: use $ORIGIN and $TTL.'],
    ['example.com. SOA a. b. 1\n', '1: The SOA record has 3 values: it needs 7.'],
    ['example.com. A 192.0.2.1\n', '1: This record has no TTL, and no line before it says one: add $TTL.'],
    [' A 192.0.2.1\n', '1: This line begins with a blank, and no line before it has a name.'],
  ])('%j has its line and one sentence', (text, sentence) => {
    expect(mistakesOf('bind', { [PATH]: text })).toEqual([`${PATH}:${sentence}`]);
  });

  it('may be that nothing says the zone', () => {
    expect(mistakesOf('bind', { [PATH]: 'www. 60 A 192.0.2.1\n' })).toEqual([
      'db.example.com: The file has no SOA record, which says the zone: give its name to --zone.',
    ]);
  });

  it('is one of many: the first are shown', () => {
    const found = mistakesOf('bind', { [PATH]: `${SOA}${'www. A\n'.repeat(30)}` });
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe('db.example.com: There are 10 more mistakes: mend these first.');
  });
});
