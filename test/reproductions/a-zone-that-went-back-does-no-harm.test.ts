import { describe, expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';
import { RETURNED_ZONES } from '../support/returned-zones.ts';

/**
 * Found by searches of the code of 0.3.0, when the zone could first go back in them. What makes each of these runs
 * harmful is kept as a seeded bug: test/mutants/returned-zones.test.ts.
 */
describe('a zone that went back', () => {
  it.each(RETURNED_ZONES)('does no harm: $harm', async ({ line, mended = line }) => {
    const { result } = await replay(parseReplay(line));
    expect(result.violation).toBeUndefined();
    const again = await replay(parseReplay(mended));
    expect(again.result.violation).toBeUndefined();
    expect(again.steps.map(({ decision }) => decision.type)).toContain('return');
  });
});
