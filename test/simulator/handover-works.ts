import { recordHandover } from '../../lib/operator/record-handover.ts';
import { dnsName } from '../../lib/plan/names.ts';
import {
  OFFER_STANDS,
  OFFERED,
  OTHER_CELL,
  otherHint,
  pushFile,
  pushMove,
  SETTLED,
  TWO_CELLS,
} from '../../lib/simulator/engine/handover-parts.ts';
import { SAMPLE_CELL, SAMPLE_ZONE } from '../../lib/simulator/engine/sample-fleet.ts';
import type { Preparation } from '../../lib/simulator/engine/scenario.ts';
import { hint } from '../../lib/simulator/engine/scenario-parts.ts';
import type { Work } from './works.ts';
import { workflow } from './works.ts';

const cells = TWO_CELLS;
const ENACTOR = ['enactor/flip.ts', 'enactor/see-to-offers.ts'];
const PUSH = ['operator/moved-endpoints.ts'];
const takeBack = pushFile(2, []);

/** The offer stands, and the planner of the other cell has not run since: else the push that takes it back is refused. */
const UNTOUCHED_OFFER: readonly Preparation[] = [
  ...SETTLED,
  { type: 'do', part: pushMove(SAMPLE_CELL, OTHER_CELL) },
  { type: 'apply' },
];

/** Whoever is at work in a zone of two cells while endpoints go over. */
export const HANDOVER_WORKS: readonly Work[] = [
  { name: 'enactor that offers', part: hint, before: OFFERED, covers: ENACTOR, cells },
  { name: 'enactor that takes over', part: otherHint, before: OFFER_STANDS, covers: ENACTOR, cells },
  {
    ...{ name: 'enactor that learns what was given', part: hint, covers: ENACTOR, cells },
    before: [...OFFER_STANDS, { type: 'do', part: otherHint }],
  },
  {
    ...{ name: 'enactor that learns what was taken', part: otherHint, covers: ENACTOR, cells },
    before: [...OFFER_STANDS, { type: 'do', part: otherHint, diesAfter: 'zone.change handover' }],
  },
  {
    ...{ name: 'enactor that ends an offer', part: hint, person: takeBack, covers: ENACTOR, cells },
    before: [...UNTOUCHED_OFFER, { type: 'do', part: takeBack }],
  },
  {
    ...{ name: 'push that moves endpoints', part: pushFile(2, ['api', 'web']), covers: PUSH, cells },
    ...{ before: SETTLED, again: true },
  },
  {
    ...{ name: 'push that takes a move back', part: takeBack, covers: PUSH, cells },
    ...{ before: UNTOUCHED_OFFER, again: true },
  },
  {
    name: 'record of a handover',
    part: workflow((deps) =>
      recordHandover(deps, {
        cell: SAMPLE_CELL,
        command: {
          type: 'OfferEndpoints',
          names: [dnsName(`api.${SAMPLE_ZONE}`)],
          to: OTHER_CELL,
          ledger: deps.ledger.id,
        },
        apply: true,
      }),
    ),
    ...{ before: OFFERED, covers: ['operator/record-handover.ts'], cells },
  },
];
