import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * The simulator's fault. The janitor that makes room for an enactor after an obstacle had a name of more than 32
 * characters. It wrote the fence, and nobody could read it.
 */
it('a simulated writer has a name that a fence can hold', async () => {
  const { result } = await replay(parseReplay('crowded~:15,11z,25,1z,4,10z,1,4z,12,4,5,1,13z,3,1'));
  expect(result.violation).toBeUndefined();
});
