import type { ToldEvent } from '../events/told-event.ts';
import { toldEvent } from '../events/told-event.ts';
import type { AnchorStore } from '../ledger/anchor-store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import { repeatedFailures } from './repeated-failures.ts';
import type { Reporter } from './reports.ts';
import { pause } from './role-loop.ts';

export interface FeedDeps {
  readonly ledger: () => Promise<Ledger>;
  readonly clock: Clock;
  readonly report: Reporter;
  /** Keep each event before it is reported. */
  readonly anchors: Pick<AnchorStore, 'keep'>;
  /** Gets what leaves for the events, as from a deployed stack; nobody does unless given. */
  readonly outlet?: { tell(events: readonly ToldEvent[]): void } | undefined;
  readonly pollMs: number;
  /**
   * The number of the last event that needs no report, by cell; a cell that is not here is reported from its first
   * event.
   */
  readonly told: Map<CellName, number>;
}

/** Keeps the hash of every event and reports it, each once and in the order of its log. */
export interface EventFeed {
  /** Reports what is new by now. @throws LedgerUnavailable. */
  tell(): Promise<void>;
  /** Does so again and again until the signal is aborted, and a last time then; never throws. */
  follow(signal: AbortSignal): Promise<void>;
}

const EVENTS_A_PAGE = 200;

export function eventFeed(deps: FeedDeps): EventFeed {
  let telling: Promise<void> = Promise.resolve();
  const tell = (): Promise<void> => {
    // One at a time: two at once would each report what both have read.
    telling = telling.catch(() => undefined).then(() => tellNew(deps));
    return telling;
  };
  const follow = async (signal: AbortSignal): Promise<void> => {
    const failing = repeatedFailures(deps, { role: 'feed' });
    for (;;) {
      const isLast = signal.aborted;
      try {
        await tell();
        failing.none();
      } catch (error) {
        if (isLast) return;
        failing.one(error, deps.pollMs);
      }
      if (isLast) return;
      await pause(deps.clock, deps.pollMs, signal);
    }
  };
  return { tell, follow };
}

async function tellNew({ ledger: open, report, anchors, told, outlet }: FeedDeps): Promise<void> {
  const ledger = await open();
  for (const cell of await ledger.cells()) {
    for (let more = true; more; ) {
      const after = told.get(cell) ?? 0;
      const events = await ledger.events(cell, { after, limit: EVENTS_A_PAGE, order: 'forward' });
      for (const event of events) {
        await anchors.keep(cell, event);
        told.set(cell, event.number);
        report({ type: 'event', event });
      }
      if (outlet !== undefined && events.length > 0) {
        const zone = (await ledger.head(cell)).state.fleet?.zone ?? null;
        outlet.tell(events.flatMap((event) => toldEvent(event, { stack: null, zone }) ?? []));
      }
      more = events.length === EVENTS_A_PAGE;
    }
  }
}
