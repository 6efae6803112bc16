import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seed 10061 of two cells: a cell has taken an endpoint, a hand points its root at a tree of the cell that gave it,
 * and deletes the fence of that cell. A cell without a fence is gone (lib/plan/handover.ts), so the enactor of the other
 * one repairs its own root without that fence. The rule of one owner demanded that a fence that does not stand goes on.
 */
it('a root that points at a cell without a fence is anybody’s', async () => {
  const line = 'handover-broken:10z,4,2z,4,3z,1,2z,3,12z,4,1,3,3,1z,2,3z,2,1z,6';
  const { result, steps } = await replay(parseReplay(line));
  expect(result.violation).toBeUndefined();
  expect(steps.filter(({ decision }) => decision.type === 'tamper').map(({ detail }) => detail)).toEqual([
    'point web.example.test at g000001.api.use1-a._pawl.example.test',
    'remove the fence',
  ]);
});
