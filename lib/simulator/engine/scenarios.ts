import { drainTarget } from '../../operator/interventions.ts';
import { fenceRecord, readFenceRecords } from '../../plan/fence.ts';
import { InvalidValue, invariant } from '../../plan/invariant.ts';
import { dnsName } from '../../plan/names.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { create, remove } from '../../plan/records.ts';
import type { Budget } from './decision.ts';
import { NO_FAULTS } from './decision.ts';
import { FLOORS, floorOfTwo, letLoose, lowerFloor, repushed } from './policy-pushes.ts';
import { SAMPLE_CELL, SAMPLE_ZONE } from './sample-fleet.ts';
import type { Part, Preparation, Scenario } from './scenario.ts';

/** Enough faults to go wrong more than once, and few enough that runs also succeed. */
const STORM: Budget = { faults: 3, tamperings: 2, duplicates: 1, outages: 1, advances: 2, returns: 0 };
/** Hands that put something in the way, and take it away again, while endpoints change. */
const OBSTRUCTED: Budget = { ...STORM, faults: 2, tamperings: 3, outages: 0 };
const BY_SERVICES: Budget = { ...STORM, tamperings: 0 };
/** Route 53 fails over, and the zone goes back by what was not copied. */
const RETURNING: Budget = { ...NO_FAULTS, faults: 2, duplicates: 1, advances: 2, returns: 1 };

/** Clocks that are as wrong as those of a forgotten laptop. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const hint = { type: 'enactor', mode: 'hint' } as const;
const sweep = { type: 'enactor', mode: 'sweep' } as const;
/** As deployed: it does not stand by, and asks for a successor where it staged. */
const handingHint = { ...hint, handsOver: true } as const;
const handingSweep = { ...sweep, handsOver: true } as const;
/** Begins when the message is delivered: at once, late, once more, or never. */
const successor = { ...handingHint, follows: true } as const;
const minute = { type: 'minute' } as const;
const janitor = { type: 'janitor' } as const;
const livePlanner = { type: 'planner', versions: [5] } as const;
/** Asks what is observed, and plans what follows. */
const observer = { type: 'planner', versions: [] } as const;
const freeze = { type: 'freeze' } as const;
/** A rollback to the very tree that the janitor is about to retire. */
const rollbackToRetired = { type: 'rollback', to: 1 } as const;

/** A person drains one of the two targets of `api`. */
const drainApi: Part = {
  type: 'workflow',
  writer: 'operator',
  perform: (deps) =>
    drainTarget(deps, { cell: SAMPLE_CELL, target: 'api-1', reason: 'simulated', apply: true }),
};

const raise = { type: 'raise-format' } as const;
const oldHint = { ...hint, release: 'before' } as const;
const oldSweep = { ...sweep, release: 'before' } as const;
const oldJanitor = { ...janitor, release: 'before' } as const;

/** Version 1 is planned, in the newest format. */
const FIRST_PLAN: readonly Preparation[] = [{ type: 'raise' }, { type: 'plan', version: 1 }];
/** Version 1 is applied and INSYNC, and version 2 is appended. */
const ONE_AHEAD: readonly Preparation[] = [...FIRST_PLAN, { type: 'apply' }, { type: 'plan', version: 2 }];
/** Three versions were applied, so that there is a tree to retire. A fourth version is appended. */
const OLD_TREES: readonly Preparation[] = [
  ...ONE_AHEAD,
  { type: 'apply' },
  { type: 'plan', version: 3 },
  { type: 'apply' },
  { type: 'plan', version: 4 },
];
/** The same in the newest format that the release before knows. */
const OLD_FORMAT: readonly Preparation[] = [{ type: 'raise', release: 'before' }, ...OLD_TREES.slice(1)];
/** The same, and from then on Route 53 refuses every change of the root of `api`. */
const PROTECTED_ROOT: readonly Preparation[] = [
  ...OLD_TREES,
  {
    type: 'hinder',
    hindrance: { type: 'protect', name: dnsName(`api.${SAMPLE_ZONE}`), recordType: 'A' },
  },
];

/** The same, after the ledger has lost its newest events: the fence names one that the log does not have. */
const LOST_EVENTS: readonly Preparation[] = [
  ...OLD_TREES,
  {
    type: 'tamper',
    changes: (scope, records) => {
      const there = records.filter(({ name }) => name === fenceName(scope));
      const reading = readFenceRecords(there);
      invariant(reading.type === 'fence', 'there is no fence to alter');
      const fence = { ...reading.fence, head: { number: 900, digits: 'badc0ffee000' }, nonce: 'lost0900' };
      return [...there.map(remove), create(fenceRecord(fence, scope))];
    },
  },
];

/** A target in two of `api` is more than the policy lets go without a person. */
const CAREFUL: readonly Preparation[] = [
  ...ONE_AHEAD,
  { type: 'apply' },
  { type: 'do', part: repushed({ capacityRemovedPercent: 34 }) },
];
/** Loosens the guard, and drops what it guards in the same push. */
const looserPush = repushed({ capacityRemovedPercent: 100 }, ['api-2']);

/** Its floor keeps a target in two of `api`. */
const FLOOR_OF_TWO: readonly Preparation[] = [
  ...ONE_AHEAD,
  { type: 'apply' },
  { type: 'do', part: floorOfTwo },
];

/** The scenarios of the campaigns. */
export const CAMPAIGN: readonly Scenario[] = [
  {
    name: 'first-plan',
    endpoints: 2,
    before: FIRST_PLAN,
    parts: [hint, sweep, janitor],
    budget: STORM,
  },
  { name: 'flip', endpoints: 2, before: ONE_AHEAD, parts: [hint, sweep, janitor], budget: STORM },
  { name: 'retire', endpoints: 2, before: OLD_TREES, parts: [hint, sweep, janitor, janitor], budget: STORM },
  {
    name: 'busy-planner',
    endpoints: 2,
    before: OLD_TREES,
    parts: [{ type: 'planner', versions: [5, 6, 7] }, hint, sweep, janitor],
    budget: STORM,
  },
  {
    name: 'rollback',
    endpoints: 2,
    before: OLD_TREES,
    parts: [{ type: 'rollback' }, hint, sweep, janitor],
    budget: STORM,
  },
  {
    name: 'rollback-to-retired',
    endpoints: 2,
    before: OLD_TREES,
    parts: [rollbackToRetired, janitor, hint],
    budget: { ...NO_FAULTS, faults: 2, advances: 1 },
  },
  {
    name: 'freeze',
    endpoints: 2,
    before: OLD_TREES,
    parts: [freeze, hint, sweep, janitor],
    budget: STORM,
  },
  {
    name: 'freeze-and-thaw',
    endpoints: 2,
    before: OLD_TREES,
    parts: [freeze, { type: 'thaw' }, freeze, hint, sweep],
    budget: BY_SERVICES,
  },
  {
    name: 'thaw',
    endpoints: 2,
    before: [...OLD_TREES, freeze],
    parts: [{ type: 'thaw' }, freeze, hint, sweep],
    budget: STORM,
  },
  {
    name: 'rescue',
    endpoints: 2,
    before: OLD_TREES,
    parts: [{ type: 'rescue' }, hint, sweep, janitor],
    budget: STORM,
  },
  {
    name: 'upgrade',
    endpoints: 2,
    before: OLD_FORMAT,
    parts: [{ type: 'planner', versions: [5], release: 'before' }, hint, oldSweep, oldJanitor],
    budget: STORM,
  },
  {
    name: 'raise',
    endpoints: 2,
    before: OLD_FORMAT,
    parts: [raise, hint, oldSweep, oldJanitor, janitor],
    budget: STORM,
  },
  {
    name: 'return',
    endpoints: 2,
    before: OLD_TREES,
    parts: [hint, sweep, janitor, janitor],
    budget: RETURNING,
  },
  {
    name: 'return-and-freeze',
    endpoints: 2,
    before: OLD_TREES,
    parts: [freeze, hint, { type: 'thaw' }, freeze, sweep],
    budget: RETURNING,
  },
  {
    name: 'return-and-rescue',
    endpoints: 2,
    before: OLD_TREES,
    parts: [{ type: 'rescue' }, hint, sweep, { type: 'thaw' }],
    budget: RETURNING,
  },
  {
    name: 'first-obstacles',
    endpoints: 3,
    before: FIRST_PLAN,
    parts: [observer, hint, sweep],
    budget: OBSTRUCTED,
  },
  {
    name: 'obstacles',
    endpoints: 3,
    before: ONE_AHEAD,
    parts: [observer, { ...hint, skewMs: DAY_MS }, sweep, { ...observer, skewMs: -HOUR_MS }, janitor],
    budget: OBSTRUCTED,
  },
  {
    name: 'obstacles-and-orders',
    endpoints: 3,
    before: OLD_TREES,
    parts: [drainApi, livePlanner, observer, hint, sweep, janitor],
    budget: OBSTRUCTED,
  },
  {
    name: 'looser-push',
    endpoints: 3,
    before: CAREFUL,
    parts: [looserPush, observer, observer, hint, sweep, janitor],
    budget: { ...BY_SERVICES, outages: 0 },
  },
  {
    name: 'looser-push-approved',
    endpoints: 3,
    before: FLOOR_OF_TWO,
    parts: [lowerFloor, letLoose, observer, observer, hint, sweep],
    floors: FLOORS,
    budget: { ...BY_SERVICES, outages: 0 },
  },
  {
    name: 'hand-over',
    endpoints: 2,
    before: OLD_TREES,
    parts: [handingHint, minute, successor, handingSweep, successor, minute, janitor],
    budget: STORM,
  },
  {
    name: 'hand-over-and-return',
    endpoints: 2,
    before: OLD_TREES,
    parts: [handingHint, minute, successor, handingSweep, successor, minute],
    budget: RETURNING,
  },
];

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
  { ...searchable('one-root-refused', [hint, hint, janitor], PROTECTED_ROOT), endpoints: 3 },
  {
    ...searchable('lower-floor', [lowerFloor, letLoose, observer, hint], FLOOR_OF_TWO),
    ...{ endpoints: 3, floors: FLOORS },
  },
];

function searchable(name: string, parts: readonly Part[], before = OLD_TREES): Scenario {
  return { name, endpoints: 1, before, parts, budget: NO_FAULTS };
}

/** The same where the zone may go back once, at any moment, by any number of PENDING changes. */
function returning(name: string, parts: readonly Part[], before = OLD_TREES): Scenario {
  return { ...searchable(name, parts, before), budget: { ...NO_FAULTS, returns: 1 } };
}

/** All scenarios by name: those that a seed or a list of choices is played in. */
export const SCENARIOS: readonly Scenario[] = [...CAMPAIGN, ...SEARCHABLE];

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
