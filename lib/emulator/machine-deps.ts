import { randomInt } from 'node:crypto';
import type { Route53Deps } from './route53-state.ts';

const ID_LENGTH = 18;
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * This machine's clock, made monotonic (somebody may set it back, and this one never goes back), and ids in the manner
 * of Route 53: `Z0A1B2C3D4E5F6G7H8I`.
 */
export function machineDeps(): Omit<Route53Deps, 'changed'> {
  let latest = 0;
  return {
    now: () => {
      latest = Math.max(latest, Date.now());
      return latest;
    },
    id: (prefix) => {
      let id = prefix;
      while (id.length < prefix.length + ID_LENGTH) id += ID_ALPHABET[randomInt(ID_ALPHABET.length)] ?? '0';
      return id;
    },
  };
}
