import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isIpv4, isIpv6 } from '../../lib/plan/ip-addresses.ts';

it('knows every address, as Node does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      expect([isIpv4(text), isIpv6(text)]).toEqual([isIP(text) === 4, isIP(text) === 6]);
    }),
  );
});

it('agrees with Node on what only looks like an address', () => {
  const almost = fc.stringMatching(/^[0-9a-f:.]{0,24}$/);
  const parts = fc.array(
    fc.constantFrom('0', '1', '255', '256', '01', 'ffff', '12345', ':', '::', '.', '192.0.2.1'),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        almost,
        parts.map((each) => each.join('')),
        parts.map((each) => each.join(':')),
      ),
      (text) => {
        expect([isIpv4(text), isIpv6(text)]).toEqual([isIP(text) === 4, isIP(text) === 6]);
      },
    ),
    { numRuns: 5_000 },
  );
});

it.each(['::', '::1', '1::', '2001:db8::192.0.2.1', '::ffff:192.0.2.1', '1:2:3:4:5:6:7:8'])(
  '%s is an IPv6 address',
  (text) => {
    expect(isIpv6(text)).toBe(true);
  },
);

it.each([
  '',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  'fe80::1%eth0',
  '192.0.2.1::',
  '12345::',
  '1.2.3',
])('%s is no address', (text) => {
  expect([isIpv4(text), isIpv6(text)]).toEqual([false, false]);
});
