import { expect, it } from 'vitest';
import type { HandoverCommand } from '../../lib/operator/record-handover.ts';
import { recordHandover } from '../../lib/operator/record-handover.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import type { CellsOfOneZone } from '../support/cells-of-one-zone.ts';
import { cellsOfOneZone } from '../support/cells-of-one-zone.ts';
import { endpointNames, fleetWith } from '../support/moved-fleets.ts';

const OLD = cellName('use1-a');
const NEW = cellName('use1-b');
const NAMES = endpointNames(2);

async function oldCell(): Promise<CellsOfOneZone> {
  const world = cellsOfOneZone();
  await world.push([fleetWith(OLD, world.zoneId, NAMES)]);
  await world.rounds([OLD]);
  return world;
}

function recording(world: CellsOfOneZone, cell: typeof OLD, command: HandoverCommand) {
  const functionsRead = NEWEST_LEDGER_FORMAT;
  return recordHandover(world.operator(), { cell, command, apply: true, functionsRead });
}

it('a cell that nobody has declared yet awaits, in the format in which a push would begin it, and takes it back', async () => {
  const world = await oldCell();
  const command = { type: 'AwaitEndpoints', names: NAMES, from: OLD } as const;
  const dry = { cell: NEW, command, apply: false, functionsRead: NEWEST_LEDGER_FORMAT };
  expect(await recordHandover(world.operator(), dry)).toMatchObject({ type: 'done', names: NAMES });
  expect((await world.ledger.head(NEW)).number).toBe(0);
  expect(await recording(world, NEW, command)).toMatchObject({ type: 'done', names: NAMES });
  const types = (await world.events(NEW)).map(({ type }) => type);
  expect(types).toEqual(['FormatRaised', 'EndpointsAwaited']);
  expect(await recording(world, NEW, { ...command, from: null })).toMatchObject({ names: NAMES });
  expect(await recording(world, NEW, { type: 'WithdrawOffers', names: NAMES })).toMatchObject({ names: [] });
});

it('only what a zone has goes over', async () => {
  const world = await oldCell();
  const names = [dnsName('wwwexample.test')];
  expect(await recording(world, OLD, { type: 'AwaitEndpoints', names, from: NEW })).toEqual({
    type: 'refused',
    reason: `wwwexample.test is not in the zone of cell ${OLD}: a handover is between cells of one zone.`,
  });
});

it('a cell without a fleet offers nothing', async () => {
  const world = await oldCell();
  const offer = { type: 'OfferEndpoints', names: NAMES, to: OLD, ledger: world.ledger.id } as const;
  expect(await recording(world, NEW, offer)).toMatchObject({
    type: 'refused',
    reason: expect.stringContaining('No fleet has been pushed'),
  });
});
