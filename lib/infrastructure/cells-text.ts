import { deflateRawSync } from 'node:zlib';
import { Token } from 'aws-cdk-lib';
import type { NamedCell } from './zone-permissions.ts';
import { placeOf } from './zone-permissions.ts';

/** Characters of the list of cells up to which it stays as it is, which people read more easily. */
const CELLS_TEXT_MAX = 2_048;

/** The cells as the functions read them; compressed where many of them are too long for an environment of 4 KB. */
export function cellsText(cells: readonly NamedCell[]): string {
  const text = JSON.stringify(Object.fromEntries(cells.map((each) => [each.cell, placeOf(each)])));
  // What is known at the deployment alone cannot be compressed before it.
  return text.length <= CELLS_TEXT_MAX || Token.isUnresolved(text)
    ? text
    : deflateRawSync(text).toString('base64');
}
