import { describe, expect, it } from 'vitest';
import { adapterWorld } from '../adapters/adapter-world.ts';
import { compareAdapters } from '../adapters/compare-adapters.ts';
import { compareSeeds } from '../adapters/compare-seeds.ts';
import { dynaliteBacking } from '../adapters/dynalite-backing.ts';
import { startDynalite } from '../support/dynalite.ts';
import { samples } from '../support/samples.ts';

const WORKERS = 2;
const SEEDS_A_WORKER = samples(500);
/** `npm test` plays other seeds. */
const FIRST_SEED = 100_001;
const DECISIONS_A_SEED = 20;
const FAULTS_LEAST = SEEDS_A_WORKER / 3;
const DYNALITE_SEEDS = samples(45);

describe('the same seeds through the adapters and the SDK', () => {
  it(`give the same traces, ${WORKERS * SEEDS_A_WORKER} of them on the strict stand-in`, async () => {
    const results = await Promise.all(
      Array.from({ length: WORKERS }, (_, worker) =>
        compareAdapters({
          seeds: { first: FIRST_SEED + worker, count: SEEDS_A_WORKER, stride: WORKERS },
          replacements: [],
        }),
      ),
    );
    for (const result of results) {
      const told = JSON.stringify(result);
      if (result.type !== 'compared') throw new Error(told);
      const { difference, equal, decisions, faults } = result.comparison;
      expect(difference, told).toBeUndefined();
      expect(equal).toBe(SEEDS_A_WORKER);
      expect(decisions).toBeGreaterThan(DECISIONS_A_SEED * SEEDS_A_WORKER);
      for (const count of Object.values(faults)) expect(count, told).toBeGreaterThan(FAULTS_LEAST);
    }
  });

  it(`give the same traces, ${DYNALITE_SEEDS} of them on dynalite`, async () => {
    const dynalite = await startDynalite();
    const world = await adapterWorld(dynaliteBacking(dynalite));
    const comparison = await compareSeeds(world, { first: 1, count: DYNALITE_SEEDS });
    world.close();
    await dynalite.close();
    expect(comparison.difference).toBeUndefined();
    expect(comparison.equal).toBe(DYNALITE_SEEDS);
    expect(comparison.decisions).toBeGreaterThan(DECISIONS_A_SEED * DYNALITE_SEEDS);
  });
});
