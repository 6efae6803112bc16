import type { LogKnowledge } from './refined-log.ts';
import { gainsOf, lackOf } from './refined-log.ts';

/** What a log said earlier, of which it does not say all any more. */
export interface EarlierLogs {
  readonly all: () => readonly LogKnowledge[];
  /**
   * The log goes on: what it says now is covered, and what it said before is kept where it does not say it any more.
   *
   * @param kept what of `before` is of use.
   */
  readonly goOn: (before: LogKnowledge, now: LogKnowledge, kept: LogKnowledge) => void;
}

/**
 * A log may go on for thousands of events while no batch comes. So each earlier log is only looked at again where the log
 * gains something that one of them has and it lacked.
 */
export function earlierLogs(first: readonly LogKnowledge[]): EarlierLogs {
  let all = first;
  /** For each of them something that the log lacks; undefined before anybody has asked. */
  let lacked: Set<string> | undefined;
  const keep = (known: LogKnowledge, now: LogKnowledge, into: Set<string>): boolean => {
    const lack = lackOf(now, known);
    if (lack !== undefined) into.add(lack);
    return lack !== undefined;
  };
  return {
    all: () => all,
    goOn: (before, now, kept) => {
      const known = lacked ?? new Set<string>();
      if (lacked === undefined || gainsOf(now, before).some((gain) => known.has(gain))) {
        known.clear();
        all = all.filter((each) => keep(each, now, known));
      }
      lacked = known;
      if (keep(kept, now, known)) all = [...all, kept];
    },
  };
}
