import type { Winners } from '../../ledger/memory-ledger.ts';
import type { Budget } from './decision.ts';
import { NO_FAULTS } from './decision.ts';

export interface PlaySettings {
  readonly budget: Budget;
  /** Whether calls that nobody else can notice run at once. */
  readonly reduce: boolean;
  /** Whether every actor may be abandoned at any moment, and not only when nobody is at work any more. */
  readonly restsAnywhere?: boolean;
  /** Whether a lost answer is a decision of its own. It equals a timeout whose request lands at once. */
  readonly lostAnswers: boolean;
  /** Whether dead requests are dropped. This is not sound where a hand may bring a fence back; while the zone may return to one, none is dropped. */
  readonly dropsDead: boolean;
  /** Whether actors always read the time at which the run began. Changes become INSYNC as they do elsewhere. */
  readonly timeless: boolean;
  /** Whether a lost append gets the head that won; `withheld` in a search. */
  readonly winners: Winners;
}

/** No fault happens by itself, and no decision is left out. */
export const UNDISTURBED: PlaySettings = {
  budget: NO_FAULTS,
  reduce: false,
  lostAnswers: true,
  dropsDead: false,
  timeless: false,
  winners: 'withheld',
};

/** More faults than any search allows in one run. */
const FAULTS_MAX = 3;

/** How to play a list of choices that a search found. */
export const SEARCHED: PlaySettings = {
  budget: { ...NO_FAULTS, faults: FAULTS_MAX },
  restsAnywhere: true,
  reduce: true,
  lostAnswers: false,
  dropsDead: true,
  timeless: true,
  winners: 'withheld',
};
