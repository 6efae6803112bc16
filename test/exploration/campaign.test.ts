import { describe, expect, it } from 'vitest';
import { simulate } from '../../lib/cli/simulate/simulation.ts';
import { formatReplay } from '../../lib/simulator/random/replay-line.ts';

const WORKERS = 2;
const SECONDS = 180;
/** This test's own first seed. `npm test` plays other seeds. */
const FIRST_SEED = 1_000_000;
/** Half of the least number of decisions that two cores without other work play in that time. */
const DECISIONS_LEAST = 600_000;

describe('three minutes of seeds', () => {
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

/** A minute at most, on two threads. */
const SECONDS_OF_TWO_CELLS = 50;
/** A few times fewer than two cores without other work play in that time. */
const DECISIONS_OF_TWO_CELLS = 30_000;

describe('fifty seconds of seeds of two cells in a zone', () => {
  it('break no rule', async () => {
    const reports = await simulate(
      Array.from({ length: WORKERS }, (_, worker) => ({
        type: 'campaign',
        strategy: 'mixed',
        cells: 2,
        firstSeed: FIRST_SEED + worker,
        stride: WORKERS,
        seconds: SECONDS_OF_TWO_CELLS,
      })),
      WORKERS,
    );
    const failures = reports.flatMap(({ failure }) =>
      failure === undefined ? [] : [`${failure.message}: ${formatReplay(failure.line)}`],
    );
    expect(failures).toEqual([]);
    expect(reports.reduce((sum, { decisions }) => sum + decisions, 0)).toBeGreaterThan(
      DECISIONS_OF_TWO_CELLS,
    );
  }, 300_000);
});
