import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { AdoptNamesRequest } from '../../lib/operator/adopt-names.ts';
import { adoptNames } from '../../lib/operator/adopt-names.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { answers, begin, enactNow, eventsSince, order } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

const api: RecordSet = { name: API, type: 'A', ttl: 300, values: ['198.51.100.7'] };
const web: RecordSet = { name: WEB, type: 'A', ttl: 300, values: ['198.51.100.9'] };
const mail: RecordSet = { name: API, type: 'MX', ttl: 300, values: ['10 mail.example.test'] };

const adopting =
  (more: Partial<AdoptNamesRequest> = {}) =>
  (deps: OperatorZoneDeps) =>
    adoptNames(deps, { cell: CELL, apply: true, ...more });

async function worldWith(...foreign: readonly RecordSet[]): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: smallFleet(1), foreign });
  await world.plan();
  return world;
}

const adoptedIn = (events: readonly LedgerEvent[]) =>
  events.flatMap((event) => (event.type === 'EndpointAdopted' ? [event.name] : []));

describe('adoptNames', () => {
  it('takes over everything that stands at the endpoints, and one flip replaces it all', async () => {
    const world = await worldWith(api, web, mail);
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', adopting())).toEqual({
      ...{ type: 'done', already: [], free: [], left: [], healthReaders: [] },
      adopted: [
        { name: API, records: [api] },
        { name: WEB, records: [web] },
      ],
    });
    expect(await eventsSince(world, number)).toEqual([
      { type: 'EndpointAdopted', name: API, was: ['A 300 198.51.100.7'] },
      { type: 'EndpointAdopted', name: WEB, was: ['A 300 198.51.100.9'] },
    ]);
    expect(world.records()).toEqual(expect.arrayContaining([api, web]));
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied' });
    expect(answers(world, API)).toEqual(['192.0.2.1', '192.0.2.102']);
    expect(world.records()).toContainEqual(mail);
  });

  it('writes nothing without apply, and says what needs no adoption', async () => {
    const world = await worldWith(web);
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', adopting({ apply: false }))).toMatchObject({
      adopted: [{ name: WEB }],
      free: [API],
    });
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('lets what is named go ahead: the others wait', async () => {
    const world = await worldWith(api, web);
    await order(world, 'ana', adopting({ names: [WEB] }));
    await enactNow(world, 'enactor');
    expect(answers(world, WEB)).not.toEqual(['198.51.100.9']);
    expect(world.records()).toContainEqual(api);
    expect(await order(world, 'bo', adopting())).toMatchObject({ adopted: [{ name: API }], already: [WEB] });
  });

  it('leaves a name that the fleet does not declare, and takes those of a fleet that is declared next', async () => {
    const world = await worldWith(api);
    const other = dnsName('other.example.test');
    expect(await order(world, 'ana', adopting({ names: [API, other] }))).toMatchObject({
      adopted: [{ name: API }],
      left: [{ name: other, reason: expect.stringContaining('does not declare other.example.test') }],
    });
    expect(await order(world, 'bo', adopting({ declared: [other] }))).toMatchObject({ free: [other] });
  });

  it('has nothing to adopt where the cell\u2019s own root stands, which no applied plan has yet', async () => {
    const world = await worldWith(api);
    await enactNow(world, 'enactor');
    expect(await order(world, 'ana', adopting())).toMatchObject({ adopted: [{ name: API }], already: [WEB] });
  });

  it('goes on where a death has left it', async () => {
    const world = await worldWith(api, web);
    const { number } = world.ledger.peek(CELL);
    await begin(world, 'ana', adopting());
    await runUntil(world, 'ana', 'ledger.append', /EndpointAdopted/);
    await world.scheduler.run('ana');
    expect(adoptedIn(await eventsSince(world, number))).toEqual([API]);
    expect(await order(world, 'bo', adopting())).toMatchObject({ adopted: [{ name: WEB }], already: [API] });
    expect(adoptedIn(await eventsSince(world, number))).toEqual([API, WEB]);
    // The one who was thought dead adopts nothing twice.
    await finish(world, 'ana');
    expect(adoptedIn(await eventsSince(world, number))).toEqual([API, WEB]);
  });

  it('decides anew when somebody else appends in between', async () => {
    const world = await worldWith(api, web);
    await begin(world, 'ana', adopting());
    await runUntil(world, 'ana', 'ledger.append', /EndpointAdopted/);
    const { number } = world.ledger.peek(CELL);
    await order(world, 'bo', adopting({ names: [API] }));
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
    expect(adoptedIn(await eventsSince(world, number))).toEqual([API, WEB]);
  });
});
