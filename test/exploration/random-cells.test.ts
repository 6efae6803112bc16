import { expect, it } from 'vitest';
import type { Tally } from '../support/kept-back-fleets.ts';
import { ownProcess } from '../support/own-process.ts';
import { samples } from '../support/samples.ts';

const WORKERS = 2;
const CELLS_A_WORKER = samples(6_500);
/** A cell is judged about twice. */
const RUNS_LEAST = samples(25_000);
/** `npm test` judges other cells. */
const FIRST_SEED = 1_000_001;

it(`in ${RUNS_LEAST} runs of planners in random cells, every endpoint without an obstacle of its own is as asked, and what fails leaves what can spare it`, async () => {
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
  expect(cases).toBeGreaterThanOrEqual(RUNS_LEAST);
  for (const tally of all)
    expect(Math.min(tally.asAsked, tally.kept, tally.partly)).toBeGreaterThan(RUNS_LEAST / 10);
});
