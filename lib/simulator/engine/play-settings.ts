import type { Winners } from '../../ledger/memory-ledger.ts';
import type { Budget } from './decision.ts';
import { NO_FAULTS } from './decision.ts';

export interface PlaySettings {
  readonly budget: Budget;
  /** Runs calls that nobody else can notice at once. */
  readonly reduce: boolean;
  /** Whether everybody may be abandoned at any moment, and not only when nobody is at work any more. */
  readonly restsAnywhere?: boolean;
  /** Whether a lost answer is a decision of its own; it is a timeout with a landing right after it. */
  readonly lostAnswers: boolean;
  /** Drops requests in flight that can never take effect any more; not sound when a hand may bring a fence back. */
  readonly dropsDead: boolean;
  /** Actors always read the time at which the run began: what is everywhere yet and what is not goes on as ever. */
  readonly timeless: boolean;
  /** Whether an append that lost is given the head that won; `withheld` in a search. */
  readonly winners: Winners;
}

/** Nothing goes wrong by itself, and nothing is left out. */
export const UNDISTURBED: PlaySettings = {
  budget: NO_FAULTS,
  reduce: false,
  lostAnswers: true,
  dropsDead: false,
  timeless: false,
  winners: 'withheld',
};

/** More than any search allows in one run. */
const FAULTS_MAX = 3;

/** How a list of choices is played that a search found. */
export const SEARCHED: PlaySettings = {
  budget: { ...NO_FAULTS, faults: FAULTS_MAX },
  restsAnywhere: true,
  reduce: true,
  lostAnswers: false,
  dropsDead: true,
  timeless: true,
  winners: 'withheld',
};
