// @module-tag slow
import { describe, expect, it } from 'vitest';
import { changed, crowdedCell } from '../support/crowded-zone.ts';
import { letTimePass } from '../support/scenario.ts';

/** More rounds than a change of every address needs. */
const ROUNDS_MAX = 12;

// A tenth of the cell whose story it is: 60 endpoints of 100 targets in a zone of 10,000 records. Every batch of every
// round is checked: no name is ever without an answer (lib/simulator/checkers/answers.ts).
// test/exploration/full-zones.test.ts does the whole.
describe('a cell that fills most of its zone, when every address changes at once', () => {
  it('goes over in slices that fit, until all of it is applied', async () => {
    const cell = await crowdedCell({ endpoints: 60, targets: 10, dualStack: false, recordLimit: 1_000 });
    await cell.readdress(1);
    const slices: number[] = [];
    for (let rounds = 0; rounds < ROUNDS_MAX && changed(cell, 1) < 60; rounds += 1) {
      await cell.round();
      slices.push(changed(cell, 1));
    }
    expect(changed(cell, 1)).toBe(60);
    expect(slices[0]).toBeGreaterThan(0);
    expect(slices[0]).toBeLessThan(60);
    const { state } = cell.world.ledger.peek(cell.world.scope.cell);
    expect(state).toMatchObject({ keptBack: [], refused: [] });
    expect(state.applied?.digest).toBe(state.goal?.digest);
  });

  it('lets a dead target go first, whatever waits', async () => {
    const cell = await crowdedCell({ endpoints: 18, targets: 5, dualStack: true, recordLimit: 1_000 });
    for (let change = 1; change <= 5; change += 1) {
      letTimePass(cell.world);
      await cell.readdress(change);
      await cell.round();
      expect(changed(cell, change)).toBe(18);
    }
    cell.observe('t-2', 'unhealthy');
    await cell.plan();
    await cell.enact();
    expect(cell.answering('t-2')).toBe(0);
  });
});
