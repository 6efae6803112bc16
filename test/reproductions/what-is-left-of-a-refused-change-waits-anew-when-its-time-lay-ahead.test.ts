import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by the campaign. An enactor whose clock was a day ahead recorded refusals. Hours later the log first saw that
 * time, by the plan that let a failed target of such an endpoint leave. From then on the rest waited for its minute, and
 * the simulator, which asked at once, took it for stuck.
 */
it('what is left of a refused change waits anew when its time lay ahead', async () => {
  const choices = '13,15,19,1z,3,12,5z,3,11,2,3,20';
  const { result, steps } = await replay(parseReplay(`obstacles:${choices}`));
  expect(steps.some(({ detail }) => detail.startsWith('EndpointRefused'))).toBe(true);
  expect(result.violation).toBeUndefined();
});
