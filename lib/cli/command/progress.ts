import type { Clock } from '../../runtime/clock.ts';
import type { Session } from './session.ts';

/** A progress bar on standard error, which appears only after a while. */
export interface Progress {
  /** One more of them is done. */
  step(): void;
  /** Removes the line. */
  end(): void;
}

const SHOWN_AFTER_MS = 2_000;
const BETWEEN_MS = 100;
const BAR_COLUMNS = 24;

/** Progress towards `total`, shown only where standard error is a terminal. */
export function progress(session: Session, clock: Clock, what: string, total: number): Progress {
  const { terminal } = session;
  const startedAt = clock.now();
  let done = 0;
  let shownAt = 0;
  return {
    step: () => {
      done += 1;
      const now = clock.now();
      if (!terminal.showsProgress || now - startedAt < SHOWN_AFTER_MS || now - shownAt < BETWEEN_MS) return;
      shownAt = now;
      terminal.complain(`\r${bar(done, total)} ${what} ${done} of ${total}\u001b[K`);
    },
    end: () => {
      if (shownAt > 0) terminal.complain('\r\u001b[K');
    },
  };
}

function bar(done: number, total: number): string {
  const full = Math.min(BAR_COLUMNS, Math.round((done / Math.max(1, total)) * BAR_COLUMNS));
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_COLUMNS - full)}]`;
}
