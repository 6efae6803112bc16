/** The newest format of a cell's log, which lib/ledger/decider/formats.ts describes. A deployed stack names it. */
export const NEWEST_LEDGER_FORMAT = 6;

/** Who wrote something stored, and in which format (docs/adr/0040-formats-of-what-is-stored.md). */
export interface WrittenBy {
  /** 1 or more. */
  readonly format: number;
  /**
   * The oldest format whose readers may read it: the same as `format` where an older reader would go wrong, lower where
   * an older reader may ignore the fields that it does not know.
   */
  readonly readableFrom: number;
  /** The release of Pawl that wrote it, `0.2.0`. */
  readonly pawl: string;
}

/**
 * How a reader reads what was written. `known`: by the format's own rules. `tolerated`: by the rules of the reader's
 * newest format, ignoring unknown fields. `newer`: not at all, with the reason in a phrase.
 */
export type Readability =
  | { readonly type: 'known' }
  | { readonly type: 'tolerated' }
  | { readonly type: 'newer'; readonly what: string };

/** @param newest the newest format that the reader knows. */
export function readability({ format, readableFrom, pawl }: WrittenBy, newest: number): Readability {
  if (format <= newest) return { type: 'known' };
  if (readableFrom <= newest) return { type: 'tolerated' };
  const what = `Pawl ${pawl} wrote it in format ${format}, and this Pawl reads formats up to ${newest}`;
  return { type: 'newer', what };
}

/**
 * A stored document's fields about its writer: `format`, and from a document's second format on also `readableFrom` and
 * `pawl`. Undefined when it is no document, or has no format.
 */
export function writtenBy(document: unknown): WrittenBy | undefined {
  if (document === null || typeof document !== 'object' || !('format' in document)) return undefined;
  const { format } = document;
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < 1) return undefined;
  const readableFrom = 'readableFrom' in document ? document.readableFrom : format;
  const pawl = 'pawl' in document && typeof document.pawl === 'string' ? document.pawl : 'of another release';
  return typeof readableFrom === 'number' ? { format, readableFrom, pawl } : undefined;
}
