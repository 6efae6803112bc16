import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seeds; the rule was too strict. A quiet round applies one plan to an endpoint, wholly or in part, and finds no
 * room for the next one. What the endpoint answers then is the first plan's, not what it answered before the round.
 */
describe('an endpoint may change by a plan before the one that is refused', () => {
  it.each([
    // cdn and web are refused: the plan that drains api is applied to it alone.
    'obstacles-and-orders:19,2z,21,19,1,2,8z,2,15,15,12,2,16z,2,4z,4,3,11,5z,2,2,6z,3',
    // A plan that was staged before the zone was full is flipped in part.
    'busy-planner~:1,15,1z,5,6z,11,2z,3,3,1z,7,1z,8,4z,3,25z,1,19',
  ])('%s', async (line) => {
    const { result } = await replay(parseReplay(line));
    expect(result.violation).toBeUndefined();
    expect(result.decisions).toBeGreaterThan(40);
  });
});
