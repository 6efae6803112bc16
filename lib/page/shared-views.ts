import type { Clock } from '../runtime/clock.ts';
import { tokenBucket } from '../runtime/refilled-bucket.ts';
import type { PageViews, ViewOutcome } from './page-views.ts';

/** Views that are read at the same time, those that are read a second, and those that are saved up. */
const AT_ONCE_MAX = 6;
const VIEWS_PER_SECOND = 4;
const VIEWS_SAVED_UP = 24;
/** Views that are remembered. */
const KEPT_MAX = 64;

interface KeptView {
  readonly at: number;
  readonly outcome: Promise<ViewOutcome>;
}

/**
 * Views for everybody who has the page open: whoever asks for what somebody asked for a moment ago gets the same, and no
 * number of pages reads more than a bounded rate.
 *
 * @param freshMs how long a view is given again, milliseconds.
 * @returns `busy` where too much was asked for at once: nothing was read.
 */
export function sharedViews(
  views: Pick<PageViews, 'view'>,
  clock: Clock,
  freshMs: number,
): (path: readonly string[]) => Promise<ViewOutcome | 'busy'> {
  const kept = new Map<string, KeptView>();
  const bucket = tokenBucket(clock, VIEWS_PER_SECOND, VIEWS_SAVED_UP);
  let running = 0;
  return async (path) => {
    const key = JSON.stringify(path);
    const known = kept.get(key);
    if (known !== undefined && clock.now() - known.at < freshMs) return known.outcome;
    if (running >= AT_ONCE_MAX || bucket.waitMs(1, 0) > 0) return 'busy';
    bucket.take(1);
    running += 1;
    const outcome = views.view(path).finally(() => {
      running -= 1;
    });
    kept.delete(key);
    kept.set(key, { at: clock.now(), outcome });
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return outcome;
  };
}
