import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by the campaign (I3). A hand turned a tree of web into a CNAME, and pointed the rollback root of cdn at it. The
 * enactor repaired the tree first and took away what cdn's rollback root pointed at, which it had let stand because it
 * led to some tree of the cell. The tree waits now, and a rollback root leads to a tree of its own endpoint.
 */
it('a tree that another endpoint’s alias points at is repaired after that alias', async () => {
  const choices = '1,1z,9,1,2z,4,6z,5,2,9,1z,5,3,1,2';
  const { result } = await replay(parseReplay(`obstacles~:${choices}`));
  expect(result.violation).toBeUndefined();
  expect(result.decisions).toBe(30);
});
