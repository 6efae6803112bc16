import type { Randomness } from '../../runtime/ids.ts';
import type { Answer } from './port-call.ts';

const NONCE_LENGTH = 8;
const NAME_DIGITS = 4;

/** The batch was certainly not applied and never will be, so nobody has seen its nonce. */
export function isRefusal(answer: Answer): boolean {
  if (answer.type === 'error' || typeof answer.value !== 'object' || answer.value === null) return false;
  return 'type' in answer.value && answer.value.type === 'rejected';
}

/** Nonces of which none is ever seen twice. */
export interface OwnNonces extends Randomness {
  /** How many have been given away. */
  made(): number;
  /**
   * An answer came. After a refusal the nonce that was made for the refused batch was never used: the next is the same,
   * so that a lost race leaves no trace in what is written later.
   */
  answered(refused: boolean): void;
}

/** What all nonces of an actor begin with. */
export function noncePrefix(name: string): string {
  let hash = 7;
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return (hash % 36 ** NAME_DIGITS).toString(36).padStart(NAME_DIGITS, '0');
}

/** Nonces that no other actor makes, counted, so that they do not depend on who is at work meanwhile. */
export function ownNonces(name: string): OwnNonces {
  const own = noncePrefix(name);
  let count = 0;
  let taken = false;
  return {
    nonce: () => {
      count += 1;
      taken = true;
      return own + count.toString(36).padStart(NONCE_LENGTH - NAME_DIGITS, '0');
    },
    fraction: () => 0.5,
    made: () => count,
    answered: (refused) => {
      if (taken && refused) count -= 1;
      taken = false;
    },
  };
}
