import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seeds; the rule was too strict. A hand forges a fence two million generations ahead, which no reader takes for
 * a fence, and the log is frozen. An enactor freezes no such fence, and nobody writes under it.
 */
it('a frozen cell may have a fence that cannot be read', async () => {
  const { result } = await replay(parseReplay('thaw:3,2z,16,13,1z,3,1z,2,1z,1,3,4,4,2,1,2,982'));
  expect(result.violation).toBeUndefined();
  expect(result.decisions).toBeGreaterThan(10);
});
