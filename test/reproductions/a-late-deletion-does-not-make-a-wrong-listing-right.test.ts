import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by the campaign. An enactor's listing left a root out, and a janitor's late batch deleted another record before
 * the zone was counted. So the listing had the right count, and the log was told that the root was missing.
 */
it('a late deletion does not make a listing right that leaves a root out', async () => {
  const choices = '3,4z,15,21,3,9,2z,9,2,2z,3,1,6,3z,2,5z,2';
  const { result, steps } = await replay(parseReplay(`rescue~:${choices}`));
  expect(steps.some(({ decision }) => decision.type === 'land')).toBe(true);
  expect(result.violation).toBeUndefined();
});
