import { gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { TrailUnreadable } from '../../lib/trail/trail-event.ts';
import { TrailAway } from '../../lib/trail-watch/trail-store.ts';
import { s3Trail } from '../../lib/wiring/trail-bucket.ts';

const PREFIX = 'AWSLogs/123456789012/CloudTrail/us-east-1/';
const NOON = Date.UTC(2026, 10, 28, 12);
const HOUR_MS = 3_600_000;

function key(day: string, time: string, what = 'CloudTrail'): string {
  const date = day.replaceAll('/', '');
  return `${PREFIX}${day}/123456789012_${what}_us-east-1_${date}T${time}Z_AbCd.json.gz`;
}

const s3 = mockClient(S3Client);
afterAll(() => s3.restore());
const objects = new Map<string, Uint8Array>();
const listed: string[] = [];

function trail() {
  return s3Trail(new S3Client({ region: 'us-east-1' }), { bucket: 'my-trail', prefixes: [PREFIX] });
}

beforeEach(() => {
  s3.reset();
  objects.clear();
  listed.length = 0;
  // Strict: a listing of something else than a day of the trail is a bug, and every page holds one key.
  s3.on(ListObjectsV2Command).callsFake(
    ({ Bucket, Prefix, ContinuationToken = '' }: Record<string, string>) => {
      if (
        Bucket !== 'my-trail' ||
        !/^AWSLogs\/\d+\/CloudTrail\/us-east-1\/\d{4}\/\d\d\/\d\d\/$/.test(Prefix ?? '')
      )
        throw new Error('an odd listing');
      listed.push(`${Prefix}`);
      const [first, ...rest] = [...objects.keys()]
        .filter((each) => each.startsWith(Prefix ?? '') && each > ContinuationToken)
        .sort();
      return {
        Contents: first === undefined ? [] : [{ Key: first }],
        IsTruncated: rest.length > 0,
        ...(rest.length > 0 ? { NextContinuationToken: first } : {}),
      };
    },
  );
  s3.on(GetObjectCommand).callsFake(({ Key = '' }: Record<string, string>) => {
    const bytes = objects.get(Key);
    if (bytes === undefined) throw Object.assign(new Error('gone'), { name: 'NoSuchKey' });
    return { Body: { transformToByteArray: async () => bytes } };
  });
});

describe('the files of a trail in a bucket', () => {
  it('are found by the minute in their names, over days and pages, and in that order', async () => {
    for (const each of [
      key('2026/11/27', '2355'),
      key('2026/11/28', '0900'),
      key('2026/11/28', '1130'),
      key('2026/11/28', '1105'),
      key('2026/11/28', '1205'),
    ])
      objects.set(each, new Uint8Array());
    const found = async (from: number) => (await trail().objects(from, NOON)).map((each) => each.key);
    expect(await found(NOON - HOUR_MS)).toEqual([key('2026/11/28', '1105'), key('2026/11/28', '1130')]);
    const [first] = await trail().objects(NOON - HOUR_MS, NOON);
    expect(first?.delivered).toBe(NOON - 55 * 60_000);
    expect(await found(NOON - 13 * HOUR_MS)).toHaveLength(4);
    expect(new Set(listed)).toEqual(new Set([`${PREFIX}2026/11/27/`, `${PREFIX}2026/11/28/`]));
  });

  it('are not digests, insights or anything else that lies there', async () => {
    objects.set(`${PREFIX}2026/11/28/readme.txt`, new Uint8Array());
    objects.set(`${PREFIX}2026/11/28/x_20261128T1130Z_AbCd.json`, new Uint8Array());
    expect(await trail().objects(NOON - HOUR_MS, NOON)).toEqual([]);
  });

  it('are unpacked and read as those on a disk are', async () => {
    const record = {
      ...{ eventSource: 'route53.amazonaws.com', eventName: 'ChangeResourceRecordSets', eventID: 'e1' },
      ...{ eventTime: '2026-11-28T11:00:00Z', userIdentity: { arn: 'arn:aws:iam::1:user/ana' } },
      requestParameters: { hostedZoneId: 'Z1', changeBatch: { changes: [] } },
    };
    const other = { eventSource: 's3.amazonaws.com', eventName: 'PutObject' };
    const object = { key: key('2026/11/28', '1130'), delivered: NOON };
    objects.set(object.key, gzipSync(JSON.stringify({ Records: [other, record] })));
    expect(await trail().events(object)).toMatchObject([{ id: 'e1', zoneId: 'Z1' }]);
  });

  it('are at fault themselves where they are cut off, no trail, or gone', async () => {
    const object = { key: key('2026/11/28', '1130'), delivered: NOON };
    const whole = gzipSync(JSON.stringify({ Records: [{ a: 'x'.repeat(2_000) }] }));
    for (const bytes of [
      whole.subarray(0, -9),
      Buffer.from('{}'),
      gzipSync('{"Records": 1}'),
      gzipSync('{'),
    ]) {
      objects.set(object.key, bytes);
      await expect(trail().events(object)).rejects.toThrow(TrailUnreadable);
    }
    objects.clear();
    await expect(trail().events(object)).rejects.toThrow(TrailUnreadable);
  });

  it('are away where S3 refuses or does not answer', async () => {
    const object = { key: key('2026/11/28', '1130'), delivered: NOON };
    for (const name of ['AccessDenied', 'NoSuchBucket', 'TimeoutError', 'SlowDown']) {
      const error = Object.assign(new Error('no'), { name });
      s3.on(ListObjectsV2Command).rejects(error);
      s3.on(GetObjectCommand).rejects(error);
      await expect(trail().objects(NOON - HOUR_MS, NOON)).rejects.toThrow(TrailAway);
      await expect(trail().events(object)).rejects.toThrow(`cannot be read (${name})`);
    }
  });
});
