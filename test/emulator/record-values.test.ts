import { describe, expect, test } from 'vitest';
import { RECORD_TYPES, valueProblem } from '../../lib/emulator/record-values.ts';
import { account, drop, put } from './account.ts';

const good: readonly (readonly [type: string, value: string])[] = [
  ['A', '192.0.2.1'],
  ['AAAA', '2001:db8::1'],
  ['AAAA', '::ffff:192.0.2.1'],
  ['CNAME', 'host.example.com.'],
  ['CNAME', 'host.example.com'],
  ['NS', 'ns-1.example.com.'],
  ['PTR', 'host.example.com'],
  ['TXT', '"plain"'],
  ['TXT', '""'],
  ['TXT', '"one" "two"'],
  ['TXT', '"one""two"'],
  ['TXT', '"a \\"quote\\" and \\\\ and \\342\\202\\254"'],
  ['TXT', `"${'x'.repeat(255)}" "${'y'.repeat(255)}"`],
  ['TXT', `"${'\\101'.repeat(255)}"`],
  ['SPF', '"v=spf1 -all"'],
  ['MX', '10 mail.example.com.'],
  ['MX', '0 .'],
  ['SRV', '1 10 5269 xmpp.example.com.'],
  ['CAA', '0 issue "letsencrypt.org"'],
  ['CAA', '128 iodef "mailto:a@example.com"'],
  ['NAPTR', '100 50 "s" "http" "" host.example.com.'],
  ['DS', '12345 13 2 ABCDEF0123'],
  ['TLSA', '3 1 1 0aff'],
  ['SSHFP', '1 2 0aff'],
  ['SOA', 'ns.example.com. admin.example.com. 1 7200 900 1209600 86400'],
  ['HTTPS', '1 . alpn="h2"'],
  ['SVCB', '16 svc.example.com port=8443'],
  ['HTTPS', '1 . alpn="h3,h2" ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1'],
  ['SVCB', '0 svc.example.com.'],
];

const bad: readonly (readonly [type: string, value: string])[] = [
  ['A', ''],
  ['A', '192.0.2'],
  ['A', '192.0.2.256'],
  ['A', '192.0.02.1'],
  ['A', '2001:db8::1'],
  ['AAAA', '192.0.2.1'],
  ['AAAA', 'fe80::1%eth0'],
  ['AAAA', '2001:db8::1::2'],
  ['CNAME', ''],
  ['CNAME', 'a..b'],
  ['CNAME', 'two names'],
  ['TXT', 'bare'],
  ['TXT', '"open'],
  ['TXT', '"one" two'],
  ['TXT', '"inner"quote"'],
  ['TXT', `"${'x'.repeat(256)}"`],
  ['TXT', '"é"'],
  ['TXT', ''],
  ['MX', 'mail.example.com.'],
  ['MX', '65536 mail.example.com.'],
  ['SRV', '1 10 xmpp.example.com.'],
  ['SRV', '-1 10 5269 xmpp.example.com.'],
  ['CAA', '256 issue "x"'],
  ['CAA', '0 issue'],
  ['NAPTR', '100 50 s http "" host.'],
  ['DS', '12345 13 2 XYZ'],
  ['TLSA', '3 1 0aff'],
  ['SSHFP', '1 2'],
  ['SOA', 'ns.example.com. admin.example.com. 1 7200 900 1209600'],
  ['HTTPS', 'alpn="h2"'],
  ['HTTPS', '1 . port=65536'],
  ['HTTPS', '1 . port=1 port=2'],
  ['HTTPS', '1 . ipv4hint=2001:db8::1'],
  ['SVCB', '1 . nothing-known=1'],
];

describe('values', () => {
  test.each(good)('%s takes %s', (type, value) => {
    expect(valueProblem(type, value)).toBeUndefined();
  });

  test.each(bad)('%s refuses %s', (type, value) => {
    expect(valueProblem(type, value)).toMatch(/^Invalid Resource Record: 'FATAL problem: \w+ \(.+\)/);
  });

  test('every type that exists has a good and a bad value here', () => {
    const types = (rows: readonly (readonly [string, string])[]) => new Set(rows.map(([type]) => type));
    expect([...RECORD_TYPES].filter((type) => !types(good).has(type))).toEqual([]);
    for (const type of types(bad)) expect(RECORD_TYPES).toContain(type);
  });

  test('a CNAME has one value', () => {
    const { refused } = account();
    const two = { name: 'c.example.test', type: 'CNAME', ttl: 1, values: ['a.test', 'b.test'] };
    expect(refused('InvalidChangeBatch', put(two)).message).toContain('more than 1');
  });

  test('a DELETE with a value that could never be is merely not a match', () => {
    const { change, refused } = account();
    const there = { name: 'x.example.test', type: 'A', ttl: 1, values: ['192.0.2.1'] };
    change(put(there));
    expect(refused('InvalidChangeBatch', drop({ ...there, values: ['nonsense'] })).message).toContain(
      'do not match',
    );
  });
});
