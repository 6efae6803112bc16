import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

/** Far fewer than S3's 1,000, so that every listing has pages. */
const PAGE_KEYS = 2;

export interface FakeBucket {
  readonly objects: Map<string, string>;
  readonly client: S3Client;
  /** From now on nothing can be reached. */
  lose(): void;
  /** Clients of S3 are real again. */
  restore(): void;
}

/** A bucket in memory, in the place of every S3 client. Strict: a put must be conditional, and replaces nothing. */
export function fakeBucket(): FakeBucket {
  const client = new S3Client({ region: 'us-east-1' });
  const stub = mockClient(S3Client);
  const objects = new Map<string, string>();
  stub.on(PutObjectCommand).callsFake(({ Key, Body, IfNoneMatch }: Record<string, string>) => {
    if (Key === undefined || Body === undefined || IfNoneMatch !== '*') throw new Error('an odd put');
    if (objects.has(Key)) throw Object.assign(new Error('exists'), { name: 'PreconditionFailed' });
    objects.set(Key, Body);
    return {};
  });
  stub.on(ListObjectsV2Command).callsFake(({ Prefix = '', StartAfter = '' }: Record<string, string>) => {
    const keys = [...objects.keys()].filter((key) => key.startsWith(Prefix) && key > StartAfter).sort();
    return {
      Contents: keys.slice(0, PAGE_KEYS).map((Key) => ({ Key })),
      IsTruncated: keys.length > PAGE_KEYS,
    };
  });
  return {
    objects,
    client,
    lose: () => {
      stub.rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
      for (const command of [PutObjectCommand, ListObjectsV2Command])
        stub.on(command as never).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
    },
    restore: () => stub.restore(),
  };
}
