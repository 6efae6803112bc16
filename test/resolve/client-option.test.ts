import { decode, encode } from 'dns-packet';
import { expect, test } from 'vitest';
import { clientOption, scopeOf } from '../../lib/resolve/client-option.ts';

type Option = ReturnType<typeof clientOption>;

/** A reply as it is read from the wire, with these options in its OPT record; without one when there are none. */
function reply(...options: readonly Option[]) {
  const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0 } as const;
  return decode(
    encode({
      type: 'response',
      id: 1,
      additionals: options.length === 0 ? [] : [{ ...opt, flags: 0, flag_do: false, options: [...options] }],
    }),
  );
}

test.each(['192.0.2.1', '2001:db8::1', '::'])('the scope is that of the reply for %s', (address) => {
  expect(scopeOf(reply({ ...clientOption(address), scopePrefixLength: 24 }), address)).toBe(24);
  expect(scopeOf(reply(clientOption(address)), address)).toBe(0);
});

test('the client may be written in another form', () => {
  expect(scopeOf(reply(clientOption('2001:db8::1')), '2001:DB8:0:0::1')).toBe(0);
});

test('a reply without the option did not look at the client', () => {
  expect(scopeOf(reply(), '192.0.2.1')).toBe('none');
});

test.each([
  ['another address', clientOption('192.0.2.2')],
  ['another family', clientOption('2001:db8::1')],
  ['a smaller part of the address', { ...clientOption('192.0.2.1'), sourcePrefixLength: 24 }],
])('a reply for %s is for another client', (_, option) => {
  expect(scopeOf(reply(option), '192.0.2.1')).toBe('other');
});
