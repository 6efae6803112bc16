import { expect, it } from 'vitest';
import { crowdedCell } from '../support/crowded-zone.ts';

// A tenth of a real case: five endpoints of ten targets in two families, so that a change of one target needs a hundred
// new records. Before
// retention yielded, nine changes filled the zone, and then no target could leave any more.
it('a target that flaps never keeps a dead one from leaving within a round', async () => {
  const cell = await crowdedCell({ endpoints: 5, targets: 10, dualStack: true, recordLimit: 1_000 });
  for (let change = 1; change <= 14; change += 1) {
    cell.observe('t-1', change % 2 === 0 ? 'healthy' : 'unhealthy');
    await cell.round();
    expect(cell.answering('t-1')).toBe(change % 2 === 0 ? 5 : 0);
  }
  cell.observe('t-2', 'unhealthy');
  await cell.plan();
  await cell.enact();
  expect(cell.answering('t-2')).toBe(0);
});
