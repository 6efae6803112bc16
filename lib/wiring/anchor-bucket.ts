import { S3Client } from '@aws-sdk/client-s3';
import type { AnchorStore } from '../ledger/anchor-store.ts';
import { s3Anchors } from '../ledger/s3/s3-anchors.ts';

/** A bucket's name (S3 User Guide, "General purpose bucket naming rules"). */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ATTEMPTS_MAX = 4;

/** The bucket may be of another Region than the ledger: S3 says of which, and the client asks there. */
export function anchorBucket(
  bucket: string,
  where: { readonly region?: string; readonly profile?: string } = {},
): AnchorStore {
  return s3Anchors(
    new S3Client({ maxAttempts: ATTEMPTS_MAX, followRegionRedirects: true, ...where }),
    bucket,
  );
}

/** The bucket that the stack has given to a function; undefined where the deployment has none. */
export function anchorsOfFunction(env: NodeJS.ProcessEnv = process.env): AnchorStore | undefined {
  const bucket = env['PAWL_ANCHORS'];
  return bucket === undefined ? undefined : anchorBucket(bucket);
}

/** Whether a text can be the name of a bucket. */
export function isBucketName(text: string): boolean {
  return BUCKET.test(text);
}
