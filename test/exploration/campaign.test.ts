import { describe, expect, it } from 'vitest';
import { simulate } from '../../lib/cli/simulate/simulation.ts';
import { formatReplay } from '../../lib/simulator/random/replay-line.ts';
import type { SimulationReport } from '../../lib/simulator/task.ts';
import { samples } from '../support/samples.ts';

const WORKERS = 2;
/** Long enough for the decisions below on any machine. */
const SECONDS_MAX = 3_600;
/** This test's own first seed. `npm test` plays other seeds. */
const FIRST_SEED = 1_000_000;
/** About a minute of a thread that has a core to itself. */
const DECISIONS_OF_ONE_CELL = samples(600_000);
/** Half a minute. */
const DECISIONS_OF_TWO_CELLS = samples(30_000);

describe('seeds break no rule', () => {
  it(`in ${WORKERS * DECISIONS_OF_ONE_CELL} decisions in a zone of one cell`, async () => {
    const reports = await campaigns({ decisionsMax: DECISIONS_OF_ONE_CELL });
    for (const { medianDecisions } of reports) expect(medianDecisions).toBeGreaterThanOrEqual(20);
  }, 3_600_000);

  it(`in ${WORKERS * DECISIONS_OF_TWO_CELLS} decisions in a zone of two`, async () => {
    await campaigns({ decisionsMax: DECISIONS_OF_TWO_CELLS, cells: 2 });
  }, 3_600_000);
});

async function campaigns(chosen: {
  readonly decisionsMax: number;
  readonly cells?: 2;
}): Promise<readonly SimulationReport[]> {
  const reports = await simulate(
    Array.from({ length: WORKERS }, (_, worker) => ({
      type: 'campaign',
      strategy: 'mixed',
      firstSeed: FIRST_SEED + worker,
      stride: WORKERS,
      seconds: SECONDS_MAX,
      ...chosen,
    })),
    WORKERS,
  );
  const failures = reports.flatMap(({ failure }) =>
    failure === undefined ? [] : [`${failure.message}: ${formatReplay(failure.line)}`],
  );
  expect(failures).toEqual([]);
  for (const { decisions } of reports) expect(decisions).toBeGreaterThanOrEqual(chosen.decisionsMax);
  return reports;
}
