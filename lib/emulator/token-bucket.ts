/** A bucket that starts full. */
export interface BucketSettings {
  /** Tokens the bucket holds, at least 1. */
  readonly burst: number;
  /** Tokens that come back a second, above 0. */
  readonly perSecond: number;
}

/** What a bucket holds at an instant (milliseconds). Immutable. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/**
 * Takes `cost` tokens at `now`; `undefined` when there are not enough, and then nothing is taken.
 * A cost above the burst empties a full bucket, which then owes the rest: otherwise such a cost could never be paid.
 */
export function takeTokens(
  bucket: Bucket | undefined,
  settings: BucketSettings,
  now: number,
  cost: number,
): Bucket | undefined {
  const held =
    bucket === undefined
      ? settings.burst
      : Math.min(settings.burst, bucket.tokens + (Math.max(0, now - bucket.at) * settings.perSecond) / 1000);
  if (held < Math.min(cost, settings.burst)) return undefined;
  return { tokens: held - cost, at: now };
}
