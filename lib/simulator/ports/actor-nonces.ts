import type { Randomness } from '../../runtime/ids.ts';
import type { Answer } from './port-call.ts';

const NONCE_LENGTH = 8;
const NAME_DIGITS = 4;

/** Whether the batch was certainly not applied and never will be, so that nobody has seen its nonce. */
export function isRefusal(answer: Answer): boolean {
  if (answer.type === 'error' || typeof answer.value !== 'object' || answer.value === null) return false;
  return 'type' in answer.value && answer.value.type === 'rejected';
}

/** Nonces of which nobody ever sees one twice. */
export interface OwnNonces extends Randomness {
  /** The number of nonces given out. */
  made(): number;
  /**
   * Reports an answer. A refused batch never used its nonce, so the next nonce is the same. So a lost race leaves no
   * trace in later writes.
   */
  answered(refused: boolean): void;
}

/** The prefix of all nonces of an actor. */
export function noncePrefix(name: string): string {
  let hash = 7;
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return (hash % 36 ** NAME_DIGITS).toString(36).padStart(NAME_DIGITS, '0');
}

/** Counted nonces that no other actor makes. They do not depend on who else is at work. */
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
