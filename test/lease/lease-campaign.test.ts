import { describe, expect, it } from 'vitest';
import { agendaFrom } from '../../lib/simulator/lease-campaign/agenda.ts';
import { campaignWorld } from '../../lib/simulator/lease-campaign/campaign-world.ts';
import { playLeases } from '../../lib/simulator/lease-campaign/lease-campaign.ts';

/** Quick enough for every run of the tests, and no seeds of test/exploration/lease-campaign.test.ts. */
const SEEDS = [1_000_001, 1_000_002, 1_000_003];

describe('random worlds of leases', () => {
  it.each(SEEDS)('break no rule: seed %i', async (seed) => {
    const { violation, counts } = await playLeases(campaignWorld(seed));
    expect(violation).toBeUndefined();
    expect(counts.periods).toBeGreaterThan(0);
  });
});

describe('an agenda', () => {
  it('lets whatever is due happen in order of time, and then as it was entered', async () => {
    const agenda = agendaFrom(1_000);
    const told: string[] = [];
    const note = (what: string) => () => told.push(`${what} ${agenda.now()}`);
    agenda.at(3_000, note('c'));
    agenda.at(2_000, note('a'));
    agenda.at(2_000, note('b'));
    agenda.at(0, note('at once'));
    agenda.begin(async () => {
      await agenda.until(2_500);
      note('actor')();
    });
    await agenda.playUntil(2_999);
    expect(told).toEqual(['at once 1000', 'a 2000', 'b 2000', 'actor 2500']);
    expect(agenda.now()).toBe(2_999);
  });

  it('ends with the first error of an actor', async () => {
    const agenda = agendaFrom(0);
    agenda.begin(async () => {
      await agenda.until(10);
      throw new Error('broken');
    });
    await expect(agenda.playUntil(100)).rejects.toThrow('broken');
  });
});
