// @module-tag slow
import { describe, expect, it } from 'vitest';
import { CAMPAIGN } from '../../lib/simulator/engine/campaign-scenarios.ts';
import { HANDOVER_CAMPAIGN } from '../../lib/simulator/engine/handover-scenarios.ts';
import type { Scenario } from '../../lib/simulator/engine/scenario.ts';
import type { TrailEvent } from '../../lib/trail/trail-event.ts';
import type { Telling } from '../support/simulated-trail.ts';
import { playTrailed, trailedStage } from '../support/simulated-trail.ts';

/** Runs of each scenario, each with three tellings. */
const SEEDS = 4;

// A zone that goes back takes batches with it that its trail goes on telling: nobody can tell that from a trail.
const SCENARIOS: readonly Scenario[] = [...CAMPAIGN, ...HANDOVER_CAMPAIGN].filter(
  ({ budget, before }) => budget.returns === 0 && before.length > 0,
);

const TELLINGS: readonly (readonly [name: string, telling: Telling])[] = [
  ['a second a batch', {}],
  ['five batches a second, out of order and twice', { together: 5, delivered: shaken }],
  ['from some moment on', { together: 3, fromStart: false }],
];

/** Neighbours change places, and every third event comes again. */
function shaken(events: readonly TrailEvent[]): readonly TrailEvent[] {
  return events.flatMap((event, index) => {
    const other = events[index % 2 === 0 ? index + 1 : index - 1] ?? event;
    return index % 3 === 0 ? [other, event] : [other];
  });
}

describe('the trails of random runs', () => {
  for (const [name, telling] of TELLINGS) {
    it(`show nothing of Pawl's where nothing is wrong: ${name}`, async () => {
      let hands = 0;
      let shown = 0;
      for (const scenario of SCENARIOS) {
        const stage = await trailedStage(scenario);
        for (let seed = 1; seed <= SEEDS; seed += 1) {
          const { report, ...run } = await playTrailed(stage, seed, telling);
          const own = report.findings.filter(({ byHand }) => run.hands === 0 || !byHand);
          expect(own, `${scenario.name} ${seed}`).toEqual([]);
          hands += run.hands;
          shown += report.findings.length;
        }
      }
      expect(hands).toBeGreaterThan(10);
      expect(shown).toBeGreaterThan(10);
    }, 120_000);
  }
});
