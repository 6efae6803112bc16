import { describe, expect, it } from 'vitest';
import { approvePlan } from '../../lib/operator/approve.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { pausePlanner, resumePlanner } from '../../lib/operator/pause.ts';
import type { ProposeRequest } from '../../lib/operator/propose.ts';
import { proposePlan } from '../../lib/operator/propose.ts';
import { rejectPlan } from '../../lib/operator/reject.ts';
import { generation } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Leaf, Plan } from '../../lib/plan/plan.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  convergedWorld,
  enactNow,
  eventsSince,
  livePlan,
  order,
  planRoutinely,
  roots,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

/** The live plan as a person edited it: generation, parent and tree names as they were in the copy. */
async function edited(world: SimulatedWorld, leaf: (leaf: Leaf) => Leaf | undefined): Promise<Plan> {
  const plan = await livePlan(world);
  return {
    ...plan,
    endpoints: plan.endpoints.map((endpoint) => ({
      ...endpoint,
      leaves: endpoint.leaves.flatMap((each) => leaf(each) ?? []),
    })),
  };
}

const moved = (leaf: Leaf): Leaf => (leaf.target === 'api-1' ? { ...leaf, values: ['192.0.2.77'] } : leaf);

const proposing =
  (plan: Plan, more: Partial<ProposeRequest> = {}) =>
  (deps: OperatorDeps) =>
    proposePlan(deps, { cell: CELL, plan, apply: true, ...more });

describe('proposePlan', () => {
  it('never alters a live tree: the same tree name with other content becomes a new tree', async () => {
    const world = await convergedWorld();
    const plan = await edited(world, moved);
    expect(plan.endpoints[0]?.tree).toBe(roots(world)[`${API} A`]);
    const { number } = world.ledger.peek(CELL);
    const outcome = await order(world, 'ana', proposing(plan));
    expect(outcome).toMatchObject({
      type: 'done',
      appended: true,
      plan: {
        generation: generation(2),
        parent: 1,
        endpoints: [
          { name: API, tree: 'g000002.api.use1-a._pawl.example.test' },
          { name: WEB, tree: 'g000001.web.use1-a._pawl.example.test' },
        ],
      },
      newTrees: { api: 'g000002' },
      disposition: 'approved',
    });
    expect(await eventsSince(world, number)).toMatchObject([
      { type: 'PlanAppended', origin: 'operator', lane: 'urgent', pausesPlanner: true },
    ]);
    const before = world.records().filter(({ name }) => name.startsWith('g000001.'));
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: generation(2) });
    expect(world.records().filter(({ name }) => name.startsWith('g000001.'))).toEqual(before);
    expect(answers(world, API)).toEqual(['192.0.2.102', '192.0.2.77']);
  });

  it('computes the generation whatever the file says', async () => {
    const world = await convergedWorld();
    const plan = {
      ...(await edited(world, moved)),
      generation: generation(900) as Plan['generation'],
      parent: 12,
    };
    expect(await order(world, 'ana', proposing(plan))).toMatchObject({
      plan: { generation: generation(2), parent: 1 },
    });
  });

  it('holds what the policy holds, until that very plan is approved', async () => {
    const world = await convergedWorld(smallFleet(1, { capacityRemovedPercent: 10 }));
    const plan = await edited(world, (leaf) => (leaf.target === 'api-1' ? undefined : leaf));
    const outcome = await order(world, 'ana', proposing(plan));
    if (outcome.type !== 'done') throw new Error(outcome.reason);
    expect(outcome).toMatchObject({ disposition: 'held', findings: [{ code: 'capacity-removed' }] });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'converged', generation: generation(1) });
    expect(await planRoutinely(world)).toMatchObject({ type: 'paused' });
    const short = outcome.digest.slice(0, 12);
    expect(
      await order(world, 'bo', (deps) =>
        approvePlan(deps, { cell: CELL, generation: generation(2), digest: short }),
      ),
    ).toEqual({ type: 'done', generation: generation(2), digest: outcome.digest, changed: true });
    expect(await enactNow(world, 'enactor-2')).toMatchObject({ type: 'applied', generation: generation(2) });
    expect(answers(world, API)).toEqual(['192.0.2.102']);
  });

  it('has the capacities of the log, so that a file with weights in their place loses nothing on the way back', async () => {
    const small = smallFleet(1, { capacityRemovedPercent: 75, capacityWindowS: 60 });
    const targets = small.targets.map((each, index) => ({ ...each, capacity: 40 / (1 + (index % 2)) }));
    const world = await convergedWorld({ ...small, targets });
    const plan = await edited(world, (leaf) => ({ ...moved(leaf), capacity: leaf.weight }));
    const [api, ...others] = plan.endpoints;
    const spare: Leaf = { target: 'spare', type: 'A', weight: 51, capacity: 51, values: ['192.0.2.9'] };
    if (api === undefined) throw new Error('there is no endpoint');
    const file = { ...plan, endpoints: [{ ...api, leaves: [...api.leaves, spare] }, ...others] };
    const outcome = await order(world, 'ana', proposing(file));
    expect(outcome).toMatchObject({
      disposition: 'approved',
      plan: {
        endpoints: [
          { leaves: [{ capacity: 40 }, { capacity: 20 }, { target: 'spare', capacity: 8 }] },
          { leaves: [{ capacity: 40 }, { capacity: 20 }] },
        ],
      },
    });
    world.time.advanceTo(world.time.now() + 120_000);
    await order(world, 'bo', (deps) => resumePlanner(deps, { cell: CELL }));
    expect(await planRoutinely(world)).toMatchObject({
      type: 'appended',
      proposed: { summary: { changed: [API] }, keptBack: [] },
    });
  });

  it('shows the change without apply', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', proposing(await edited(world, moved), { apply: false }))).toMatchObject({
      appended: false,
      base: { generation: generation(1) },
      summary: { changed: [API] },
    });
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('refuses a fatal plan with its finding', async () => {
    const world = await convergedWorld();
    const plan = await edited(world, (leaf) => (leaf.target.startsWith('web') ? undefined : leaf));
    expect(await order(world, 'ana', proposing(plan))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('web.example.test would have no answer'),
    });
  });

  it('refuses another cell\u2019s file, another zone\u2019s, and one that changes nothing', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    const refusal = (reason: string) => ({ type: 'refused', reason: expect.stringContaining(reason) });
    const cell = 'use1-b' as Plan['cell'];
    expect(await order(world, 'ana', proposing({ ...plan, cell }))).toEqual(refusal('a plan of cell use1-b'));
    expect(await order(world, 'bo', proposing({ ...plan, zoneId: 'Z0' }))).toEqual(refusal('lives in'));
    expect(await order(world, 'cy', proposing(plan))).toEqual(refusal('there is nothing to propose'));
  });
});

describe('approvePlan and rejectPlan', () => {
  const approving = (number: number, digest: string) => (deps: OperatorDeps) =>
    approvePlan(deps, { cell: CELL, generation: generation(number), digest });
  const rejecting = (number: number) => (deps: OperatorDeps) =>
    rejectPlan(deps, { cell: CELL, generation: generation(number), reason: 'not today' });

  /** A person's plan 2 that is held, and its digest. */
  async function heldPlan(): Promise<{ readonly world: SimulatedWorld; readonly digest: string }> {
    const world = await convergedWorld(smallFleet(1, { capacityRemovedPercent: 10 }));
    const plan = await edited(world, (leaf) => (leaf.target === 'api-1' ? undefined : leaf));
    await order(world, 'ed', proposing(plan));
    return { world, digest: world.ledger.peek(CELL).state.newest?.digest ?? '' };
  }

  it('approves the newest plan once, by 12 digits or all of them', async () => {
    const { world, digest } = await heldPlan();
    expect(await order(world, 'ana', approving(2, digest.slice(0, 12).toUpperCase()))).toEqual({
      type: 'done',
      generation: generation(2),
      digest,
      changed: true,
    });
    expect(await order(world, 'bo', approving(2, digest))).toMatchObject({ changed: false });
    expect(world.ledger.peek(CELL).state.goal).toMatchObject({ generation: generation(2) });
  });

  it('refuses an older plan, another digest and too few digits', async () => {
    const { world, digest } = await heldPlan();
    const refusal = (reason: string) => ({ type: 'refused', reason: expect.stringContaining(reason) });
    expect(await order(world, 'ana', approving(1, digest))).toEqual(refusal('Only the newest plan'));
    expect(await order(world, 'bo', approving(2, '0'.repeat(12)))).toEqual(refusal(digest.slice(0, 12)));
    expect(await order(world, 'cy', approving(2, digest.slice(0, 11)))).toEqual(refusal('is not a digest'));
    expect(world.ledger.peek(CELL).state.goal).toMatchObject({ generation: generation(1) });
  });

  it('rejects a held plan, which then can be neither approved nor enacted', async () => {
    const { world, digest } = await heldPlan();
    expect(await order(world, 'ana', rejecting(2))).toEqual({
      type: 'done',
      generation: generation(2),
      changed: true,
    });
    expect(await order(world, 'bo', rejecting(2))).toMatchObject({ changed: false });
    expect(await order(world, 'cy', approving(2, digest))).toMatchObject({ type: 'refused' });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'converged', generation: generation(1) });
    await order(world, 'di', (deps) => resumePlanner(deps, { cell: CELL }));
    expect(await planRoutinely(world)).toMatchObject({ type: 'unchanged', keptBack: [] });
  });

  it('refuses to reject what is approved, or is not the newest', async () => {
    const world = await convergedWorld();
    expect(await order(world, 'ana', rejecting(1))).toMatchObject({ type: 'refused' });
    expect(await order(world, 'bo', rejecting(7))).toMatchObject({ type: 'refused' });
  });
});

describe('pausePlanner', () => {
  it('keeps the planner from appending until it is resumed', async () => {
    const world = await convergedWorld();
    const pausing = (deps: OperatorDeps) => pausePlanner(deps, { cell: CELL, reason: 'a migration' });
    expect(await order(world, 'ana', pausing)).toEqual({ type: 'done', changed: true });
    expect(await order(world, 'bo', pausing)).toEqual({ type: 'done', changed: false });
    expect(world.ledger.peek(CELL).state.paused).toMatchObject({ by: 'ana', reason: 'a migration' });
    await world.declare(smallFleet(2));
    expect(await planRoutinely(world)).toEqual({ type: 'paused', reason: 'a migration' });
    await order(world, 'cy', (deps) => resumePlanner(deps, { cell: CELL }));
    expect(await planRoutinely(world)).toMatchObject({ type: 'appended' });
  });
});
