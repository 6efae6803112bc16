import { describe, expect, it } from 'vitest';
import { changed, crowdedCell } from '../support/crowded-zone.ts';
import { letTimePass } from '../support/scenario.ts';

/** What Route 53 lets a zone hold unless AWS has raised it. */
const DEFAULT_LIMIT = 10_000;
const ROUNDS_MAX = 12;
const WHOLE_CELL_CHANGES = 5;

// The two stories of docs/adr/0060-retention-yields.md at their full size; test/room/every-address-changes.test.ts does
// a tenth. Every batch is checked: no name is ever without an answer (lib/simulator/checkers/answers.ts).
describe('a zone with the default limit', () => {
  it('60 endpoints of 100 targets go over in slices when every address changes at once', async () => {
    const crowd = { endpoints: 60, targets: 100, dualStack: false, recordLimit: DEFAULT_LIMIT };
    const cell = await crowdedCell(crowd);
    await cell.readdress(1);
    const slices: number[] = [];
    for (let rounds = 0; rounds < ROUNDS_MAX && changed(cell, 1) < crowd.endpoints; rounds += 1) {
      await cell.round();
      slices.push(changed(cell, 1));
    }
    expect(changed(cell, 1)).toBe(crowd.endpoints);
    expect(slices[0]).toBeGreaterThan(0);
    expect(slices[0]).toBeLessThan(crowd.endpoints);
    const { state } = cell.world.ledger.peek(cell.world.scope.cell);
    expect(state).toMatchObject({ keptBack: [], refused: [] });
    expect(state.applied?.digest).toBe(state.goal?.digest);
  });

  it('18 endpoints of 50 targets in two families lose a dead target in one round, after five changes of all', async () => {
    const crowd = { endpoints: 18, targets: 50, dualStack: true, recordLimit: DEFAULT_LIMIT };
    const cell = await crowdedCell(crowd);
    for (let change = 1; change <= WHOLE_CELL_CHANGES; change += 1) {
      letTimePass(cell.world);
      await cell.readdress(change);
      await cell.round();
      expect(changed(cell, change)).toBe(crowd.endpoints);
    }
    cell.observe('t-2', 'unhealthy');
    await cell.plan();
    await cell.enact();
    expect(cell.answering('t-2')).toBe(0);
  });
});
