import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { TrailEvent } from '../trail/trail-event.ts';
import { TrailUnreadable } from '../trail/trail-event.ts';
import type { TrailObject, TrailStore } from '../trail-watch/trail-store.ts';
import { TrailAway } from '../trail-watch/trail-store.ts';
import { eventsOfDocument } from './read-trail.ts';

/** What the stack says of the bucket in which CloudTrail leaves its files. */
export interface TrailBucketSettings {
  readonly bucket: string;
  /** What stands before the year: `AWSLogs/123456789012/CloudTrail/us-east-1/`. */
  readonly prefixes: readonly string[];
}

/** CloudTrail's names have the minute of their delivery (CloudTrail User Guide, "CloudTrail log file name format"). */
const DELIVERED = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_[^/]*[.]json[.]gz$/;
const DAY_MS = 86_400_000;
const ATTEMPTS_MAX = 4;
/** A page of a listing has at most 1,000 keys (ListObjectsV2, API reference). */
const PAGES_MAX = 1_000;
/** CloudTrail's files are far smaller; what is larger is no file of a trail. */
const UNPACKED_BYTES_MAX = 256_000_000;

/** The bucket may be of another Region than the function: S3 says of which, and the client asks there. */
export function trailBucket(settings: TrailBucketSettings): TrailStore {
  return s3Trail(new S3Client({ maxAttempts: ATTEMPTS_MAX, followRegionRedirects: true }), settings);
}

/** A trail's files in an S3 bucket, which nothing here can write to. */
export function s3Trail(
  client: Pick<S3Client, 'send'>,
  { bucket, prefixes }: TrailBucketSettings,
): TrailStore {
  const listed = async (folder: string): Promise<readonly TrailObject[]> => {
    const objects: TrailObject[] = [];
    let ContinuationToken: string | undefined;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const input = {
        ...{ Bucket: bucket, Prefix: folder },
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      };
      const answer = await reached(bucket, () => client.send(new ListObjectsV2Command(input)));
      for (const { Key = '' } of answer.Contents ?? []) {
        const delivered = deliveredAt(Key);
        if (delivered !== undefined) objects.push({ key: Key, delivered });
      }
      if (answer.IsTruncated !== true) return objects;
      ContinuationToken = answer.NextContinuationToken;
      if (ContinuationToken === undefined) throw new TrailAway(`${bucket} gives a page without the next.`);
    }
    throw new TrailAway(`${folder} in the bucket ${bucket} has more than ${PAGES_MAX} pages of objects.`);
  };
  return {
    objects: async (from, upTo) => {
      const found: TrailObject[] = [];
      for (const prefix of prefixes)
        for (const day of daysOf(from, upTo)) found.push(...(await listed(`${prefix}${day}/`)));
      return found
        .filter(({ delivered }) => delivered >= from && delivered <= upTo)
        .sort((a, b) => a.delivered - b.delivered || (a.key < b.key ? -1 : 1));
    },
    events: async ({ key }) => {
      const bytes = await reached(bucket, async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body?.transformToByteArray();
      });
      return [...eventsOf(key, bytes ?? new Uint8Array())];
    },
  };
}

function* eventsOf(key: string, bytes: Uint8Array): Generator<TrailEvent> {
  let text: string;
  try {
    text = gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }).toString('utf8');
  } catch (cause) {
    throw new TrailUnreadable(`${key} is cut off, or not packed as CloudTrail packs its files.`, { cause });
  }
  for (const events of eventsOfDocument(key, text, { files: 1, others: 0 })) yield* events;
}

/** The minute in the name of a file of CloudTrail's; undefined for everything else, such as its digests. */
function deliveredAt(key: string): number | undefined {
  const parts = DELIVERED.exec(key);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute);
}

/** The folders of the days that an interval touches: `2026/11/28`. */
function daysOf(from: number, upTo: number): readonly string[] {
  const days: string[] = [];
  for (let at = Math.floor(from / DAY_MS) * DAY_MS; at <= upTo; at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10).replaceAll('-', '/'));
  return days;
}

/** @throws TrailUnreadable for an object that is gone, TrailAway for whatever else keeps it from being read. */
async function reached<Answer>(bucket: string, request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await request();
  } catch (cause) {
    const kind = cause instanceof Error ? cause.name : 'unknown error';
    if (kind === 'NoSuchKey')
      throw new TrailUnreadable('The object was deleted between its listing and its reading.', { cause });
    throw new TrailAway(
      `The trail in the bucket ${bucket} cannot be read (${kind}): check the bucket's policy, the key, and the settings of "trail".`,
      { cause },
    );
  }
}
