import { describe, expect, it } from 'vitest';
import type { CrowdedCell } from '../support/crowded-zone.ts';
import { changed } from '../support/crowded-zone.ts';
import { letTimePass, runCalls } from '../support/scenario.ts';
import {
  CROWD,
  cellThatChanges,
  enactAsking,
  judgeUnknownLimit,
  limit,
  stagings,
  startAsking,
} from '../support/unknown-limit.ts';

const RUNS_MAX = 24;
/** What was left out is planned again after this. */
const RETRY_MS = 600_000;

const stateOf = ({ world }: CrowdedCell) => world.ledger.peek(world.scope.cell).state;

/** Everybody but the auditor, who would be told of another limit, until the condition holds. */
async function goOn(cell: CrowdedCell, isDone: () => boolean): Promise<void> {
  for (let runs = 0; runs < RUNS_MAX && !isDone(); runs += 1) {
    cell.world.time.advanceTo(cell.world.time.now() + RETRY_MS);
    await cell.plan();
    await enactAsking(cell);
    await cell.clean();
  }
}

describe('a zone that holds less than the log says', () => {
  // test/mutants/room-mutants.test.ts judges by the same.
  it('is judged as the seeded bugs are', () => expect(judgeUnknownLimit()).resolves.toBeUndefined());

  it('refuses one batch: the run ends, says what Route 53 said, and the log knows the limit', async () => {
    const cell = await cellThatChanges();
    limit(cell, 40);
    const before = stagings(cell);
    expect(await enactAsking(cell)).toEqual({
      type: 'no-room',
      generation: 2,
      needs: 20,
      free: 9,
      refusal: expect.stringContaining('MAX_RRSETS_BY_ZONE'),
    });
    expect(stagings(cell) - before).toBe(1);
    expect(stateOf(cell)).toMatchObject({ facts: { records: 31, recordLimit: 40 }, refused: [] });
    await goOn(cell, () => changed(cell, 1) === CROWD.endpoints);
    expect(changed(cell, 1)).toBe(CROWD.endpoints);
    // What did not fit was counted before it was sent.
    expect(stateOf(cell).facts?.recordLimit).toBe(40);
  });

  it('has retained trees yield to a dead target', async () => {
    const cell = await cellThatChanges();
    await cell.enact();
    await cell.clean();
    limit(cell, 53);
    letTimePass(cell.world);
    cell.observe('t-2', 'unhealthy');
    await cell.plan();
    expect(await enactAsking(cell)).toMatchObject({ type: 'no-room', needs: 16 });
    await goOn(cell, () => cell.answering('t-2') === 0);
    expect(cell.answering('t-2')).toBe(0);
    expect(cell.answering('t-1')).toBe(CROWD.endpoints);
  });

  it('lets the change go on, whenever the enactor dies', async () => {
    const cell = await cellThatChanges();
    limit(cell, 40);
    for (let calls = 0; ; calls += 1) {
      const dies = cell.copy();
      await startAsking(dies, 'dies');
      await runCalls(dies.world, 'dies', calls);
      if (dies.world.scheduler.pending('dies') === undefined) break;
      await dies.world.scheduler.crash('dies');
      await goOn(dies, () => changed(dies, 1) === CROWD.endpoints);
      expect(changed(dies, 1)).toBe(CROWD.endpoints);
    }
  });

  it('is narrowed down as any refusal where nobody may ask', async () => {
    const cell = await cellThatChanges();
    limit(cell, 40);
    expect(await cell.enact()).toMatchObject({ type: 'blocked' });
    expect(stateOf(cell).facts?.recordLimit).toBe(200);
    expect(changed(cell, 1)).toBe(1);
  });
});
