import { describe, expect, it } from 'vitest';
import type { EvacuateBranchRequest } from '../../lib/operator/branch-interventions.ts';
import { evacuateBranch, restoreBranch } from '../../lib/operator/branch-interventions.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { latency, to } from '../plan/given-routes.ts';
import { applyNewest } from '../support/scenario.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { convergedWorld, enactNow, eventsSince, order } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

/** The small fleet, each of whose endpoints has a route by Region. */
function regions(api: FleetRoute, web: FleetRoute): SmallFleet {
  const fleet = smallFleet();
  const routes = new Map([
    [API, api],
    [WEB, web],
  ]);
  const endpoints = fleet.endpoints.map((endpoint) => {
    const route = routes.get(endpoint.name);
    return route === undefined ? endpoint : { ...endpoint, route };
  });
  return { ...fleet, endpoints };
}

const BOTH = regions(
  latency({ 'eu-west-1': to('api-1'), 'us-east-1': to('api-2') }),
  latency({ 'eu-west-1': to('web-1'), 'us-east-1': to('web-2') }),
);

const evacuating =
  (branch: string, more: Partial<EvacuateBranchRequest> = {}) =>
  (deps: OperatorDeps) =>
    evacuateBranch(deps, { cell: CELL, branch, reason: 'a storm', apply: true, ...more });
const restoring = (branch: string) => (deps: OperatorDeps) =>
  restoreBranch(deps, { cell: CELL, branch, apply: true });

describe('evacuateBranch and restoreBranch', () => {
  it('takes a branch out of every endpoint at once, in the urgent lane, and back', async () => {
    const world = await convergedWorld(BOTH);
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', evacuating('eu-west-1'))).toMatchObject({
      change: 'appended',
      lane: 'urgent',
      summary: { changed: [API, WEB], removedPermille: 500 },
      findings: [{ code: 'branch-left-out' }, { code: 'branch-left-out' }],
      keptBack: [],
    });
    expect(await eventsSince(world, number)).toEqual([
      { type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'a storm' },
    ]);
    await world.plan();
    expect(world.ledger.peek(CELL).state.goal).toMatchObject({ generation: 2, lane: 'urgent' });
    await applyNewest(world, 'enactor');
    expect(await order(world, 'bo', evacuating('eu-west-1'))).toMatchObject({ change: 'already' });
    expect(await order(world, 'cy', restoring('eu-west-1'))).toMatchObject({
      change: 'appended',
      summary: { changed: [API, WEB] },
    });
    await world.plan();
    await enactNow(world, 'enactor-2');
    expect(world.ledger.peek(CELL).state.evacuatedBranches).toEqual([]);
    expect(await order(world, 'di', restoring('eu-west-1'))).toEqual({
      type: 'refused',
      reason: 'The branch "eu-west-1" of cell use1-a is not evacuated.',
    });
  });

  it('shows what would follow without apply', async () => {
    const world = await convergedWorld(BOTH);
    const { number } = world.ledger.peek(CELL);
    const shown = await order(world, 'ana', evacuating('eu-west-1', { apply: false }));
    expect(shown).toMatchObject({ change: 'shown', lane: 'urgent', summary: { changed: [API, WEB] } });
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('refuses a branch that no endpoint has, and names those that there are', async () => {
    const world = await convergedWorld(BOTH);
    expect(await order(world, 'ana', evacuating('eu-west-2'))).toEqual({
      type: 'refused',
      reason: 'No route of cell use1-a has a branch "eu-west-2": there are eu-west-1, us-east-1.',
    });
    const flat = await convergedWorld();
    expect(await order(flat, 'ana', evacuating('eu-west-1'))).toEqual({
      type: 'refused',
      reason: 'No route of cell use1-a has a branch "eu-west-1": no endpoint has a route with branches.',
    });
  });

  it('refuses to restore a branch under another name than it was evacuated by, and says which', async () => {
    const world = await convergedWorld(BOTH);
    await order(world, 'ana', evacuating('eu-west-1'));
    expect(await order(world, 'bo', restoring('us-east-1'))).toMatchObject({
      reason: 'The branch "us-east-1" of cell use1-a is not evacuated; only eu-west-1 is.',
    });
  });

  it('acts on the endpoints that can spare it, and names the others with the reason', async () => {
    const world = await convergedWorld(
      regions(
        latency({ 'eu-west-1': to('api-1'), 'us-east-1': to('api-2') }),
        latency({ 'eu-west-1': to('web-1', 'web-2') }),
      ),
    );
    expect(await order(world, 'ana', evacuating('eu-west-1'))).toMatchObject({
      change: 'appended',
      summary: { changed: [API] },
      keptBack: [{ name: WEB, findings: [{ code: 'no-answer', severity: 'fatal' }] }],
    });
    expect(await order(world, 'bo', evacuating('us-east-1', { hold: true }))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('api.example.test would have no answer'),
    });
  });

  it('waits with --hold where the branch has a floor, although its targets answer elsewhere', async () => {
    const guarded: FleetRoute = { type: 'targets', targets: ['api-1'], answer: 'weighted', floor: 1 };
    const world = await convergedWorld(
      regions(
        latency({ 'eu-west-1': guarded, 'us-east-1': to('api-1', 'api-2') }),
        latency({ 'us-east-1': to('web-1', 'web-2') }),
      ),
    );
    expect(await order(world, 'ana', evacuating('eu-west-1'))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('With --hold it is recorded all the same'),
    });
    expect(await order(world, 'bo', evacuating('eu-west-1', { hold: true }))).toMatchObject({
      change: 'appended',
      keptBack: [{ name: API, findings: [{ code: 'branch-under-floor', severity: 'held' }] }],
    });
  });

  it('asks for an upgrade where the log cannot hold it, also in a dry run', async () => {
    const world = await convergedWorld(BOTH, { format: 3 });
    for (const apply of [true, false])
      expect(await order(world, `ana-${apply}`, evacuating('eu-west-1', { apply }))).toEqual({
        type: 'refused',
        reason: expect.stringMatching(/of format 3, .* run "pawl upgrade use1-a"/),
      });
  });
});
