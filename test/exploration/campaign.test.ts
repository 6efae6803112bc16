import { describe, expect, it } from 'vitest';
import { simulate } from '../../lib/cli/simulate/simulation.ts';
import { formatReplay } from '../../lib/simulator/random/replay-line.ts';

const WORKERS = 2;
const SECONDS = 300;
/** So that no two builds play the same seeds for ever: this test's own, and not the one of `npm test`. */
const FIRST_SEED = 1_000_000;
/** Half of the least that two cores to themselves play in that time. */
const DECISIONS_LEAST = 1_000_000;

describe('five minutes of seeds', () => {
  it('break no rule', async () => {
    const reports = await simulate(
      Array.from({ length: WORKERS }, (_, worker) => ({
        type: 'campaign',
        strategy: 'mixed',
        firstSeed: FIRST_SEED + worker,
        stride: WORKERS,
        seconds: SECONDS,
      })),
      WORKERS,
    );
    const failures = reports.flatMap(({ failure }) =>
      failure === undefined ? [] : [`${failure.message}: ${formatReplay(failure.line)}`],
    );
    expect(failures).toEqual([]);
    expect(reports.reduce((sum, { decisions }) => sum + decisions, 0)).toBeGreaterThan(DECISIONS_LEAST);
    for (const { medianDecisions } of reports) expect(medianDecisions).toBeGreaterThanOrEqual(20);
  }, 900_000);
});
