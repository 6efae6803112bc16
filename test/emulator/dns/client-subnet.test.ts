import { decode, encode } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { clientSubnetOption, readClientSubnet } from '../../../lib/emulator/dns/client-subnet.ts';
import { respond } from '../../../lib/emulator/dns/respond.ts';
import { ipBlock } from '../../../lib/emulator/places/ip-block.ts';
import { at, set, sourceOf } from './zones.ts';

const NAME = at('geo');
const place = (value: string, GeoLocation: Record<string, string>) => ({
  ...set(NAME, 'A', value),
  setIdentifier: value,
  routing: { GeoLocation },
});
const SOURCE = sourceOf([
  place('10.0.0.1', { CountryCode: '*' }),
  place('10.0.0.2', { CountryCode: 'DE' }),
  set(at('plain'), 'A', '10.0.0.3'),
]);

function asked(name: string, subnet: string | undefined, sender: string) {
  const block = ipBlock(subnet ?? '');
  const option = block === undefined ? Buffer.alloc(0) : clientSubnetOption(block, 0);
  const question = encode({ type: 'query', id: 1, questions: [{ name, type: 'A', class: 'IN' }] });
  const opt = Buffer.from([0, 0, 41, 4, 0, 0, 0, 0, 0, option.length >> 8, option.length & 255]);
  question.writeUInt16BE(1, 10);
  const reply = respond(SOURCE, Buffer.concat([question, opt, option]), 'udp', 0, sender) ?? Buffer.alloc(0);
  const { answers = [] } = decode(reply);
  const values = answers.map((each) => ('data' in each ? String(each.data) : ''));
  return {
    values,
    scope: option.length === 0 ? undefined : reply.readUInt8(reply.length - option.length + 7),
  };
}

describe('the client subnet', () => {
  test.each([
    ['names the client in place of the sender', NAME, '198.51.100.0/26', '192.0.2.1', '10.0.0.2', 26],
    ['of 0 bits is the sender’s', NAME, '0.0.0.0/0', '198.51.100.1', '10.0.0.2', 0],
    ['that changes nothing has a scope of 0', at('plain'), '198.51.100.0/26', '192.0.2.1', '10.0.0.3', 0],
    ['of IPv6 is read too', NAME, '2001:db8:5::/56', '192.0.2.1', '10.0.0.2', 56],
  ])('%s', (_, name, subnet, sender, value, scope) => {
    expect(asked(name, subnet, sender)).toEqual({ values: [value], scope });
  });

  test('is not needed: the sender’s address has a place', () => {
    expect(asked(NAME, undefined, '::ffff:198.51.100.1').values).toEqual(['10.0.0.2']);
    expect(asked(NAME, undefined, '127.0.0.1').values).toEqual(['10.0.0.1']);
  });

  test.each([
    ['too few octets', [0, 8, 0, 6, 0, 1, 24, 0, 192, 0]],
    ['a bit beyond the prefix', [0, 8, 0, 7, 0, 1, 23, 0, 192, 0, 1]],
    ['a scope', [0, 8, 0, 7, 0, 1, 24, 24, 192, 0, 2]],
    ['an unknown family', [0, 8, 0, 4, 0, 3, 0, 0]],
    ['an option cut off', [0, 8, 0, 9, 0, 1]],
  ])('with %s is malformed', (_, octets) => {
    expect(readClientSubnet(Buffer.from(octets))).toBe('malformed');
  });
});
