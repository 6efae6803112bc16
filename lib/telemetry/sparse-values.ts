/** Of metrics that have a value above 0 alone: which of their values are published. */
export interface SparseValues {
  /**
   * Whether this value is published: one above 0, and 0 within an hour after one.
   *
   * @param of the cell or the ledger that the metric is of.
   */
  isPublished(of: string, metric: string, value: number): boolean;
}

/**
 * Zeros end an alarm at once, and say that "again" was not "still". CloudWatch bills the hour in which the value above 0
 * came whatever follows it, and no alarm on such a metric looks back farther than 25 minutes
 * (docs/adr/0077-a-metric-that-is-0-has-no-value.md).
 */
const ZEROS_FOLLOW_MS = 3_600_000;
/** So many metrics are remembered; of what is beyond, values above 0 are published, and no zeros follow. */
const REMEMBERED_MAX = 2_000;

/**
 * What was above 0 is remembered as long as the container works. Another container publishes no zeros after it: an alarm
 * must be right without them too.
 *
 * @param now milliseconds since 1970.
 */
export function sparseValues(now: () => number): SparseValues {
  const aboveAt = new Map<string, number>();
  return {
    isPublished: (of, metric, value) => {
      const key = JSON.stringify([of, metric]);
      if (value > 0) {
        if (aboveAt.has(key) || aboveAt.size < REMEMBERED_MAX) aboveAt.set(key, now());
        return true;
      }
      const at = aboveAt.get(key);
      if (at === undefined) return false;
      if (now() - at < ZEROS_FOLLOW_MS) return true;
      aboveAt.delete(key);
      return false;
    },
  };
}
