// @module-tag slow
import { expect, it } from 'vitest';
import { adapterWorld } from '../adapters/adapter-world.ts';
import { compareSeeds } from '../adapters/compare-seeds.ts';

/** Five seeds of every scenario. On half of them the wire has faults. */
const SEEDS = 50;

it(`${SEEDS} seeds through the adapters and the SDK give the same traces as without`, async () => {
  const world = await adapterWorld();
  const comparison = await compareSeeds(world, { first: 1, count: SEEDS });
  world.close();
  expect(comparison.difference).toBeUndefined();
  expect(comparison.equal).toBe(SEEDS);
  expect(comparison.decisions).toBeGreaterThan(20 * SEEDS);
  for (const count of Object.values(comparison.faults)) expect(count).toBeGreaterThan(20);
}, 240_000);
