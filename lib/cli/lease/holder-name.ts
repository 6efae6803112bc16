import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { isHolderName } from '../../lease/lease-row.ts';
import { BadInput } from '../command/failures.ts';

const LONGEST = 32;
const DIGEST_DIGITS = 8;
/** Every machine has these names, so none can be told by them. */
const NOBODYS = ['localhost', 'localhost-localdomain'];

/**
 * The name of a holder: the given one, else this machine's. A machine's name that is too long is cut, and ends with a
 * digest of the whole, so that two machines never share one.
 *
 * @throws BadInput when the given name is none, or the machine has none of its own.
 */
export function holderName(given: string | undefined, host: string = hostname()): string {
  if (given !== undefined) {
    if (isHolderName(given)) return given;
    throw new BadInput(`"${given}" is not the name of a holder: use 1 to 32 of a-z, 0-9 and "-".`);
  }
  const plain = host
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (plain === '' || NOBODYS.includes(plain))
    throw new BadInput(`This machine's name "${host}" tells no machine from another: give --by NAME.`);
  if (plain.length <= LONGEST) return plain;
  const digest = createHash('sha256').update(host).digest('hex').slice(0, DIGEST_DIGITS);
  return `${plain.slice(0, LONGEST - 1 - DIGEST_DIGITS)}-${digest}`;
}
