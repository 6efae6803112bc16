import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by seeds. A hand makes a rollback root of an endpoint that nobody knows, and protects it. Route 53 refuses to
 * delete it, so the flip left it out; and because no plan has that name, the goal counted as applied in part for ever.
 */
it('a stray that cannot be deleted does not keep a plan from being applied', async () => {
  const { result } = await replay(parseReplay('first-obstacles:11,9,1z,11,12'));
  expect(result.violation).toBeUndefined();
  expect(result.decisions).toBeGreaterThan(50);
});
