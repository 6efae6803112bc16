import { describe, expect, it } from 'vitest';
import {
  answering,
  BEFORE,
  CELLS,
  declarations,
  eventsIn,
  GOOD,
  rolling,
  rolloutWorld,
  WRONG,
} from './rollout-world.ts';

describe('a drill of four cells in three waves', () => {
  it('stops in the first wave, and three quarters of the fleet never saw a file with wrong addresses', async () => {
    const world = await rolloutWorld();
    const end = await rolling(world, WRONG);
    expect(end).toMatchObject({
      type: 'rolled-back',
      wave: 1,
      cells: [{ cell: 'use1-a', type: 'rolled-back', to: 1 }],
      unseen: ['euw1-a', 'apse2-a', 'use2-a'],
    });
    expect(end.type === 'rolled-back' ? end.findings : []).toContainEqual({
      code: 'kept-back',
      cell: 'use1-a',
      says: expect.stringContaining('api.use1-a.example.test is kept back'),
    });
    // It was applied there: no lint saw anything wrong.
    expect((await eventsIn(world, 'use1-a')).filter(({ type }) => type === 'PlanApplied')).toHaveLength(2);
    expect(await declarations(world)).toEqual({ 'use1-a': 2, 'euw1-a': 1, 'apse2-a': 1, 'use2-a': 1 });
    await world.pass(60_000);
    expect(answering(world)).toEqual(Object.fromEntries(CELLS.map((cell) => [cell, BEFORE])));
    expect(world.steps.map(({ type }) => type)).toEqual(['declared', 'bakes']);
  });

  it('brings a good file everywhere, one wave after the other', async () => {
    const world = await rolloutWorld();
    const seen: string[] = [];
    world.meanwhile = async () => {
      seen.push(
        Object.values(answering(world))
          .map((network) => (network === GOOD ? 'x' : '.'))
          .join(''),
      );
    };
    expect(await rolling(world, GOOD)).toEqual({ type: 'done' });
    expect([...new Set(seen)]).toEqual(['....', 'x...', 'xxx.', 'xxxx']);
    expect(await declarations(world)).toEqual({ 'use1-a': 2, 'euw1-a': 2, 'apse2-a': 2, 'use2-a': 2 });
  });
});
