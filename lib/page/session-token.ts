import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_BYTES = 32;
const SCHEME = 'Bearer ';

/** A token that nobody guesses: 256 bits, as text for the fragment of a URL. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/**
 * Whether an `Authorization` header carries the token. Both are hashed first, so that how long it takes says nothing of
 * how much of it is right, nor of its length.
 */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  if (authorization === undefined || !authorization.startsWith(SCHEME)) return false;
  return timingSafeEqual(digestOf(authorization.slice(SCHEME.length)), digestOf(token));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
