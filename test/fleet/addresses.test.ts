import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalIpv6 } from '../../lib/fleet/addresses.ts';

test.each([
  ['2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
  ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
])('%s is %s', (given, canonical) => expect(canonicalIpv6(given)).toBe(canonical));

test.each(['', '192.0.2.1', 'fe80::1%eth0', '1:2:3', '1::2::3', '12345::', 'api.example.test'])(
  '"%s" is no IPv6 address',
  (given) => expect(canonicalIpv6(given)).toBeUndefined(),
);

test('any address has the text that the URL standard gives it, however it was written', () => {
  fc.assert(
    fc.property(fc.ipV6(), (given) => {
      const canonical = canonicalIpv6(given);
      expect(`[${canonical}]`).toBe(new URL(`http://[${given}]`).hostname);
      expect(canonicalIpv6(canonical ?? '')).toBe(canonical);
      expect(canonicalIpv6(given.toUpperCase())).toBe(canonical);
    }),
    { numRuns: 2_000 },
  );
});
