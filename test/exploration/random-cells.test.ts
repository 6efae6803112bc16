import { expect, it } from 'vitest';
import type { Tally } from '../support/kept-back-fleets.ts';
import { ownProcess } from '../support/own-process.ts';

const WORKERS = 2;
const CELLS_A_WORKER = 26_000;
/** `npm test` judges other cells. */
const FIRST_SEED = 1_000_001;

it('in 100,000 runs of planners in random cells, every endpoint without an obstacle of its own is as asked, and what fails leaves what can spare it', async () => {
  const all = await Promise.all(
    Array.from({ length: WORKERS }, (_, worker) =>
      ownProcess<Tally>(new URL('../support/kept-back-fleets-worker.ts', import.meta.url), {
        first: FIRST_SEED + worker,
        count: CELLS_A_WORKER,
        stride: WORKERS,
      }),
    ),
  );
  const cases = all.reduce((sum, tally) => sum + tally.cases, 0);
  expect(cases).toBeGreaterThanOrEqual(100_000);
  for (const tally of all) expect(Math.min(tally.asAsked, tally.kept, tally.partly)).toBeGreaterThan(10_000);
});
