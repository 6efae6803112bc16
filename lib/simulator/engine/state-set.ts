import type { Mixed } from '../fingerprint.ts';
import { mix } from '../fingerprint.ts';

/** A set of states that keeps eight octets of each. The chance that it confuses any two of n states is n^2 / 2^65. */
export interface StateSet {
  /** Returns false when the set already has a state of this key. */
  add(key: string | Mixed): boolean;
  size(): number;
}

const FIRST_SLOTS = 1 << 16;
const WORDS_A_SLOT = 2;

export function createStateSet(): StateSet {
  let slots = FIRST_SLOTS;
  let words = new Int32Array(slots * WORDS_A_SLOT);
  let size = 0;

  function put(high: number, low: number): boolean {
    const mask = slots - 1;
    for (let slot = (high ^ Math.imul(low, 0x9e3779b1)) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS_A_SLOT;
      const there = words[at];
      const beside = words[at + 1];
      if (there === high && beside === low) return false;
      if (there === 0 && beside === 0) {
        words[at] = high;
        words[at + 1] = low;
        return true;
      }
    }
  }

  function grow(): void {
    const old = words;
    slots *= 2;
    words = new Int32Array(slots * WORDS_A_SLOT);
    for (let at = 0; at < old.length; at += WORDS_A_SLOT) {
      const high = old[at] ?? 0;
      const low = old[at + 1] ?? 0;
      if (high !== 0 || low !== 0) put(high, low);
    }
  }

  return {
    add: (key) => {
      const { high, low } = typeof key === 'string' ? mix(key) : key;
      // A slot of two zeros is empty.
      if (!put(high, low === 0 ? 1 : low)) return false;
      size += 1;
      if (size * 2 > slots) grow();
      return true;
    },
    size: () => size,
  };
}
