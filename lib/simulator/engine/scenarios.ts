import { InvalidValue } from '../../plan/invariant.ts';
import { CAMPAIGN } from './campaign-scenarios.ts';
import { NO_FAULTS } from './decision.ts';
import {
  OFFER_STANDS,
  OFFER_UNPLANNED,
  OFFERED,
  OFFERED_BACK,
  OTHER_CELL,
  otherHint,
  otherJanitor,
  pushBack,
  TWO_CELLS,
} from './handover-parts.ts';
import { HANDOVER_CAMPAIGN } from './handover-scenarios.ts';
import { FLOORS, letLoose, lowerFloor } from './policy-pushes.ts';
import type { Part, Scenario } from './scenario.ts';
import {
  FLOOR_OF_TWO,
  freeze,
  handingHint,
  handingSweep,
  hint,
  janitor,
  LOST_EVENTS,
  livePlanner,
  minute,
  OLD_FORMAT,
  OLD_TREES,
  observer,
  oldHint,
  oldJanitor,
  PROTECTED_ROOT,
  raise,
  rollbackToRetired,
  successor,
} from './scenario-parts.ts';

/** Scenarios that are small enough to see every state. Whoever searches sets the number of faults. */
const SEARCHABLE: readonly Scenario[] = [
  searchable('enactor-janitor', [hint, janitor]),
  searchable('enactor-planner', [hint, livePlanner]),
  searchable('two-enactors', [hint, hint]),
  searchable('two-enactors-janitor', [hint, hint, janitor]),
  searchable('three-enactors-janitor', [hint, hint, hint, janitor]),
  searchable('live-planner', [livePlanner, hint, hint, janitor]),
  searchable('frozen-in-flight', [freeze, hint]),
  searchable('two-enactors-freeze', [freeze, hint, hint]),
  searchable('live-freeze', [freeze, hint, hint, janitor]),
  searchable('thaw-against-freeze', [{ type: 'thaw' }, freeze, hint], [...OLD_TREES, freeze]),
  searchable('enactor-janitor-rollback', [rollbackToRetired, hint, janitor]),
  searchable('live-rollback', [rollbackToRetired, hint, hint, janitor]),
  searchable('enactor-janitor-rescue', [{ type: 'rescue' }, hint, janitor]),
  searchable('live-rescue', [{ type: 'rescue' }, hint, hint, janitor]),
  searchable('upgraded-enactor', [hint, oldHint], OLD_FORMAT),
  searchable('upgrade-in-mid-flip', [hint, oldHint, oldJanitor], OLD_FORMAT),
  searchable('raise-against-enactor', [raise, oldHint], OLD_FORMAT),
  searchable('raise-against-janitor', [raise, hint, oldJanitor], OLD_FORMAT),
  searchable('raise-in-mid-flip', [raise, hint, oldHint, oldJanitor], OLD_FORMAT),
  searchable('events-lost', [freeze, hint, hint], LOST_EVENTS),
  searchable('refused-root', [hint, hint, janitor], PROTECTED_ROOT),
  searchable('refused-root-planner', [observer, hint, janitor], PROTECTED_ROOT),
  searchable('refused-root-live-planner', [observer, hint, hint], PROTECTED_ROOT),
  searchable('handed-over', [handingHint, successor, minute]),
  searchable('handed-over-twice', [handingHint, successor, successor, minute]),
  searchable('handed-over-janitor', [handingHint, successor, minute, janitor]),
  searchable('handed-over-sweep', [handingHint, handingSweep, successor, minute]),
  searchable('handed-over-freeze', [freeze, handingHint, successor, minute]),
  returning('returned-flip', [hint, hint]),
  returning('returned-freeze', [freeze, hint]),
  returning('returned-fence-only', [{ type: 'freeze', fenceOnly: true }, hint]),
  returning('returned-thaw', [{ type: 'thaw' }, freeze, hint], [...OLD_TREES, freeze]),
  returning('returned-rescue', [{ type: 'rescue' }, hint]),
  returning('returned-retirement', [janitor, hint]),
  returning('returned-hand-over', [handingHint, successor, minute]),
  { ...searchable('shared-subtree', [hint, hint, janitor]), endpoints: 'routed' },
  { ...searchable('shared-subtree-rollback', [rollbackToRetired, hint, janitor]), endpoints: 'routed' },
  { ...searchable('shared-subtree-rescue', [{ type: 'rescue' }, hint, janitor]), endpoints: 'routed' },
  { ...searchable('one-root-refused', [hint, hint, janitor], PROTECTED_ROOT), endpoints: 3 },
  {
    ...searchable('lower-floor', [lowerFloor, letLoose, observer, hint], FLOOR_OF_TWO),
    ...{ endpoints: 3, floors: FLOORS },
  },
  handing('given', [hint, otherHint]),
  handing('given-twice', [hint, otherHint, otherHint]),
  handing('taken-twice', [otherHint, otherHint], OFFER_STANDS),
  handing('offered-twice', [hint, hint, otherHint], OFFER_UNPLANNED),
  handing('given-janitors', [hint, otherHint, janitor, otherJanitor]),
  handing('given-unplanned', [hint, otherHint, janitor], OFFER_UNPLANNED),
  handing('given-observed', [observer, hint, otherHint, janitor], OFFER_UNPLANNED),
  handing('given-back', [hint, otherHint, otherJanitor], OFFERED_BACK),
  handing('given-frozen', [freeze, hint, otherHint], OFFER_STANDS),
  handing('given-other-frozen', [{ ...freeze, cell: OTHER_CELL }, hint, otherHint], OFFER_STANDS),
  handing('given-withdrawn', [pushBack, hint, otherHint], OFFER_STANDS),
];

/** A zone of two cells, one of which gives an endpoint to the other. */
function handing(name: string, parts: readonly Part[], before = OFFERED): Scenario {
  return { ...searchable(name, parts, before), cells: TWO_CELLS };
}

function searchable(name: string, parts: readonly Part[], before = OLD_TREES): Scenario {
  return { name, endpoints: 1, before, parts, budget: NO_FAULTS };
}

/** The same where the zone may go back once, at any moment, by any number of PENDING changes. */
function returning(name: string, parts: readonly Part[], before = OLD_TREES): Scenario {
  return { ...searchable(name, parts, before), budget: { ...NO_FAULTS, returns: 1 } };
}

/** All scenarios by name: those that a seed or a list of choices is played in. */
export const SCENARIOS: readonly Scenario[] = [...CAMPAIGN, ...HANDOVER_CAMPAIGN, ...SEARCHABLE];

/** @throws InvalidValue when there is no scenario of that name. */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const names = SCENARIOS.map((candidate) => candidate.name).join(', ');
  throw new InvalidValue(`There is no scenario "${name}": use one of ${names}.`);
}

/** The names of all scenarios, for a listing. */
export function scenarioNames(): readonly string[] {
  return SCENARIOS.map(({ name }) => name);
}
