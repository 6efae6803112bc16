import { describe, expect, it } from 'vitest';
import { GIVEN_BACK } from '../../lib/cell/given-back.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import type { Push, PushRequest } from '../../lib/operator/push-fleet.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { recordEvent } from '../../lib/operator/record-event.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import type { CellsOfOneZone, ZoneSettings } from '../support/cells-of-one-zone.ts';
import { cellsOfOneZone } from '../support/cells-of-one-zone.ts';
import { endpointNames, fleetWith } from '../support/moved-fleets.ts';

const OLD = cellName('use1-a');
const NEW = cellName('use1-b');
const NAMES = endpointNames(6);
const [FIRST, ...REST] = NAMES;
if (FIRST === undefined) throw new Error('there is no endpoint');

/** A cell whose six endpoints are applied. */
async function oldCell(settings: ZoneSettings = {}): Promise<CellsOfOneZone> {
  const world = cellsOfOneZone(settings);
  await world.push([fleetWith(OLD, world.zoneId, NAMES)]);
  await world.rounds([OLD]);
  return world;
}

/** The fleets in which the second half has moved. */
function halved(world: CellsOfOneZone) {
  return [fleetWith(OLD, world.zoneId, NAMES.slice(0, 3)), fleetWith(NEW, world.zoneId, NAMES.slice(3))];
}

function pushing(world: CellsOfOneZone, request: Partial<PushRequest>, ledger: Ledger = world.ledger) {
  const functionsRead = NEWEST_LEDGER_FORMAT;
  return pushFleet({ ...world.operator(), ledger }, { cells: [], apply: true, functionsRead, ...request });
}

async function pushed(world: CellsOfOneZone, request: Partial<PushRequest>): Promise<Push> {
  const outcome = await pushing(world, request);
  if (outcome.type !== 'done') throw new Error(outcome.reason);
  return outcome;
}

async function since(world: CellsOfOneZone, cell: CellName, after = 0): Promise<readonly LedgerEvent[]> {
  return (await world.events(cell)).slice(after);
}

describe('a file in which endpoints have moved', () => {
  it('offers, awaits, and then declares, the cell that gives before the one that takes', async () => {
    const world = await oldCell();
    const before = (await world.events(OLD)).length;
    const shown = await pushed(world, { cells: halved(world), apply: false });
    expect(shown).toMatchObject({
      moves: [{ from: OLD, to: NEW, names: NAMES.slice(3) }],
      withdrawals: [],
      cells: [
        { cell: OLD, change: 'declared' },
        { cell: NEW, change: 'first' },
      ],
    });
    expect(await world.ledger.cells()).toEqual([OLD]);
    await pushed(world, { cells: halved(world) });
    const { id } = world.ledger;
    expect(await since(world, OLD, before)).toMatchObject([
      { type: 'EndpointsOffered', names: NAMES.slice(3), to: NEW, ledger: id },
      { type: 'FleetDeclared', endpoints: 3 },
    ]);
    expect(await since(world, NEW)).toMatchObject([
      { type: 'FormatRaised', format: 6 },
      { type: 'EndpointsAwaited', names: NAMES.slice(3), from: OLD },
      { type: 'FleetDeclared', endpoints: 3 },
    ]);
  });

  it('declares in that order in whichever order the cells stand in the file', async () => {
    const world = await oldCell();
    const { cells } = await pushed(world, { cells: halved(world).reverse() });
    expect(cells.map(({ cell }) => cell)).toEqual([OLD, NEW]);
  });

  it('says nothing twice: pushed again it is no news', async () => {
    const world = await oldCell();
    await pushed(world, { cells: halved(world) });
    const counts = async () => [(await world.events(OLD)).length, (await world.events(NEW)).length];
    const before = await counts();
    expect(await pushed(world, { cells: halved(world) })).toMatchObject({
      moves: [{ names: NAMES.slice(3) }],
      cells: [{ change: 'unchanged' }, { change: 'unchanged' }],
    });
    expect(await counts()).toEqual(before);
    await world.rounds([OLD, NEW], 3);
    expect(await pushed(world, { cells: halved(world) })).toMatchObject({ moves: [], withdrawals: [] });
  });

  it('takes it back as long as nothing has gone over', async () => {
    const world = await oldCell();
    await pushed(world, { cells: halved(world) });
    const back = [fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])];
    const torn = [{ from: OLD, to: NEW, names: NAMES.slice(3) }];
    const taking = (await world.ledger.head(NEW)).state;
    expect(await pushed(world, { cells: back })).toMatchObject({
      ...{ moves: [], withdrawals: torn, unsettled: torn, lapsed: [] },
      cells: [{ cell: OLD, change: 'declared' }],
    });
    expect((await since(world, OLD)).at(-2)).toEqual({ type: 'OffersWithdrawn', names: NAMES.slice(3) });
    // The other cell may take them until no offer stands, so its log forgets nothing.
    expect((await world.ledger.head(NEW)).state).toEqual(taking);
    expect(await pushed(world, { cells: back })).toMatchObject({
      ...{ withdrawals: [], unsettled: torn, lapsed: [] },
      cells: [{ change: 'unchanged' }],
    });
    await world.rounds([OLD], 2);
    expect(await pushed(world, { cells: back })).toMatchObject({
      ...{ moves: [], withdrawals: [], unsettled: [], lapsed: torn },
      cells: [{ change: 'unchanged' }, { cell: NEW, change: 'declared' }],
    });
    expect((await since(world, NEW)).at(-2)).toEqual({
      ...{ type: 'EndpointsAwaited', names: NAMES.slice(3) },
      from: null,
    });
    expect((await world.ledger.head(NEW)).state.awaited).toEqual([]);
    expect(world.missing).toEqual([]);
  });

  it.each([
    [OLD, NEW],
    [NEW, OLD],
  ])('brings back what a batch took before anybody recorded it: %s says so first', async (first, second) => {
    const world = await oldCell({
      through: (zone) => ({
        ...zone,
        change: async (batch) => {
          const outcome = await zone.change(batch);
          if (batch.kind === 'handover' && outcome.type === 'accepted' && !died) {
            died = true;
            throw new Error('the enactor dies');
          }
          return outcome;
        },
      }),
    });
    let died = false;
    world.watch(NAMES);
    await pushed(world, { cells: halved(world) });
    await world.rounds([OLD]);
    await world.plan(NEW);
    await expect(world.enact(NEW)).rejects.toThrow('the enactor dies');
    const back = [fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])];
    expect((await pushed(world, { cells: back })).withdrawals).toHaveLength(1);
    await world.rounds([first]);
    const again = await pushing(world, { cells: back });
    // Where the taker has not recorded it, its plan is not applied yet, and a push waits for that.
    if (first === OLD) expect(again).toMatchObject({ reason: expect.stringContaining('not applied yet') });
    else expect(again).toMatchObject({ unsettled: [], moves: [{ from: NEW, to: OLD }] });
    await world.rounds([second]);
    await pushed(world, { cells: back });
    await world.rounds([OLD, NEW], 4);
    expect((await world.ledger.head(OLD)).state.owned).toHaveLength(6);
    expect((await world.ledger.head(NEW)).state).toMatchObject({ owned: [], awaited: [], offers: [] });
    expect(world.missing).toEqual([]);
  });
});

describe('a cell that the file does not name', () => {
  it('keeps its endpoints, unless it is named as the one that they come from', async () => {
    const world = await oldCell();
    const cells = [fleetWith(NEW, world.zoneId, REST)];
    const refused = await pushing(world, { cells });
    expect(refused).toEqual({
      type: 'refused',
      reason: expect.stringContaining(`where the file does not name ${OLD}, push with --from ${OLD}.`),
    });
    expect(await world.ledger.cells()).toEqual([OLD]);
    const { fleets, left } = await pushed(world, { cells, from: [OLD] });
    // What it keeps is declared of it, and everything else of its fleet stays.
    expect(fleets.map(({ cell, endpoints }) => [cell, endpoints.map(({ name }) => name)])).toEqual([
      [OLD, [FIRST]],
      [NEW, REST],
    ]);
    const own = fleetWith(OLD, world.zoneId, NAMES);
    expect(fleets[0]).toEqual({ ...own, endpoints: own.endpoints.slice(0, 1) });
    expect(left).toEqual([]);
  });

  it('may be left with nothing: that is a rename', async () => {
    const world = await oldCell();
    const cells = [fleetWith(NEW, world.zoneId, NAMES)];
    const { fleets } = await pushed(world, { cells, from: [OLD] });
    expect(fleets[0]).toMatchObject({ cell: OLD, endpoints: [] });
    await world.rounds([OLD, NEW], 3);
    expect((await world.ledger.head(NEW)).state.owned).toHaveLength(6);
  });

  it('must exist', async () => {
    const world = await oldCell();
    const nobody = cellName('nobody');
    expect(await pushing(world, { cells: halved(world), from: [nobody] })).toEqual({
      type: 'refused',
      reason: 'The ledger has no cell nobody from which endpoints could move.',
    });
  });
});

describe('what nobody can hand over yet', () => {
  it('is what is planned and not applied', async () => {
    const world = await oldCell();
    const more = endpointNames(7);
    await world.push([fleetWith(OLD, world.zoneId, more)]);
    await world.plan(OLD);
    const cells = [fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, more.slice(6))];
    expect(await pushing(world, { cells })).toEqual({
      type: 'refused',
      reason: `e006.example.test is planned by cell ${OLD} and not applied yet, so that ${NEW} cannot take it over: wait until "pawl status ${OLD}" is converged, then push.`,
    });
    await world.enact(OLD);
    expect(await pushing(world, { cells })).toMatchObject({
      type: 'done',
      moves: [{ names: more.slice(6) }],
    });
  });

  it('is what a cell of an older format has, and nothing is written then', async () => {
    const world = cellsOfOneZone();
    const functionsRead = 5;
    expect(
      await pushing(world, { cells: [fleetWith(OLD, world.zoneId, NAMES)], functionsRead }),
    ).toMatchObject({ type: 'done' });
    await world.rounds([OLD]);
    const before = (await world.events(OLD)).length;
    expect(await pushing(world, { cells: halved(world), functionsRead })).toEqual({
      type: 'refused',
      reason: expect.stringMatching(
        new RegExp(
          `^Endpoints of cell ${OLD} would go over to ${NEW}, and cell ${OLD} is written in .*"pawl upgrade ${OLD}" first\\.$`,
        ),
      ),
    });
    expect(await world.ledger.cells()).toEqual([OLD]);
    expect(await since(world, OLD, before)).toEqual([]);
  });

  it('is what another zone has: a name there is another name', async () => {
    const world = await oldCell();
    const elsewhere = { ...fleetWith(NEW, 'Z0OTHER', NAMES.slice(3)) };
    expect(
      await pushing(world, { cells: [fleetWith(OLD, world.zoneId, NAMES.slice(0, 3)), elsewhere] }),
    ).toMatchObject({ type: 'done', moves: [] });
  });
});

/** A ledger that takes so many appends, and is then gone. */
function dyingAfter(ledger: Ledger, appends: number): Ledger {
  let left = appends;
  return {
    ...ledger,
    append: async (head, entry) => {
      if (left === 0) throw new LedgerUnavailable('The table cannot be reached.');
      left -= 1;
      return ledger.append(head, entry);
    },
  };
}

describe('a push that ends after any of its appends', () => {
  async function declared(world: CellsOfOneZone, cell: CellName): Promise<readonly DnsName[]> {
    const events = await world.events(cell);
    const fleet = events.filter((event) => event.type === 'FleetDeclared').at(-1);
    if (fleet === undefined) return [];
    const body = JSON.parse(await world.ledger.getBody(cell, fleet.digest));
    return body.endpoints.map(({ name }: { readonly name: DnsName }) => name);
  }

  it('has lost no endpoint, and goes on when it is pushed again', async () => {
    let whole = 0;
    for (let appends = 0; whole === 0; appends += 1) {
      const world = await oldCell();
      world.watch(NAMES);
      const request = { cells: [fleetWith(NEW, world.zoneId, REST)], from: [OLD] };
      const first = pushing(world, request, dyingAfter(world.ledger, appends));
      if (
        await first.then(
          () => true,
          () => false,
        )
      )
        whole = appends;
      // The old cell still declares each endpoint, or offers it: nobody is asked whether to delete one.
      const { offers } = (await world.ledger.head(OLD)).state;
      const offered = offers.map(({ name }) => name);
      expect(new Set([...(await declared(world, OLD)), ...offered]).size).toBe(NAMES.length);
      await world.rounds([OLD, NEW], 1);
      expect(
        (await world.ledger.head(OLD)).state.keptBack.flatMap(({ findings }) => findings),
      ).not.toContainEqual(expect.objectContaining({ code: 'endpoint-removed' }));
      expect(await pushing(world, request)).toMatchObject({ type: 'done' });
      world.clock.shift(120_000);
      await world.rounds([OLD, NEW], 4);
      expect((await world.ledger.head(OLD)).state).toMatchObject({ owned: [FIRST], offers: [] });
      expect([...(await world.ledger.head(NEW)).state.owned].sort()).toEqual(REST);
      expect(world.missing).toEqual([]);
    }
    // An offer, a format, a wait and two fleets.
    expect(whole).toBe(5);
  });
});

it('a move that a log would refuse is refused before anything is written, and by a dry run too', async () => {
  const world = await oldCell();
  await pushed(world, { cells: halved(world) });
  await world.plan(OLD);
  await world.enact(OLD);
  const back = [fleetWith(OLD, world.zoneId, NAMES), fleetWith(NEW, world.zoneId, [])];
  await pushed(world, { cells: back });
  const events = await Promise.all([OLD, NEW].map((cell) => world.events(cell)));
  for (const apply of [false, true])
    expect(await pushing(world, { cells: halved(world), apply })).toEqual({
      type: 'refused',
      reason: `An offer of ${NAMES[3]} from cell ${OLD} to cell ${NEW} is being withdrawn: wait until it is.`,
    });
  expect(await Promise.all([OLD, NEW].map((cell) => world.events(cell)))).toEqual(events);
});

it("the names of a cell that was given back are anybody's", async () => {
  const world = await oldCell();
  await recordEvent(world.operator(), OLD, () => ({ type: 'FreezeCell', reason: GIVEN_BACK }));
  const cells = [fleetWith(OLD, world.zoneId, []), fleetWith(NEW, world.zoneId, NAMES)];
  expect(await pushed(world, { cells })).toMatchObject({ moves: [], reclaims: [] });
});
