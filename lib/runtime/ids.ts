import { randomBytes } from 'node:crypto';

/** Where nonces and jitter come from, so that a simulator can own them. */
export interface Randomness {
  /** A nonce of 8 characters of `a-z0-9`: 41 bits, fresh at every call. */
  nonce(): string;
  /** Uniform in [0, 1). */
  fraction(): number;
}

const NONCE_LENGTH = 8;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Randomness from the machine's generator. */
export const systemRandomness: Randomness = {
  nonce: () => {
    let text = '';
    for (const byte of randomBytes(NONCE_LENGTH)) text += ALPHABET[byte % ALPHABET.length] ?? 'a';
    return text;
  },
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
