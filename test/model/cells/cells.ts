import type { Theory } from '../theory.ts';
import { INVARIANTS } from './invariants.ts';
import { BEGINNING, LAWS } from './laws.ts';
import { PREDICATES } from './predicates.ts';
import { STEPS } from './steps.ts';
import { FIXED, GIVEN, SORTS, STATE } from './symbols.ts';

/** The protocol of docs/protocol.md. */
export const CELLS: Theory = {
  name: 'cells',
  sorts: SORTS,
  fixed: FIXED,
  state: STATE,
  given: GIVEN,
  laws: LAWS,
  beginning: BEGINNING,
  predicates: PREDICATES,
  invariants: INVARIANTS,
  steps: STEPS,
};
