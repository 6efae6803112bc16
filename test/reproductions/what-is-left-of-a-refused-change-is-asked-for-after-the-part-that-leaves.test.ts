import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by the campaign. A zone that is full refuses the repair of a tree three times. Once there is room, the third try
 * asks only for the target that has to leave, and the next plan for the rest. The quiet phase made no next plan, because
 * nothing was refused any more.
 */
it('what is left of a refused change is asked for after the part that leaves', async () => {
  const choices = '1z,2,21,2,5,1z,18,1z,20,18,19,1z,18,1z,15,4z,4,4,3,9z,1,26z,1,9z,2';
  const { result } = await replay(parseReplay(`obstacles-and-orders:${choices}`));
  expect(result.violation).toBeUndefined();
  expect(result.decisions).toBeGreaterThan(100);
});
