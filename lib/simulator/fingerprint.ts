import { canonicalJson } from '../plan/canonical.ts';
import type { RecordSet } from '../plan/records.ts';

/** 64 bits as two numbers. That is enough to keep two different states apart in a search of millions. */
export interface Mixed {
  readonly high: number;
  readonly low: number;
}

const FIRST_HIGH = 0x9e3779b9;
const FIRST_LOW = 0x85ebca6b;

/** The fingerprint of a text: 16 hexadecimal digits. It does not protect against a text that an attacker chooses. */
export function fingerprint(text: string): string {
  const { high, low } = mix(text);
  return hex(high) + hex(low);
}

const records = new WeakMap<RecordSet, Mixed>();
const listings = new WeakMap<readonly RecordSet[], string>();

/** The fingerprint of a set of records in any order. Records and listings never change, so each is mixed once. */
export function recordsFingerprint(listing: readonly RecordSet[]): string {
  const known = listings.get(listing);
  if (known !== undefined) return known;
  let high = listing.length;
  let low = 0;
  for (const record of listing) {
    let mixed = records.get(record);
    if (mixed === undefined) {
      mixed = mix(canonicalJson(record));
      records.set(record, mixed);
    }
    high = (high + mixed.high) | 0;
    low = (low + mixed.low) | 0;
  }
  const text = hex(high) + hex(low);
  listings.set(listing, text);
  return text;
}

/** 64 bits that depend on every character. */
export function mix(text: string): Mixed {
  let high = FIRST_HIGH;
  let low = FIRST_LOW;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x27d4eb2f) + (high >>> 15);
  }
  high = Math.imul(high ^ (high >>> 16), 0x7feb352d);
  low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return { high: (high ^ (low >>> 16)) | 0, low: (low ^ (high >>> 15)) | 0 };
}

/** 64 bits that depend on every whole number and on their order. */
export function mixNumbers(numbers: readonly number[]): Mixed {
  let high = FIRST_HIGH ^ numbers.length;
  let low = FIRST_LOW;
  for (const number of numbers) {
    high = Math.imul(high ^ number, 0xcc9e2d51);
    high = Math.imul((high << 13) | (high >>> 19), 5) + low;
    low = Math.imul(low ^ (number + 0x7f4a7c15), 0x1b873593);
    low = Math.imul((low << 17) | (low >>> 15), 9) + (high >>> 7);
  }
  high = Math.imul(high ^ (high >>> 16), 0x7feb352d);
  low = Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  return { high: (high ^ (low >>> 16)) | 0, low: (low ^ (high >>> 15)) | 0 };
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
