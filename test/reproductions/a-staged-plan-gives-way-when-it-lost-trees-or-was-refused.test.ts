import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seeds. A staged plan finishes before a newer one. Where it was superseded while it was staged in part, the log
 * had forgotten its other trees, and an enactor staged them for ever. Where something of it was refused in a log that
 * cannot hold refusals, an enactor went to and fro between it and the newer plan.
 */
describe('a staged plan', () => {
  it.each([
    'busy-planner~:15,1z,4,1,4z,4,9,1,2z,10,1,4z,1',
    'upgrade~:1,3z,2,8,16,1z,4,4,14z,4',
    'upgrade:3,4z,9,3z,4,5z,1,6z,6,1z,2,1,17',
  ])('that cannot be finished gives way to the newer one: %s', async (line) => {
    const { result } = await replay(parseReplay(line));
    expect(result.violation).toBeUndefined();
    expect(result.decisions).toBeGreaterThan(20);
  });
});
