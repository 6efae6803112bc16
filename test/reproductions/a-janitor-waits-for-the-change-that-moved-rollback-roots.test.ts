import { expect, it } from 'vitest';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';

/**
 * Found by a scenario of a crowded zone (I2). An enactor moves rollback roots to the live trees, so that a janitor can
 * make room. The janitor asked whether the flip before that was INSYNC, and deleted what some name server still answered
 * with: before the move was recorded, and after another enactor had recorded it without its change.
 */
it.each(['8z,4', '8z,18,6'])(
  'a janitor waits for the change that moved rollback roots (%s)',
  async (choices) => {
    const { result } = await replay(parseReplay(`crowded:${choices}`));
    expect(result.violation).toBeUndefined();
    expect(result.decisions).toBeGreaterThan(20);
  },
);
