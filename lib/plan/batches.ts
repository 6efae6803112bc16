import { invariant } from './invariant.ts';
import type { Change } from './records.ts';

/** ResourceRecord elements a request, an alias counted as one (Route 53 quotas, ChangeResourceRecordSets). */
export const BATCH_ELEMENTS_MAX = 1_000;
/** Characters of all values in a request (Route 53 quotas, ChangeResourceRecordSets). */
export const BATCH_CHARACTERS_MAX = 32_000;

/** How much of the request's limits a batch, or a part of one, uses. */
export interface BatchSize {
  readonly elements: number;
  readonly characters: number;
}

/** Changes that stand or fall together: they are never split over two batches. */
export interface BatchPart {
  readonly id: string;
  readonly changes: readonly Change[];
}

/** How much of the limits the changes use. An alias has one element and no characters. */
export function sizeOf(changes: readonly Change[]): BatchSize {
  let elements = 0;
  let characters = 0;
  for (const { record } of changes) {
    elements += Math.max(1, record.values?.length ?? 1);
    for (const value of record.values ?? []) characters += value.length;
  }
  return { elements, characters };
}

const NOTHING: BatchSize = { elements: 0, characters: 0 };

/** True when the changes fit into one request together with `reserved`. */
export function fitsOneBatch(changes: readonly Change[], reserved = NOTHING): boolean {
  const { elements, characters } = sizeOf(changes);
  return (
    elements + reserved.elements <= BATCH_ELEMENTS_MAX &&
    characters + reserved.characters <= BATCH_CHARACTERS_MAX
  );
}

interface Bin<Part> {
  readonly parts: Part[];
  elements: number;
  characters: number;
}

/**
 * Packs parts into as few batches as first-fit decreasing finds (never more than 11/9 of the fewest, plus one),
 * leaving room for `reserved` in each: the fence's own two changes. Parts are whole trees, so that no tree is ever
 * half staged by one batch. The same parts always pack the same way.
 * See docs/adr/0005-trees-are-whole.md.
 *
 * @throws InvariantViolated when one part is too large for a batch: findings refuse such a tree long before.
 */
export function packBatches<Part extends BatchPart>(
  parts: readonly Part[],
  reserved: BatchSize,
): readonly (readonly Part[])[] {
  const elementsMax = BATCH_ELEMENTS_MAX - reserved.elements;
  const charactersMax = BATCH_CHARACTERS_MAX - reserved.characters;
  const sized = parts.map((part) => ({ part, size: sizeOf(part.changes) }));
  const share = ({ size }: { size: BatchSize }) =>
    Math.max(size.elements / elementsMax, size.characters / charactersMax);
  sized.sort((a, b) => share(b) - share(a) || (a.part.id < b.part.id ? -1 : 1));
  const bins: Bin<Part>[] = [];
  for (const { part, size } of sized) {
    invariant(
      size.elements <= elementsMax && size.characters <= charactersMax,
      `${part.id} needs ${size.elements} elements and ${size.characters} characters, more than one batch holds`,
    );
    const bin = bins.find(
      (candidate) =>
        candidate.elements + size.elements <= elementsMax &&
        candidate.characters + size.characters <= charactersMax,
    );
    if (bin === undefined) bins.push({ parts: [part], ...size });
    else {
      bin.parts.push(part);
      bin.elements += size.elements;
      bin.characters += size.characters;
    }
  }
  return bins.map((bin) => bin.parts);
}
