import { shownKeptBack, withSentences } from '../ledger/decider/recorded-finding.ts';
import type { PlanOutcome } from './planner.ts';

/** What a run of the planner came to, as a document or a log shows it: each finding with its sentence. Pure. */
export function shownOutcome(outcome: PlanOutcome): PlanOutcome {
  switch (outcome.type) {
    case 'appended':
    case 'proposed':
      return { ...outcome, proposed: withSentences(outcome.proposed) };
    case 'unchanged':
      return { ...outcome, keptBack: shownKeptBack(outcome.keptBack) };
    case 'coalesced':
    case 'paused':
    case 'idle':
    case 'lost':
    case 'refused':
      return outcome;
  }
}
