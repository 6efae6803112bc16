import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { sha256 } from '../../plan/canonical.ts';
import type { BodyDigest } from '../decider/events.ts';

/**
 * Octets of a chunk before compression. Each chunk is compressed on its own, so that the chunks' bounds depend on the
 * text alone. A chunk that does not compress still stays below the 400 KB of an item.
 */
const CHUNK_BYTES = 300_000;

/** One piece of a stored body. */
export interface BodyChunk {
  /** 1 to `of`. */
  readonly number: number;
  readonly of: number;
  /** SHA-256 of the octets before compression, 64 hexadecimal digits: it shows which chunk was altered. */
  readonly sha: string;
  /** Raw DEFLATE (RFC 1951). */
  readonly data: Uint8Array;
}

/** Cuts a text's UTF-8 octets into chunks, at least one; a character may lie across two of them. */
export function chunksOf(text: string): readonly BodyChunk[] {
  const bytes = Buffer.from(text, 'utf8');
  const of = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  return Array.from({ length: of }, (_, index) => {
    const piece = bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    return { number: index + 1, of, sha: shaOf(piece), data: deflateRawSync(piece) };
  });
}

/** A body put together again, or what is wrong with it: the end of a sentence that begins with the body's name. */
export type JoinedBody =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'damaged'; readonly what: string };

/** Puts the chunks of one body together, in order of number, and checks them against the digest. Total. */
export function joinChunks(chunks: readonly BodyChunk[], digest: BodyDigest): JoinedBody {
  const of = chunks[0]?.of;
  if (of === undefined) return damaged('is missing');
  const pieces: Uint8Array[] = [];
  for (let number = 1; number <= of; number += 1) {
    const chunk = chunks[number - 1];
    if (chunk === undefined || chunk.number !== number) return damaged(`lacks chunk ${number} of ${of}`);
    const piece = inflated(chunk);
    if (chunk.of !== of || piece === undefined) return damaged(`is damaged in chunk ${number} of ${of}`);
    pieces.push(piece);
  }
  if (chunks.length > of) return damaged(`has ${chunks.length} chunks where there should be ${of}`);
  const text = Buffer.concat(pieces).toString('utf8');
  return sha256(text) === digest
    ? { type: 'text', text }
    : damaged(`does not match its digest, although each of its ${of} chunks is whole: they were replaced`);
}

/** The chunk's octets; undefined when they are not those that were stored. */
function inflated({ data, sha }: BodyChunk): Uint8Array | undefined {
  try {
    const piece = inflateRawSync(data, { maxOutputLength: CHUNK_BYTES });
    return shaOf(piece) === sha ? piece : undefined;
  } catch {
    return undefined;
  }
}

function damaged(what: string): JoinedBody {
  return { type: 'damaged', what };
}

function shaOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
