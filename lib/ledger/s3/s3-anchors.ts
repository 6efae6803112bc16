import type { S3Client } from '@aws-sdk/client-s3';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { HeadMark } from '../../plan/fence.ts';
import { MARK_DIGITS } from '../../plan/fence.ts';
import type { CellName } from '../../plan/names.ts';
import type { AnchorStore } from '../anchor-store.ts';
import { LedgerUnavailable } from '../ledger.ts';

const NUMBER_DIGITS = 12;
/** `use1-a/000000000151-9f3c…`: the hash is part of the key, so that a listing has it and no object takes another's place. */
const KEY = /^[a-z0-9-]+\/(\d{12})-([0-9a-f]{64})$/;
/** A page of a listing has at most 1,000 keys (ListObjectsV2, API reference); a cell with more events than this is not one. */
const PAGES_MAX = 100_000;

/**
 * Anchors in one S3 bucket. Its object lock and its retention are the bucket's own settings; a put is conditional, so
 * that an object that is there stays as it is ("Conditional writes", S3 User Guide: `If-None-Match: *`).
 */
export function s3Anchors(client: Pick<S3Client, 'send'>, bucket: string): AnchorStore {
  const name = `the bucket ${bucket}`;
  const list = async function* (cell: CellName, after: number, prefix: string): AsyncGenerator<HeadMark> {
    // `~` comes after every character of a hash, and so after every key of that number.
    let StartAfter = `${prefixOf(cell, after)}~`;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const input = { Bucket: bucket, Prefix: prefix, StartAfter };
      const { Contents = [], IsTruncated } = await reached(name, () =>
        client.send(new ListObjectsV2Command(input)),
      );
      for (const { Key = '' } of Contents) {
        const [, number, hash] = KEY.exec(Key) ?? [];
        if (number !== undefined && hash !== undefined)
          yield { number: Number(number), digits: hash.slice(0, MARK_DIGITS) };
      }
      const last = Contents.at(-1)?.Key;
      if (IsTruncated !== true || last === undefined) return;
      StartAfter = last;
    }
  };
  return {
    name,
    keep: async (cell, { number, hash }) => {
      const key = `${prefixOf(cell, number)}${hash}`;
      const input = { Bucket: bucket, Key: key, Body: `${hash}\n`, IfNoneMatch: '*' };
      await reached(name, () => client.send(new PutObjectCommand(input)), isThere);
      const own = hash.slice(0, MARK_DIGITS);
      for await (const { digits } of list(cell, number - 1, prefixOf(cell, number)))
        if (digits !== own) return 'contradicted';
      return 'kept';
    },
    marks: async (cell, after, upTo) => {
      const found: HeadMark[] = [];
      for await (const mark of list(cell, after, `${cell}/`)) {
        if (mark.number > upTo) break;
        found.push(mark);
      }
      return found;
    },
  };
}

function prefixOf(cell: CellName, number: number): string {
  return `${cell}/${String(number).padStart(NUMBER_DIGITS, '0')}-`;
}

/** The object is there already, as after an answer that was lost. */
function isThere(error: unknown): boolean {
  return error instanceof Error && error.name === 'PreconditionFailed';
}

/** @throws LedgerUnavailable with one sentence, unless `allowed` takes the error for an answer. */
async function reached<Answer>(
  name: string,
  request: () => Promise<Answer>,
  allowed: (error: unknown) => boolean = () => false,
): Promise<Answer | Record<string, never>> {
  try {
    return await request();
  } catch (cause) {
    if (allowed(cause)) return {};
    const kind = cause instanceof Error ? cause.name : 'unknown error';
    throw new LedgerUnavailable(
      `The anchors in ${name} cannot be reached (${kind}): check the bucket's name, its Region and the permissions s3:ListBucket and, for the herald, s3:PutObject.`,
      { cause },
    );
  }
}
