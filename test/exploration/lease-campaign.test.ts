import { describe, expect, it } from 'vitest';
import { campaignWorld } from '../../lib/simulator/lease-campaign/campaign-world.ts';
import type { PlayedLeases } from '../../lib/simulator/lease-campaign/lease-campaign.ts';
import { playLeases } from '../../lib/simulator/lease-campaign/lease-campaign.ts';
import { slowLossWorld } from '../../lib/simulator/lease-campaign/slow-loss.ts';

const HERE = 'npx vitest run --project exploration test/exploration/lease-campaign.test.ts';

/** `LEASE_SEEDS=2000` plays so many, `LEASE_SEEDS=17-17` the one of a replay. */
const [first = '1', last = first] = (process.env['LEASE_SEEDS'] ?? '60').split('-');
const isRange = process.env['LEASE_SEEDS']?.includes('-') ?? false;
const FROM = isRange ? Number(first) : 1;
const TO = Number(last);
/** So many seeds meet everything that is counted. */
const SEEDS_THAT_MEET_ALL = 40;

function told({ seed, violation }: PlayedLeases): readonly string[] {
  if (violation === undefined) return [];
  return [`${violation.message}: LEASE_SEEDS=${seed}-${seed} ${HERE}`, ...violation.story];
}

describe('random worlds of leases', () => {
  it(`break no rule: seeds ${FROM} to ${TO}`, async () => {
    expect(TO).toBeGreaterThanOrEqual(FROM);
    const met = new Map<string, number>();
    for (let seed = FROM; seed <= TO; seed += 1) {
      const result = await playLeases(campaignWorld(seed));
      expect(told(result)).toEqual([]);
      for (const [what, count] of Object.entries(result.counts)) met.set(what, (met.get(what) ?? 0) + count);
    }
    if (TO - FROM + 1 < SEEDS_THAT_MEET_ALL) return;
    for (const [what, count] of met) expect(count, what).toBeGreaterThan(0);
  });

  it('play the same way every time', async () => {
    const once = await playLeases(campaignWorld(FROM));
    expect(await playLeases(campaignWorld(FROM))).toEqual(once);
  });
});

describe('a slow loss of sight, 0.6 % of the groups of three zones a minute,', () => {
  it.each(['silent', 'out'] as const)('stops at 15 percent of a zone: %s', async (how) => {
    const result = await playLeases(slowLossWorld(how));
    expect(told(result)).toEqual([]);
    expect(result.out).toEqual([6, 6, 6]);
  });
});
