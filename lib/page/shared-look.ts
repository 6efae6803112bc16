import type { Clock } from '../runtime/clock.ts';
import type { PageViews } from './page-views.ts';

/** What everybody who has the page open is told. Times are milliseconds since 1970, by the clock of this machine. */
export interface LookNews {
  readonly now: number;
  /** When the last look that succeeded ended; null before the first. */
  readonly lookedAt: number | null;
  /** Since when looks fail, and why; null while they succeed. */
  readonly failed: { readonly since: number; readonly reason: string } | null;
  /** All cells; absent where they are as they were told. */
  readonly cells?: readonly unknown[];
  /** Those not told before; for a newcomer, the newest ones. */
  readonly events?: readonly unknown[];
}

type Listener = (news: LookNews) => void;

/** One look for everybody who has the page open; nobody looks while nobody has. */
export interface SharedLook {
  /** Tells what is known now, then every news. @returns how to end it. */
  follow(listener: Listener): () => void;
  /** Resolves when no look is on its way any more. */
  close(): Promise<void>;
}

interface LookDeps {
  readonly views: Pick<PageViews, 'look'>;
  readonly clock: Clock;
  /** Between two looks, milliseconds. */
  readonly everyMs: number;
}

/** Events that a newcomer is told. */
const EVENTS_TOLD = 200;

/** What was seen so far. */
interface Memory {
  lookedAt: number | null;
  failed: LookNews['failed'];
  cells: readonly unknown[] | undefined;
  events: readonly unknown[];
}

/**
 * Looks again and again while somebody follows. However many follow, the world is asked once: that is what
 * `pawl status --watch` asks.
 */
export function sharedLook(deps: LookDeps): SharedLook {
  const { clock } = deps;
  const listeners = new Set<Listener>();
  const memory: Memory = { lookedAt: null, failed: null, cells: undefined, events: [] };
  let looking: Promise<void> | undefined;
  let rest = new AbortController();

  const tell = (news: Pick<LookNews, 'cells' | 'events'>): void => {
    const { lookedAt, failed } = memory;
    for (const listener of listeners) listener({ now: clock.now(), lookedAt, failed, ...news });
  };
  const run = async (): Promise<void> => {
    while (listeners.size > 0) {
      tell(await lookOnce(deps, memory));
      rest = new AbortController();
      if (listeners.size > 0) await clock.sleep(deps.everyMs, rest.signal).catch(() => undefined);
    }
    looking = undefined;
  };
  return {
    follow: (listener) => {
      listeners.add(listener);
      const { lookedAt, failed, cells, events } = memory;
      listener({ now: clock.now(), lookedAt, failed, ...(cells === undefined ? {} : { cells }), events });
      looking ??= run();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) rest.abort();
      };
    },
    close: async () => {
      listeners.clear();
      rest.abort();
      await looking;
    },
  };
}

/** Looks, remembers what was seen, and returns what of it is new. */
async function lookOnce(
  { views, clock }: LookDeps,
  memory: Memory,
): Promise<Pick<LookNews, 'cells' | 'events'>> {
  try {
    const { cells, events } = await views.look();
    const isNew = JSON.stringify(cells) !== JSON.stringify(memory.cells);
    memory.cells = cells;
    memory.events = [...memory.events, ...events].slice(-EVENTS_TOLD);
    memory.lookedAt = clock.now();
    memory.failed = null;
    return { ...(isNew ? { cells } : {}), ...(events.length === 0 ? {} : { events }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    memory.failed = { since: memory.failed?.since ?? clock.now(), reason };
    return {};
  }
}
