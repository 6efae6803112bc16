import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by the campaign. An enactor whose clock was a day ahead recorded that Route 53 refused an endpoint for lack of
 * room. Nobody else wrote an event after it, so its wait counted from now for ever, and the endpoint was not tried again
 * when there was room.
 */
it('a clock that is a day ahead does not end the tries of what was refused', async () => {
  const choices = '1,3z,12,2z,14,4,4z,1,1z,5,1,5z,1,2z,3,2,3,2,5z,2,19,1z,1';
  const { result, steps } = await replay(parseReplay(`obstacles~:${choices}`));
  expect(steps.some(({ detail }) => detail.startsWith('EndpointRefused'))).toBe(true);
  expect(result.violation).toBeUndefined();
});
