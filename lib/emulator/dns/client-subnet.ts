import type { IpBlock } from '../places/ip-block.ts';
import { bitsOf, truncated } from '../places/ip-block.ts';

/** The option's code (RFC 7871, 6). */
const CLIENT_SUBNET = 8;
const OPTION_HEADER_OCTETS = 4;
/** Family, source prefix length, scope prefix length. */
const FIXED_OCTETS = 4;

/**
 * The network in the client subnet option among the options of an OPT record; undefined when there is none. As RFC 7871,
 * 7.1 asks: as many octets as the source prefix needs, no bit beyond it, and a scope of 0; anything else is malformed.
 */
export function readClientSubnet(options: Buffer): IpBlock | undefined | 'malformed' {
  let at = 0;
  while (at < options.length) {
    if (at + OPTION_HEADER_OCTETS > options.length) return 'malformed';
    const end = at + OPTION_HEADER_OCTETS + options.readUInt16BE(at + 2);
    if (end > options.length) return 'malformed';
    if (options.readUInt16BE(at) === CLIENT_SUBNET) {
      return readSubnet(options.subarray(at + OPTION_HEADER_OCTETS, end));
    }
    at = end;
  }
  return undefined;
}

function readSubnet(data: Buffer): IpBlock | 'malformed' {
  if (data.length < FIXED_OCTETS) return 'malformed';
  const family = data.readUInt16BE(0);
  const prefix = data.readUInt8(2);
  if ((family !== 1 && family !== 2) || prefix > bitsOf(family) || data.readUInt8(3) !== 0)
    return 'malformed';
  const octets = data.subarray(FIXED_OCTETS);
  if (octets.length !== Math.ceil(prefix / 8)) return 'malformed';
  const whole = Buffer.alloc(bitsOf(family) / 8);
  octets.copy(whole);
  const number = BigInt(`0x${whole.toString('hex')}`);
  const block = truncated({ family, number }, prefix);
  return block.number === number ? block : 'malformed';
}

/**
 * The option of a query, with a scope of 0, or of its reply: the same network, and in `scope` how much of it the answer is
 * for, in bits (RFC 7871, 7.2.1).
 */
export function clientSubnetOption({ family, number, prefix }: IpBlock, scope: number): Buffer {
  const digits = bitsOf(family) / 4;
  const octets = Buffer.from(number.toString(16).padStart(digits, '0'), 'hex').subarray(
    0,
    Math.ceil(prefix / 8),
  );
  const fixed = Buffer.alloc(OPTION_HEADER_OCTETS + FIXED_OCTETS);
  fixed.writeUInt16BE(CLIENT_SUBNET, 0);
  fixed.writeUInt16BE(FIXED_OCTETS + octets.length, 2);
  fixed.writeUInt16BE(family, 4);
  fixed.writeUInt8(prefix, 6);
  fixed.writeUInt8(scope, 7);
  return Buffer.concat([fixed, octets]);
}
