import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by ten minutes of seeds: a hand forges a fence with a low seq; an enactor flips above what the log knows, and dies
 * before it says so; another one tells late of the fence that stood before the hand, at the very same seq. The log then
 * took the fence at the goal for one that it knows, and said for ever that the old plan was applied.
 */
describe('a fence at a seq that the log knows as another plan\u2019s', () => {
  it('is written anew, so that the log learns what is applied', async () => {
    const { result, steps } = await replay(
      parseReplay('retire:2,4,3,1,8z,8,2,4z,2,3z,6,8,3,9z,6,4,3,2z,7,1z,1,26z,3'),
    );
    expect(result.violation).toBeUndefined();
    expect(steps.some(({ detail }) => /^forge "v\d+ gen=10 seq=1 /.test(detail))).toBe(true);
  });
});
