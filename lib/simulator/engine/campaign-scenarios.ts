import type { Budget } from './decision.ts';
import { NO_FAULTS } from './decision.ts';
import { FLOORS, letLoose, lowerFloor } from './policy-pushes.ts';
import type { Scenario } from './scenario.ts';
import {
  APPLIED,
  askingHint,
  askingSweep,
  auditZone,
  CAREFUL,
  CROWDED,
  drainApi,
  evacuateEurope,
  FIRST_PLAN,
  FLOOR_OF_TWO,
  flapping,
  freeze,
  handingHint,
  handingSweep,
  hint,
  janitor,
  livePlanner,
  looserPush,
  minute,
  OLD_FORMAT,
  OLD_TREES,
  ONE_AHEAD,
  observer,
  oldJanitor,
  oldSweep,
  raise,
  rollbackToRetired,
  slowLosses,
  successor,
  sweep,
} from './scenario-parts.ts';

/** Enough faults to go wrong more than once, and few enough that runs also succeed. */
const STORM: Budget = { faults: 3, tamperings: 2, duplicates: 1, outages: 1, advances: 2, returns: 0 };
/** Hands that put something in the way, and take it away again, while endpoints change. */
const OBSTRUCTED: Budget = { ...STORM, faults: 2, tamperings: 3, outages: 0 };
const BY_SERVICES: Budget = { ...STORM, tamperings: 0 };
/** Route 53 fails over, and the zone goes back by what was not copied. */
const RETURNING: Budget = { ...NO_FAULTS, faults: 2, duplicates: 1, advances: 2, returns: 1 };

/** Room for what three endpoints answer with, what they come to, and one record more: not for what a rollback would find too. */
const CROWDED_LIMIT = 18;

/** Clocks that are as wrong as those of a forgotten laptop. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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
  {
    name: 'crowded',
    endpoints: 3,
    recordLimit: CROWDED_LIMIT,
    before: CROWDED,
    parts: [hint, sweep, janitor, livePlanner, janitor, hint, auditZone],
    budget: BY_SERVICES,
  },
  {
    name: 'limit-not-known',
    endpoints: 3,
    before: [
      ...ONE_AHEAD,
      { type: 'apply' },
      { type: 'plan', version: 3 },
      { type: 'hinder', hindrance: { type: 'limit', records: CROWDED_LIMIT } },
    ],
    parts: [askingHint, askingSweep, livePlanner, janitor, hint],
    budget: BY_SERVICES,
  },
  {
    name: 'slow-losses',
    endpoints: 'spread',
    before: APPLIED,
    parts: [slowLosses, observer, hint, sweep, janitor],
    budget: { ...BY_SERVICES, faults: 2, outages: 0 },
  },
  {
    name: 'slow-losses-of-a-branch',
    endpoints: 'spread-regions',
    before: APPLIED,
    parts: [slowLosses, observer, hint, sweep, janitor],
    budget: { ...BY_SERVICES, faults: 2, outages: 0 },
  },
  {
    name: 'slow-losses-of-a-default',
    endpoints: 'spread-places',
    before: APPLIED,
    parts: [slowLosses, observer, hint, sweep, janitor],
    budget: { ...BY_SERVICES, faults: 2, outages: 0 },
  },
  {
    name: 'flapping',
    endpoints: 'spread',
    before: APPLIED,
    parts: [flapping, observer, hint, sweep, janitor],
    budget: { ...BY_SERVICES, faults: 2, outages: 0 },
  },
  {
    name: 'routed',
    endpoints: 'routed',
    before: OLD_TREES,
    parts: [{ type: 'planner', versions: [5, 6] }, evacuateEurope, hint, sweep, janitor, rollbackToRetired],
    budget: STORM,
  },
  {
    name: 'routed-and-returned',
    endpoints: 'routed',
    before: OLD_TREES,
    parts: [livePlanner, hint, sweep, janitor, janitor],
    budget: RETURNING,
  },
  {
    name: 'routed-and-broken',
    endpoints: 'routed',
    before: OLD_TREES,
    parts: [hint, sweep, janitor, sweep],
    budget: { ...NO_FAULTS, tamperings: 8, advances: 1 },
  },
];
