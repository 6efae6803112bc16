import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found in a zone whose limit the log did not know. Route 53 refused an endpoint of a plan that was staged in part, and
 * another plan came. Enactors worked towards that one, and waited for a janitor to delete what the plan before had
 * staged; janitors kept it for the plan before. Nothing moved any more.
 */
it('a janitor lets go of what was staged in part and is no goal', async () => {
  const choices = '5,1z,3,2,2z,5,4z,5,29z,1,11z,2,3z,1';
  const { result, steps } = await replay(parseReplay(`limit-not-known:${choices}`));
  expect(steps.some(({ site }) => site === 'quota.recordLimit')).toBe(true);
  expect(result.violation).toBeUndefined();
});
