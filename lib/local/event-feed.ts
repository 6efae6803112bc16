import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Reporter } from './reports.ts';
import { pause, reasonOf } from './role-loop.ts';

export interface FeedDeps {
  readonly ledger: () => Promise<Ledger>;
  readonly clock: Clock;
  readonly report: Reporter;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  /** The number of the last event that needs no telling, by cell; a cell that is not here is told from its first. */
  readonly told: Map<CellName, number>;
}

const EVENTS_A_PAGE = 200;

/** Reports every event of every cell in the order of its log, until the signal is aborted, then what came meanwhile. */
export async function followEvents(deps: FeedDeps): Promise<void> {
  const { clock, signal, pollMs } = deps;
  let quiet = false;
  for (;;) {
    const isLast = signal.aborted;
    try {
      await tellNew(deps);
      quiet = false;
    } catch (error) {
      if (isLast) return;
      // Said once: the roles say the same of a ledger that is down.
      if (!quiet) deps.report({ type: 'trouble', role: 'feed', reason: reasonOf(error), waitMs: pollMs });
      quiet = true;
    }
    if (isLast) return;
    await pause(clock, pollMs, signal);
  }
}

async function tellNew({ ledger: open, report, told }: FeedDeps): Promise<void> {
  const ledger = await open();
  for (const cell of await ledger.cells()) {
    for (let more = true; more; ) {
      const after = told.get(cell) ?? 0;
      const events = await ledger.events(cell, { after, limit: EVENTS_A_PAGE, order: 'forward' });
      for (const event of events) {
        report({ type: 'event', event });
        told.set(cell, event.number);
      }
      more = events.length === EVENTS_A_PAGE;
    }
  }
}
