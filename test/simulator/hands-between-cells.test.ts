// @module-tag slow
import { describe, expect, it } from 'vitest';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import { HANDOVER_HANDS } from '../../lib/simulator/engine/handover-hands.ts';
import {
  OFFER_STANDS,
  OFFERED,
  OFFERED_BACK,
  OTHER_CELL,
  otherHint,
  TWO_CELLS,
} from '../../lib/simulator/engine/handover-parts.ts';
import { quietPhase } from '../../lib/simulator/engine/quiet-phase.ts';
import type { Preparation, Stage } from '../../lib/simulator/engine/scenario.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { KINDS_OF_ONE_CELL } from '../../lib/simulator/engine/tampering.ts';

/** Where a handover stands when a hand comes. */
const MOMENTS: Readonly<Record<string, readonly Preparation[]>> = {
  'it is offered in the log alone': OFFERED,
  'the offer stands': OFFER_STANDS,
  'the trees of the taker are staged': [
    ...OFFER_STANDS,
    { type: 'do', part: otherHint, diesAfter: 'zone.change stage' },
  ],
  'it was taken, and nobody has recorded it': [
    ...OFFER_STANDS,
    { type: 'do', part: otherHint, diesAfter: 'zone.change handover' },
  ],
  'the taker has recorded it': [...OFFER_STANDS, { type: 'apply', cell: OTHER_CELL }],
  'both have recorded it': [...OFFER_STANDS, { type: 'apply', cell: OTHER_CELL }, { type: 'apply' }],
  'it is to come back': OFFERED_BACK,
};
/** Draws that a hand may make of each kind: the first of what is there, the next, and so on. */
const DRAWS = [0, 1];

const KINDS = HANDOVER_HANDS.map((_, index) => KINDS_OF_ONE_CELL + index);

/** What the hand did; quiet rounds then bring the endpoint where both logs want it. */
async function changed(stage: Stage, cell: number, kind: number, draw: number): Promise<string> {
  const play = await stage.begin({ budget: { ...NO_FAULTS, tamperings: 1 } });
  const draws = [cell, kind];
  const step = await play.apply({ type: 'tamper' }, (below) => Math.min(below - 1, draws.shift() ?? draw));
  await quietPhase(play);
  return step.detail;
}

describe('a hand that changes what a handover rests on, and nobody else:', () => {
  for (const [moment, before] of Object.entries(MOMENTS))
    it(`where ${moment}, everything goes over, and no other answer is missing`, async () => {
      const scenario = {
        name: moment,
        endpoints: 1,
        cells: TWO_CELLS,
        before,
        parts: [],
        budget: NO_FAULTS,
      } as const;
      const stage = await prepareStage(scenario);
      const done: string[] = [];
      for (const cell of TWO_CELLS.keys())
        for (const kind of KINDS) for (const draw of DRAWS) done.push(await changed(stage, cell, kind, draw));
      const real = done.filter((what) => what !== 'found nothing to do');
      expect(new Set(real).size).toBeGreaterThanOrEqual(4);
    }, 120_000);

  it('knows every kind in some moment', async () => {
    const found = new Set<string>();
    for (const before of Object.values(MOMENTS)) {
      const scenario = {
        name: 'hands',
        endpoints: 1,
        cells: TWO_CELLS,
        before,
        parts: [],
        budget: NO_FAULTS,
      } as const;
      const stage = await prepareStage(scenario);
      for (const cell of TWO_CELLS.keys()) {
        for (const kind of KINDS) {
          const play = await stage.begin({ budget: { ...NO_FAULTS, tamperings: 1 } });
          const draws = [cell, kind];
          const { detail } = await play.apply({ type: 'tamper' }, () => draws.shift() ?? 0);
          if (detail !== 'found nothing to do') found.add(detail.replace(/ [^ ]*example\.test.*/, ''));
        }
      }
    }
    expect([...found].sort()).toEqual([
      'alter the offer',
      'delete',
      'delete the offer',
      'delete the root',
      'delete the tree',
      'forge the offer',
      'point',
    ]);
  }, 60_000);
});
