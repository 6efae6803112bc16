import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LeaseItem } from '../../lib/lease/dynamodb/lease-items.ts';

// What DynamoDB bills, after its Developer Guide ("DynamoDB item sizes and formats", "DynamoDB read and write operations").

export const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/** The size of an item of texts, numbers, bytes and truth values: the UTF-8 of its names, and its values. */
export function itemBytes(item: LeaseItem): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

/** Units of one write of the item that replaces none that is larger. */
export function writeUnitsOf(item: LeaseItem): number {
  return Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES);
}

/** Units of a strongly consistent read of so many bytes; a read that finds nothing is one. */
export function readUnitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
}

/** @throws Error for a type that no item of leases has. */
function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.BOOL !== undefined) return 1;
  if (value.N !== undefined) return numberBytes(value.N);
  throw new Error('An item of leases has texts, numbers, bytes and truth values.');
}

/** A byte for two significant digits, and one more; zeroes at either end do not count. */
function numberBytes(numeral: string): number {
  return Math.ceil(numeral.replace(/^0+|0+$/g, '').length / 2) + 1;
}
