import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seeds: an enactor recorded a refusal so late that its next try was due at once. The goal asked for the endpoint
 * already, so the planner saw nothing to plan, and the enactor left out what was refused of its goal, for ever.
 */
describe('an endpoint of which the goal was refused', () => {
  it('is tried again by another plan that says the same', async () => {
    const { result } = await replay(parseReplay('obstacles~:2,2,2z,8,3z,9,5z,6,13,1,1z,2,19z,4,15z,4'));
    expect(result.violation).toBeUndefined();
    expect(result.decisions).toBeGreaterThan(30);
  });
});
