import { expect, it } from 'vitest';
import type { CrowdedCell } from '../support/crowded-zone.ts';
import { crowdedCell } from '../support/crowded-zone.ts';
import { letTimePass, runCalls } from '../support/scenario.ts';

const ROUNDS_MAX = 4;
const MOVER = 'mover';

// Three endpoints of three targets hold 18 records with the fence and the zone's own two; the trees that their rollback
// roots point at after one change hold 9 more. A zone of 30 has no room for the next change beside them.
async function cellWithoutRoom(): Promise<CrowdedCell> {
  const cell = await crowdedCell({ endpoints: 3, targets: 3, dualStack: false, recordLimit: 30 });
  await cell.readdress(1);
  await cell.round();
  letTimePass(cell.world);
  await cell.readdress(2);
  await cell.plan();
  return cell;
}

/** The cell after so many calls of an enactor that has to make room. */
async function moverAfter(cell: CrowdedCell, calls: number): Promise<CrowdedCell> {
  await cell.world.startEnactor(MOVER, 'hint');
  await runCalls(cell.world, MOVER, calls);
  return cell;
}

async function converges(cell: CrowdedCell): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) await cell.round();
  const { world } = cell;
  const { state } = world.ledger.peek(world.scope.cell);
  expect(state).toMatchObject({ refused: [], keptBack: [], drift: null });
  expect(state.applied?.digest).toBe(state.goal?.digest);
  const news = world.records().filter(({ values }) => values?.some((value) => value.startsWith('198.51.2.')));
  expect(news).toHaveLength(9);
}

it('an enactor that points rollback roots at the live trees says so, and no repair takes it back', async () => {
  const cell = await cellWithoutRoom();
  const { world } = cell;
  await moverAfter(cell, 1_000);
  expect(world.scheduler.state(MOVER)).toMatchObject({
    type: 'done',
    outcome: { type: 'no-room', generation: 3, needs: 9 },
  });
  const moved = world.ledger.peek(world.scope.cell).state;
  expect(Object.values(moved.endpoints).map(({ rollback }) => rollback)).toContain('g000002');
  await world.startEnactor('sweeper', 'sweep');
  await runCalls(world, 'sweeper', 1_000);
  expect(world.scheduler.state('sweeper')).toMatchObject({ outcome: { type: 'no-room' } });
  await converges(cell);
});

it('whenever it dies, and whether or not its request landed, the change goes on', async () => {
  const cell = await cellWithoutRoom();
  for (let calls = 0; ; calls += 1) {
    const dies = await moverAfter(cell.copy(), calls);
    if (dies.world.scheduler.pending(MOVER) === undefined) break;
    const left = await dies.world.scheduler.crash(MOVER);
    await converges(dies);
    if (left.request === undefined) continue;
    const lands = await moverAfter(cell.copy(), calls);
    await lands.world.scheduler.land(await lands.world.scheduler.crash(MOVER));
    await converges(lands);
  }
});
