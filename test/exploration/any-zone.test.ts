import { expect, it } from 'vitest';
import type { SweepEnding } from '../support/broken-zones.ts';
import { ownProcess } from '../support/own-process.ts';
import { samples } from '../support/samples.ts';

const WORKERS = 2;
const ZONES_A_WORKER = samples(12_500);
/** `npm test` plays other seeds. */
const FIRST_SEED = 1_000_001;

it(`an undisturbed sweep brings any of ${WORKERS * ZONES_A_WORKER} broken zones to the goal, or stops where the protocol says so`, async () => {
  const all = await Promise.all(
    Array.from({ length: WORKERS }, (_, worker) =>
      ownProcess<Readonly<Record<SweepEnding, number>>>(
        new URL('../support/broken-zones-worker.ts', import.meta.url),
        { first: FIRST_SEED + worker, count: ZONES_A_WORKER, stride: WORKERS },
      ),
    ),
  );
  for (const endings of all) {
    expect(Object.values(endings).reduce((sum, count) => sum + count, 0)).toBe(ZONES_A_WORKER);
    expect(Math.min(...Object.values(endings))).toBeGreaterThan(0);
    expect(endings['at goal']).toBeGreaterThan(ZONES_A_WORKER / 2);
  }
});
