// @module-tag slow
import { describe, expect, it } from 'vitest';
import { CAMPAIGN } from '../../lib/simulator/engine/campaign-scenarios.ts';
import { sightingNames } from '../../lib/simulator/engine/sightings.ts';
import { campaign } from '../../lib/simulator/random/campaign.ts';
import { formatReplay } from '../../lib/simulator/random/replay-line.ts';

/** Enough decisions to meet every sighting. CI plays hundreds of times as many. */
const DECISIONS = 60_000;
/** The number of declared sightings in all files. */
const SIGHTINGS = 26;

describe('a campaign of seeds', () => {
  it(`breaks no rule in ${DECISIONS} decisions, and meets every situation that is worth meeting`, async () => {
    const result = await campaign({
      scenarios: CAMPAIGN,
      strategy: 'mixed',
      firstSeed: 1,
      stride: 1,
      stop: ({ decisions }) => decisions >= DECISIONS,
    });
    const { failure } = result;
    expect(failure === undefined ? '' : `${failure.message}: ${formatReplay(failure.line)}`).toBe('');
    expect(result.medianDecisions).toBeGreaterThanOrEqual(20);
    expect(sightingNames()).toHaveLength(SIGHTINGS);
    expect(sightingNames().filter((what) => (result.sightings[what] ?? 0) === 0)).toEqual([]);
  }, 120_000);
});
