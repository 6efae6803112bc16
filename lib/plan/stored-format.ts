/** The newest format of a cell's log; lib/ledger/decider/formats.ts says what it holds. A deployed stack names it. */
export const NEWEST_LEDGER_FORMAT = 2;

/** Who wrote something stored, and in which format (docs/adr/0040-formats-of-what-is-stored.md). */
export interface WrittenBy {
  /** 1 or more. */
  readonly format: number;
  /**
   * The oldest format whose readers go on with it: the same as `format` where an older reader would go wrong; lower where
   * it may pass over the fields that it does not know.
   */
  readonly readableFrom: number;
  /** The release of Pawl that wrote it, `0.2.0`. */
  readonly pawl: string;
}

/**
 * How a reader takes what was written: `known`, by the format's own rules; `tolerated`, by those of the reader's newest
 * format, passing over fields that it does not have; `newer`, not at all, and why, in a phrase.
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
 * What a stored document says of its writer: `format`, and from the second format of a document on also `readableFrom`
 * and `pawl`. Undefined when it is no document, or has no format.
 */
export function writtenBy(document: unknown): WrittenBy | undefined {
  if (document === null || typeof document !== 'object' || !('format' in document)) return undefined;
  const { format } = document;
  if (typeof format !== 'number' || !Number.isSafeInteger(format) || format < 1) return undefined;
  const readableFrom = 'readableFrom' in document ? document.readableFrom : format;
  const pawl = 'pawl' in document && typeof document.pawl === 'string' ? document.pawl : 'of another release';
  return typeof readableFrom === 'number' ? { format, readableFrom, pawl } : undefined;
}
