import { expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { create } from '../../lib/plan/records.ts';
import { crowdedCell } from '../support/crowded-zone.ts';

// Four endpoints of five targets hold 31 records with the zone's own two and the fence; the change of all needs 20 more.
const CROWD = { endpoints: 4, targets: 5, dualStack: false, recordLimit: 80 };
const ROUNDS = 10;
const MINUTES = 60_000;

const foreign = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: dnsName(`other-${index}.example.test`),
    type: 'TXT',
    ttl: 60,
    values: ['"by hand"'],
  }));

it('a plan that lost its room says so before its first batch, goes as far as there is room, and holds up nothing', async () => {
  const cell = await crowdedCell(CROWD);
  const { world } = cell;
  await cell.readdress(1);
  await cell.plan();
  // Nobody has surveyed the zone since somebody else took most of its room.
  const others = foreign(38);
  world.tamper(others.map(create));
  const before = world.scheduler.steps().length;
  expect(await cell.enact()).toMatchObject({ type: 'blocked' });
  const state = () => world.ledger.peek(world.scope.cell).state;
  expect(state().refused.map(({ name }) => name)).toEqual(['e03.example.test', 'e04.example.test']);
  expect(state().refused[0]?.reason).toBe(
    'The zone example.test has no room: the plan needs 20 more records, 11 are free, and what could yield is not enough.',
  );
  // Nothing was sent in vain: what the zone holds was counted before the first batch.
  const staging = world.scheduler
    .steps()
    .slice(before)
    .filter(({ site, detail }) => site === 'zone.change' && /stage/.test(detail));
  expect(staging).toHaveLength(1);
  // With two trees at a time, all of it goes over, and what fails leaves.
  cell.observe('t-1', 'unhealthy');
  for (let rounds = 0; rounds < ROUNDS; rounds += 1) {
    world.time.advanceTo(world.time.now() + 10 * MINUTES);
    await cell.round();
  }
  expect(cell.answering('t-1')).toBe(0);
  expect(cell.answering('t-2')).toBe(4);
  expect(state()).toMatchObject({ refused: [], keptBack: [] });
});
