import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rdataOf } from '../../../lib/emulator/dns/rdata.ts';
import { nameOctets, readName } from '../../../lib/emulator/dns/wire-name.ts';

test.each([
  ['A', '192.0.2.256'],
  ['A', '2001:db8::1'],
  ['AAAA', '192.0.2.1'],
  ['AAAA', 'fe80::1%eth0'],
  ['CNAME', ''],
  ['CNAME', 'a..b.'],
  ['CNAME', `${'a'.repeat(64)}.test.`],
  ['NS', `${'a.'.repeat(130)}`],
  ['MX', '10'],
  ['MX', '65536 mx.example.test.'],
  ['MX', '-1 mx.example.test.'],
  ['SRV', '1 2 three api.example.test.'],
  ['SOA', 'ns.example.test. host.example.test. 1 2 3 4'],
  ['SOA', 'ns.example.test. host.example.test. 1 2 3 4 4294967296'],
  ['CAA', '0 issue'],
  ['CAA', '256 issue "x"'],
  ['CAA', '0 is-sue "x"'],
  ['TXT', ''],
  ['TXT', `"${'x'.repeat(256)}"`],
  ['NAPTR', '10 100 "S"'],
  ['DS', '1 2 3'],
  ['DS', '1 2 3 ABC'],
  ['TLSA', '3 1 1 xyz'],
  ['SSHFP', '1 1'],
  ['HTTPS', '1 . alpn='],
  ['SVCB', '1'],
])('%s "%s" is not put on the wire', (type, value) => {
  expect(rdataOf(type, value)).toBeUndefined();
});

test('a mailbox with an escaped dot keeps it in its label', () => {
  const value = 'ns.example.test. john\\.doe.example.test. 1 2 3 4 5';
  expect(rdataOf('SOA', value)?.toString('latin1')).toContain('\bjohn.doe\u0007example\u0004test\u0000');
});

// The examples of RFC 9460, appendix D.
test.each([
  ['SVCB', '0 foo.example.com.', '0000 03666f6f 076578616d706c65 03636f6d 00'],
  ['SVCB', '1 .', '0001 00'],
  ['SVCB', '16 foo.example.com. port=53', '0010 03666f6f 076578616d706c65 03636f6d 00 0003 0002 0035'],
  [
    'SVCB',
    '1 foo.example.com. key667=hello',
    '0001 03666f6f 076578616d706c65 03636f6d 00 029b 0005 68656c6c6f',
  ],
  [
    'SVCB',
    '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
    '0001 03666f6f 076578616d706c65 03636f6d 00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001',
  ],
  [
    'SVCB',
    '16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
    '0010 03666f6f 076578616d706c65 036f7267 00 0000 0004 0001 0004 0001 0009 026832 0568332d3139 0004 0004 c0000201',
  ],
  ['HTTPS', '1 . alpn="h2" no-default-alpn ech=AAEC', '0001 00 0001 0003 026832 0002 0000 0005 0003 000102'],
])('%s "%s" is on the wire as RFC 9460 has it', (type, value, expected) => {
  expect(rdataOf(type, value)?.toString('hex')).toBe(expected.replaceAll(' ', ''));
});

test('the root is a name', () => {
  expect(rdataOf('MX', '0 .')).toEqual(Buffer.from([0, 0, 0]));
});

test('any value of any type is octets or nothing', () => {
  const types = fc.constantFrom(
    'A',
    'AAAA',
    'MX',
    'TXT',
    'SOA',
    'SRV',
    'CAA',
    'NAPTR',
    'DS',
    'NS',
    'TLSA',
    'SSHFP',
    'SVCB',
    'HTTPS',
  );
  fc.assert(
    fc.property(types, fc.string({ unit: 'binary-ascii', maxLength: 80 }), (type, value) => {
      const data = rdataOf(type, value);
      return data === undefined || data.length <= 0xffff;
    }),
    { numRuns: 2000 },
  );
});

test('names on the wire survive: read, written, and read again', () => {
  const labels = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(labels, (octets) => {
      const wire = Buffer.concat([
        ...octets.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
        Buffer.from([0]),
      ]);
      const read = readName(wire, 0);
      const name = read?.name;
      if (wire.length > 255) return read === undefined;
      if (name === undefined) return false;
      const again = nameOctets(name);
      return again !== undefined && read?.end === wire.length && readName(again, 0)?.name === name;
    }),
  );
});
