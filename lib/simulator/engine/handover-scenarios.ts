import type { TargetEvent } from '../ports/port-call.ts';
import type { Budget } from './decision.ts';
import { NO_FAULTS } from './decision.ts';
import {
  OFFER_STANDS,
  OFFER_UNPLANNED,
  OFFERED,
  OFFERED_BACK,
  OTHER_CELL,
  otherHint,
  otherJanitor,
  otherSweep,
  pushFile,
  SETTLED,
  TWO_CELLS,
} from './handover-parts.ts';
import type { Part, Scenario } from './scenario.ts';
import { freeze, hint, janitor, observer, sweep } from './scenario-parts.ts';

/** As for one cell: enough faults to go wrong more than once, and few enough that handovers also succeed. */
const STORM: Budget = { faults: 3, tamperings: 0, duplicates: 2, outages: 1, advances: 2, returns: 0 };
const BY_HANDS: Budget = { ...STORM, faults: 2, tamperings: 2, outages: 0 };
/** Up to four changes by hand, and nothing else: what heals, and what a person is told. */
const HANDS: Budget = { ...NO_FAULTS, tamperings: 4, advances: 1 };
const RETURNING: Budget = { ...NO_FAULTS, faults: 2, duplicates: 1, advances: 2, returns: 1 };

const MINUTE_MS = 60_000;
const otherObserver = { ...observer, cell: OTHER_CELL } as const;
/** A target fails, and comes back, while the endpoint is on its way. */
const EVENTS: readonly TargetEvent[] = [
  { afterMs: MINUTE_MS, failed: ['api-1'] },
  { afterMs: MINUTE_MS, failed: [] },
];
const failing: Part = { type: 'planner', versions: [], after: EVENTS };
const otherFailing: Part = { ...failing, cell: OTHER_CELL };

/** Everybody who is at work in a zone of two cells: two enactors and a janitor of each. */
const EVERYBODY: readonly Part[] = [hint, sweep, otherHint, otherSweep, janitor, otherJanitor];

function between(name: string, scenario: Pick<Scenario, 'before' | 'parts' | 'budget'>): Scenario {
  return { name, endpoints: 2, cells: TWO_CELLS, ...scenario };
}

/** The scenarios of the campaign of two cells in a zone. */
export const HANDOVER_CAMPAIGN: readonly Scenario[] = [
  between('handover', { before: OFFERED, parts: EVERYBODY, budget: STORM }),
  between('handover-pushed', {
    before: SETTLED,
    parts: [pushFile(2, ['api', 'web']), observer, otherObserver, ...EVERYBODY],
    budget: STORM,
  }),
  between('handover-split', {
    before: SETTLED,
    parts: [pushFile(2, ['api']), observer, otherObserver, ...EVERYBODY, pushFile(2, ['web'])],
    budget: STORM,
  }),
  {
    ...between('handover-failing', {
      before: OFFER_UNPLANNED,
      parts: [failing, otherFailing, ...EVERYBODY],
      budget: STORM,
    }),
    endpoints: 3,
  },
  between('handover-by-hands', { before: OFFER_STANDS, parts: EVERYBODY, budget: BY_HANDS }),
  between('handover-broken', {
    before: OFFERED,
    parts: [hint, otherHint, janitor, otherJanitor, hint, otherHint],
    budget: HANDS,
  }),
  between('handover-back-by-hands', { before: OFFERED_BACK, parts: EVERYBODY, budget: BY_HANDS }),
  between('handover-withdrawn', {
    before: OFFER_STANDS,
    parts: [pushFile(2, []), ...EVERYBODY],
    budget: STORM,
  }),
  between('handover-frozen', {
    before: OFFER_STANDS,
    parts: [
      freeze,
      { type: 'thaw' },
      { ...freeze, cell: OTHER_CELL },
      { type: 'thaw', cell: OTHER_CELL },
      ...EVERYBODY,
    ],
    budget: STORM,
  }),
  between('handover-rescued', {
    before: OFFER_STANDS,
    parts: [{ type: 'rescue' }, { type: 'thaw' }, { type: 'rescue', cell: OTHER_CELL }, ...EVERYBODY],
    budget: STORM,
  }),
  between('handover-rolled-back', {
    before: OFFER_STANDS,
    parts: [{ type: 'rollback' }, { type: 'rollback', cell: OTHER_CELL }, ...EVERYBODY],
    budget: STORM,
  }),
  between('handover-and-return', { before: OFFER_STANDS, parts: EVERYBODY, budget: RETURNING }),
];
