import { describe, expect, it } from 'vitest';
import { seq } from '../../lib/plan/generation.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish, outcomeOf } from '../support/drive.ts';
import { smallFleet } from '../support/small-fleet.ts';

describe('a simulated world', () => {
  it('brings an empty zone to the first plan, and the second one after it', async () => {
    const world = await simulatedWorld({ fleet: smallFleet(1) });
    await world.plan();
    await world.startEnactor('enactor-a');
    expect(await finish(world, 'enactor-a')).toMatchObject({ type: 'applied', generation: 1 });
    await world.declare(smallFleet(2));
    await world.plan();
    await world.startEnactor('enactor-b');
    expect(await finish(world, 'enactor-b')).toMatchObject({ type: 'applied', generation: 2 });
    await world.declare(smallFleet(3));
    await world.plan();
    await world.startEnactor('enactor-c', 'sweep');
    expect(await finish(world, 'enactor-c')).toMatchObject({ type: 'applied', generation: 3 });
    world.time.advanceTo(world.time.now() + 3_600_000);
    await world.startJanitor('janitor');
    expect(await finish(world, 'janitor')).toMatchObject({
      type: 'retired',
      names: ['g000001.api.use1-a._pawl.example.test'],
    });
    await world.startEnactor('enactor-d', 'sweep');
    await finish(world, 'enactor-d');
    expect(outcomeOf(world, 'enactor-d')).toMatchObject({ type: 'converged', generation: 3 });
  });

  it('holds to the proof what is appended beside the engine', async () => {
    const world = await simulatedWorld({ fleet: smallFleet(1) });
    await world.plan();
    const head = world.ledger.peek(world.scope.cell);
    const event = { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(1) } as const;
    const appended = world.ledger.append(head, { at: world.time.now(), by: 'ana', event });
    await expect(appended).rejects.toThrow('retires-what-is-spare');
  });
});
