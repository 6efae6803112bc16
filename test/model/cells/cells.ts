import { PREDICATES } from '../../../lib/proof/cells/predicates.ts';
import { STEPS } from '../../../lib/proof/cells/steps.ts';
import { FIXED, GIVEN, SORTS, STATE } from '../../../lib/proof/cells/symbols.ts';
import type { Theory } from '../../../lib/proof/theory.ts';
import { INVARIANTS } from './invariants.ts';
import { BEGINNING, LAWS } from './laws.ts';

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
