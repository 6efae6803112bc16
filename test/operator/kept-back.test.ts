import { describe, expect, it } from 'vitest';
import { execute } from '../../lib/ledger/execute.ts';
import { approvePlan } from '../../lib/operator/approve.ts';
import { drainTarget } from '../../lib/operator/interventions.ts';
import type { KeptBackLook, KeptBackRequest } from '../../lib/operator/kept-back.ts';
import { approveKeptBack, lookAtKeptBack, rejectKeptBack } from '../../lib/operator/kept-back.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { resumePlanner } from '../../lib/operator/pause.ts';
import { proposePlan } from '../../lib/operator/propose.ts';
import { generation } from '../../lib/plan/generation.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  begin,
  convergedWorld,
  enactNow,
  eventsSince,
  livePlan,
  order,
  planRoutinely,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

/** A cell whose endpoints may lose at most a tenth of their capacity at once. */
function carefulWorld(more: { readonly format?: number } = {}): Promise<SimulatedWorld> {
  return convergedWorld(smallFleet(1, { capacityRemovedPercent: 10 }), more);
}

const draining = (target: string) => (deps: OperatorDeps) =>
  drainTarget(deps, { cell: CELL, target, reason: 'a bad disk', apply: true, hold: true });
const looking =
  (...endpoints: readonly DnsName[]) =>
  (deps: OperatorDeps) =>
    lookAtKeptBack(deps, { cell: CELL, endpoints, decision: 'approve' });
const approving =
  (digest: string, ...endpoints: readonly DnsName[]) =>
  (deps: OperatorDeps) =>
    approveKeptBack(deps, { cell: CELL, endpoints, digest });
const rejecting = (digest: string, ...endpoints: readonly DnsName[]) => {
  const request: KeptBackRequest = { cell: CELL, endpoints, digest };
  return (deps: OperatorDeps) => rejectKeptBack(deps, { ...request, reason: 'not today' });
};

async function look(world: SimulatedWorld, ...endpoints: readonly DnsName[]): Promise<KeptBackLook> {
  const outcome = await order(
    world,
    `look-${world.ledger.peek(CELL).number}-${endpoints.join()}`,
    looking(...endpoints),
  );
  if (outcome.type !== 'done') throw new Error(outcome.reason);
  return outcome;
}

const refusal = (reason: string) => ({ type: 'refused', reason: expect.stringContaining(reason) });

/** One target of each endpoint is drained, and both endpoints wait. */
async function bothWait(): Promise<SimulatedWorld> {
  const world = await carefulWorld();
  await order(world, 'ana', draining('api-1'));
  await order(world, 'bo', draining('web-1'));
  await planRoutinely(world);
  return world;
}

describe('lookAtKeptBack', () => {
  it('shows what waits, before and after, and writes nothing', async () => {
    const world = await bothWait();
    const { number } = world.ledger.peek(CELL);
    const { waiting, meant } = await look(world);
    expect(meant).toEqual(waiting);
    expect(waiting).toMatchObject([
      { name: API, since: world.time.now(), rejected: null, findings: [{ code: 'capacity-removed' }] },
      { name: WEB },
    ]);
    expect(waiting[0]?.before?.leaves.map(({ target }) => target)).toEqual(['api-1', 'api-2']);
    expect(waiting[0]?.after?.leaves.map(({ target }) => target)).toEqual(['api-2']);
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('has one digest for one endpoint, and another one for several', async () => {
    const world = await bothWait();
    const both = await look(world);
    const api = await look(world, API);
    expect(api.digest).toBe(api.waiting[0]?.digest);
    expect((await look(world, WEB, API)).digest).toBe(both.digest);
    expect(both.digest).not.toBe(api.digest);
  });

  it('refuses an endpoint for which nothing waits', async () => {
    const world = await carefulWorld();
    expect(await order(world, 'cy', looking(API))).toEqual(refusal('Nothing waits for api.example.test'));
    expect(await look(world)).toMatchObject({ waiting: [], meant: [] });
  });
});

describe('approveKeptBack', () => {
  it('lets exactly what was shown go, at once, and the rest goes on waiting', async () => {
    const world = await bothWait();
    const { number } = world.ledger.peek(CELL);
    const { digest } = await look(world, API);
    expect(await order(world, 'cy', approving(digest, API))).toMatchObject({
      type: 'done',
      appended: true,
      letGo: [{ name: API }],
      summary: { changed: [API] },
    });
    expect(await eventsSince(world, number)).toMatchObject([
      {
        type: 'PlanAppended',
        origin: 'approval',
        lane: 'urgent',
        pausesPlanner: false,
        keptBack: [{ name: WEB }],
      },
    ]);
    await enactNow(world, 'enactor');
    expect(answers(world, API)).toEqual(['192.0.2.102']);
    expect(answers(world, WEB)).toEqual(['192.0.2.201', '192.0.2.202']);
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged', keptBack: [{ name: WEB }] });
  });

  it('lets all go by the digest over all', async () => {
    const world = await bothWait();
    const { digest } = await look(world);
    expect(await order(world, 'cy', approving(digest))).toMatchObject({ summary: { changed: [API, WEB] } });
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged', keptBack: [] });
  });

  it('takes no more than was shown: something else that waits by now is refused, also in a race', async () => {
    const world = await bothWait();
    const { digest } = await look(world);
    const api = await look(world, API);
    await begin(world, 'cy', approving(digest));
    await runUntil(world, 'cy', 'ledger.append', /PlanAppended/);
    const restored = { type: 'RestoreTarget', target: 'web-1' } as const;
    const occasion = { at: () => world.time.now(), by: 'di' };
    await execute(world.ledger, CELL, occasion, () => restored);
    expect(await finish(world, 'cy')).toEqual(refusal('is not what the digest'));
    expect(world.ledger.peek(CELL).state.goal).toMatchObject({ generation: generation(1) });
    expect(await order(world, 'ed', approving(digest.replace(/^./, 'x'), API))).toEqual(
      refusal('not what the digest'),
    );
    expect(await order(world, 'fe', approving(api.digest, API))).toMatchObject({ type: 'done' });
  });

  it('does not let go what no approval lets go, and leaves it out where nobody names it', async () => {
    const world = await bothWait();
    await order(world, 'cy', draining('web-2'));
    const occasion = { at: () => world.time.now(), by: 'di' };
    await execute(world.ledger, CELL, occasion, () => ({
      type: 'DrainTarget',
      target: 'web-2',
      reason: 'both',
    }));
    const { waiting, meant, digest } = await look(world);
    expect(waiting.map(({ name }) => name)).toEqual([API, WEB]);
    expect(meant.map(({ name }) => name)).toEqual([API]);
    const web = await look(world, WEB);
    expect(await order(world, 'ed', approving(web.digest, WEB))).toEqual(
      refusal('No approval lets web.example.test go.'),
    );
    expect(await order(world, 'fe', approving(digest))).toMatchObject({ letGo: [{ name: API }] });
  });

  it("does not put a plan in the place of a person's that waits as a whole", async () => {
    const world = await bothWait();
    const { digest } = await look(world, API);
    const plan = await livePlan(world);
    const [api, ...others] = plan.endpoints;
    if (api === undefined) throw new Error('the plan has no endpoint');
    const emptier = { ...plan, endpoints: [{ ...api, leaves: api.leaves.slice(1) }, ...others] };
    const held = await order(world, 'cy', (deps) =>
      proposePlan(deps, { cell: CELL, plan: emptier, apply: true }),
    );
    expect(held).toMatchObject({ type: 'done', disposition: 'held' });
    expect(await order(world, 'di', approving(digest, API))).toEqual(refusal('use1-a@2 waits as a whole'));
    const whole = held.type === 'done' ? held.digest : '';
    await order(world, 'ed', (deps) =>
      approvePlan(deps, { cell: CELL, generation: generation(2), digest: whole }),
    );
    await order(world, 'fe', (deps) => resumePlanner(deps, { cell: CELL }));
    expect(await planRoutinely(world)).toMatchObject({ keptBack: [{ name: WEB }] });
  });

  it('works in a cell whose format records nothing of it', async () => {
    const world = await carefulWorld({ format: 1 });
    await order(world, 'ana', draining('api-1'));
    await planRoutinely(world);
    const { waiting, digest } = await look(world);
    expect(waiting).toMatchObject([{ name: API, since: null }]);
    expect(await order(world, 'bo', approving(digest, API))).toMatchObject({ type: 'done', appended: true });
  });
});

describe('rejectKeptBack', () => {
  it('declines what was shown, once, until something else waits', async () => {
    const world = await bothWait();
    const { digest } = await look(world, API);
    expect(await order(world, 'cy', rejecting(digest, API))).toMatchObject({ type: 'done', changed: true });
    expect(await order(world, 'di', rejecting(digest, API))).toMatchObject({ changed: false });
    expect((await look(world)).meant.map(({ name }) => name)).toEqual([WEB]);
    expect((await look(world, API)).waiting).toMatchObject([{ rejected: { by: 'cy', reason: 'not today' } }]);
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged' });
    const occasion = { at: () => world.time.now(), by: 'ed' };
    await execute(world.ledger, CELL, occasion, () => ({
      type: 'DrainTarget',
      target: 'api-2',
      reason: 'too',
    }));
    expect((await look(world, API)).waiting).toMatchObject([{ rejected: null }]);
  });

  it('records what waits where the planner has not looked yet', async () => {
    const world = await carefulWorld();
    await order(world, 'ana', draining('api-1'));
    const { number } = world.ledger.peek(CELL);
    const { digest } = await look(world);
    expect(await order(world, 'bo', rejecting(digest))).toMatchObject({ type: 'done', changed: true });
    expect(await eventsSince(world, number)).toMatchObject([
      { type: 'EndpointsKeptBack' },
      { type: 'KeptBackRejected' },
    ]);
  });

  it('refuses another digest, and a cell whose format cannot hold it', async () => {
    const world = await bothWait();
    expect(await order(world, 'cy', rejecting('0'.repeat(12), API))).toEqual(
      refusal('look at it again with "pawl plan reject'),
    );
    const older = await carefulWorld({ format: 1 });
    await order(older, 'ana', draining('api-1'));
    const { digest } = await look(older);
    expect(await order(older, 'bo', rejecting(digest))).toEqual(refusal('"pawl upgrade use1-a" first'));
  });
});
