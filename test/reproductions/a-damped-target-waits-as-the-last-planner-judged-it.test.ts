import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * The checker's fault. A target that had come back often was let wait, and then an hour passed until changes were INSYNC.
 * No planner had run since, and the checker took the wait for over.
 */
it('a damped target waits as the last planner judged it', async () => {
  const { result } = await replay(parseReplay('flapping~:1z,2,4z,10,2,60z,2'));
  expect(result.violation).toBeUndefined();
});
