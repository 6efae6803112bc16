import assert from 'node:assert/strict';
import { fleetBody } from '../../lib/cell/cell-bodies.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { drainTarget } from '../../lib/operator/interventions.ts';
import { pausePlanner, resumePlanner } from '../../lib/operator/pause.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import { rollback } from '../../lib/operator/rollback.ts';
import { sha256 } from '../../lib/plan/canonical.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { RolledOut, RolloutStep } from '../../lib/rollout/rollout.ts';
import { AlarmsUnseen } from '../../lib/rollout/wave-watch.ts';
import type { RolloutWorld } from './rollout-world.ts';
import {
  answering,
  BAKE_MS,
  BEFORE,
  CELLS,
  declarations,
  eventsIn,
  fleetOf,
  fleetsOf,
  GOOD,
  rolling,
  rolloutWorld,
  WAVES,
  WRONG,
} from './rollout-world.ts';

/** What `api` of each cell answers with, by cell in order: `x` the addresses of the rollout, `.` those of before. */
function spread(world: RolloutWorld): string {
  return Object.values(answering(world))
    .map((network) => (network === BEFORE ? '.' : 'x'))
    .join('');
}

/** Does something once, when a rollout sleeps and that holds. */
function once(world: RolloutWorld, when: () => boolean, does: () => Promise<unknown>): void {
  let isDone = false;
  const before = world.meanwhile;
  world.meanwhile = async () => {
    await before();
    if (isDone || !when()) return;
    isDone = true;
    await does();
  };
}

function told(world: RolloutWorld, type: RolloutStep['type'], wave: number): boolean {
  return world.steps.some((step) => step.type === type && step.wave === wave);
}

function codes(end: RolledOut): readonly string[] {
  return end.type === 'rolled-back' ? end.findings.map(({ code }) => code) : [];
}

function reasonOf(end: RolledOut): string {
  return 'reason' in end ? end.reason : `${end.type} has no reason`;
}

async function wentBack(world: RolloutWorld, end: RolledOut, wave: number): Promise<void> {
  assert.equal(end.type, 'rolled-back');
  assert.equal(end.type === 'rolled-back' ? end.wave : 0, wave);
  await world.pass(60_000);
}

/** The ledger of somebody who dies instead of the append number `at` by which a rollout takes a cell back. */
function killedAt({ ledger }: RolloutWorld, type: 'PlannerPaused' | 'PlanAppended', at: number): Ledger {
  let appends = 0;
  return {
    ...ledger,
    append: async (head, entry) => {
      if (entry.event.type === type) appends += 1;
      if (appends >= at) throw new Error('killed');
      return ledger.append(head, entry);
    },
  };
}

/** An auditor has found drift in the first cell. */
async function driftFound({ ledger, zoneId, now }: RolloutWorld): Promise<void> {
  const head = await ledger.head(cellName('use1-a'));
  const names = fleetOf(zoneId, 'use1-a', GOOD).endpoints.map(({ name }) => name);
  const event = { type: 'DriftFound', count: names.length, names } as const;
  await ledger.append(head, { event, at: now(), by: 'auditor' });
}

/** How many rollbacks a cell's log has. */
async function rollbacksIn(world: RolloutWorld, cell: string): Promise<number> {
  const events = await eventsIn(world, cell);
  return events.filter((event) => event.type === 'PlanAppended' && event.origin === 'rollback').length;
}

/**
 * What a rollout must and must not do, one function each. They are run by tests, and by workers on a library with a bug
 * in it.
 */
export const ROLLOUT_CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  'a wave waits until it is applied': async () => {
    const world = await rolloutWorld();
    world.stopped = { enactors: ['use1-a'] };
    once(
      world,
      () => world.steps.length > 0,
      async () => undefined,
    );
    const end = await rolling(world, GOOD);
    assert.deepEqual(codes(end), ['not-applied']);
    assert.equal((await declarations(world))['euw1-a'], 1);
  },

  'a wave waits for its planner': async () => {
    const world = await rolloutWorld();
    world.stopped = { planners: ['use1-a'] };
    const end = await rolling(world, GOOD);
    assert.deepEqual(codes(end), ['not-applied']);
    assert.equal((await declarations(world))['euw1-a'], 1);
  },

  'a wave bakes for its whole time': async () => {
    const world = await rolloutWorld();
    const applied: number[] = [];
    const declared: number[] = [];
    await rolling(world, GOOD);
    for (const cell of CELLS) {
      const all = await world.ledger.events(cellName(cell), { after: 0, limit: 1_000, order: 'forward' });
      applied.push(all.findLast(({ event }) => event.type === 'PlanApplied')?.at ?? 0);
      declared.push(all.findLast(({ event }) => event.type === 'FleetDeclared')?.at ?? 0);
    }
    const [first = 0, second = 0, third = 0, fourth = 0] = declared;
    const [one = 0, two = 0, three = 0] = applied;
    assert.ok(second >= one + BAKE_MS && third >= one + BAKE_MS && first <= one, 'the second wave waits');
    assert.ok(fourth >= Math.max(two, three) + BAKE_MS, 'the third wave waits');
  },

  'wrong addresses go back': async () => {
    const world = await rolloutWorld();
    const end = await rolling(world, WRONG);
    await wentBack(world, end, 1);
    assert.ok(codes(end).includes('kept-back'));
    assert.equal(spread(world), '....');
  },

  'only the cells of the wave go back': async () => {
    const world = await rolloutWorld();
    world.audits = (cell) =>
      cell === 'apse2-a' ? { wrong: [{ code: 'empty', says: 'api is answered with nothing' }] } : {};
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 2);
    assert.deepEqual(codes(end), ['empty']);
    assert.equal(spread(world), 'x...');
    assert.deepEqual(await Promise.all(CELLS.map((cell) => rollbacksIn(world, cell))), [0, 1, 1, 0]);
    assert.deepEqual(await declarations(world), { 'use1-a': 2, 'euw1-a': 2, 'apse2-a': 2, 'use2-a': 1 });
    assert.equal(world.ledger.peek(cellName('use1-a')).state.paused, null);
    assert.notEqual(world.ledger.peek(cellName('euw1-a')).state.paused, null);
  },

  'a refusal of Route 53 goes back': async () => {
    const world = await rolloutWorld();
    once(
      world,
      () => told(world, 'bakes', 1),
      async () => {
        const head = await world.ledger.head(cellName('use1-a'));
        const { generation } = head.state.applied ?? { generation: undefined };
        assert.ok(generation !== undefined);
        const [name] = fleetOf(world.zoneId, 'use1-a', GOOD).endpoints.map((endpoint) => endpoint.name);
        assert.ok(name !== undefined);
        const refused = {
          name,
          step: 'repair',
          generation,
          records: [],
          reason: 'No.',
          batches: 1,
          attempt: 1,
        } as const;
        const event = { type: 'EndpointRefused', ...refused } as const;
        await world.ledger.append(head, { event, at: world.now(), by: 'enactor-a' });
      },
    );
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 1);
    assert.ok(codes(end).includes('refused'));
  },

  'drift that an auditor found goes back': async () => {
    const world = await rolloutWorld();
    once(
      world,
      () => told(world, 'bakes', 1),
      () => driftFound(world),
    );
    const end = await rolling(world, GOOD);
    assert.deepEqual(codes(end), ['drifted']);
  },

  'what the log learns while the alarms are asked counts as the bake it was learnt in': async () => {
    // 1. The log is read: nothing is wrong. 2. The alarms are asked, slowly. 3. An auditor finds drift, and the bake is over.
    // 4. The last audit finds the zone as planned, because the drift was mended.
    const world = await rolloutWorld();
    const { watch } = world.deps;
    let isAsked = false;
    const ringing: typeof watch.ringing = async (cells) => {
      if (!isAsked && told(world, 'bakes', 1)) {
        isAsked = true;
        await driftFound(world);
        await world.pass(BAKE_MS);
      }
      return watch.ringing(cells);
    };
    const end = await rolling(world, GOOD, { deps: { watch: { ...watch, ringing } } });
    assert.deepEqual(codes(end), ['drifted']);
    assert.equal((await declarations(world))['euw1-a'], 1);
  },

  'what the log learns while the last audit is made goes back': async () => {
    // Nobody has looked at the targets during the bake: a planner does so while the last audit is made.
    const world = await rolloutWorld();
    const { watch } = world.deps;
    once(
      world,
      () => told(world, 'bakes', 1),
      async () => {
        world.stopped = { planners: ['use1-a'] };
      },
    );
    const audit: typeof watch.audit = async (cell) => {
      const seen = await watch.audit(cell);
      const bakes = world.steps.find((step) => step.type === 'bakes');
      if (bakes !== undefined && world.now() >= bakes.until) {
        world.stopped = {};
        await world.pass(0);
      }
      return seen;
    };
    const end = await rolling(world, WRONG, { deps: { watch: { ...watch, audit } } });
    assert.deepEqual(codes(end), ['kept-back']);
    assert.equal((await declarations(world))['euw1-a'], 1);
  },

  'an alarm goes back, and one that rang before keeps a wave from beginning': async () => {
    const world = await rolloutWorld();
    world.rings = ['pawl.use1-a.RootCause'];
    const kept = await rolling(world, GOOD);
    assert.equal(kept.type, 'stopped');
    assert.match(reasonOf(kept), /pawl\.use1-a\.RootCause rings before this wave has begun/);
    assert.equal((await declarations(world))['use1-a'], 1);
    world.rings = [];
    once(
      world,
      () => told(world, 'bakes', 1),
      async () => {
        world.rings = ['pawl.use1-a.RootCause'];
      },
    );
    assert.deepEqual(codes(await rolling(world, GOOD)), ['alarm']);
  },

  'alarms that nobody can see stop a rollout': async () => {
    const world = await rolloutWorld();
    const unseen = async () => {
      throw new AlarmsUnseen('CloudWatch does not say it.');
    };
    const end = await rolling(world, GOOD, { deps: { watch: { ...world.deps.watch, ringing: unseen } } });
    assert.deepEqual(end, { type: 'stopped', wave: 1, reason: 'CloudWatch does not say it.' });
    assert.equal((await declarations(world))['use1-a'], 1);
  },

  'a cell that never settles is not baked': async () => {
    const world = await rolloutWorld();
    world.audits = () => ({ settled: false });
    assert.deepEqual(codes(await rolling(world, GOOD)), ['unsettled']);
  },

  'a bake ends with an audit': async () => {
    const world = await rolloutWorld();
    const begun = world.now();
    world.audits = () =>
      world.now() < begun + BAKE_MS ? {} : { wrong: [{ code: 'dangling', says: 'www points at nothing' }] };
    assert.deepEqual(codes(await rolling(world, GOOD)), ['dangling']);
  },

  'a drain does not wait for a wave': async () => {
    const world = await rolloutWorld();
    const cell = cellName('euw1-a');
    let drained = '';
    once(
      world,
      () => told(world, 'bakes', 2),
      async () => {
        await drainTarget(world.deps, { cell, target: 'web-1', reason: 'disk', apply: true });
        await world.pass(1);
        drained = world.core
          .records(world.zoneId)
          .filter(({ name }) => name.includes('web.euw1-a'))
          .flatMap(({ setIdentifier = '' }) => setIdentifier)
          .join(' ');
        assert.deepEqual(world.ledger.peek(cell).state.drained, ['web-1']);
        assert.equal(world.ledger.peek(cell).state.applied?.generation, 3);
      },
    );
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
    assert.match(drained, /web-2/);
  },

  'what was kept back before goes on being so': async () => {
    const world = await rolloutWorld();
    const cell = cellName('use1-a');
    const floored = (network: string) =>
      fleetsOf(world.zoneId, network).map((fleet) => ({
        ...fleet,
        endpoints: fleet.endpoints.map((endpoint) => ({ ...endpoint, floor: 2 })),
      }));
    await pushFleet(world.deps, { cells: floored(BEFORE), apply: true });
    await drainTarget(world.deps, { cell, target: 'web-1', reason: 'disk', apply: true, hold: true });
    await world.pass(2 * BAKE_MS);
    assert.equal(world.ledger.peek(cell).state.keptBack.length, 1);
    assert.deepEqual(await rolling(world, GOOD, { cells: floored(GOOD) }), { type: 'done' });
  },

  'what a person would have to approve is not declared in waves': async () => {
    const world = await rolloutWorld();
    const long = fleetsOf(world.zoneId, GOOD).map((fleet) => ({
      ...fleet,
      endpoints: fleet.endpoints.map((endpoint) => ({ ...endpoint, ttl: 7_200 })),
    }));
    const end = await rolling(world, GOOD, { cells: long });
    assert.equal(end.type, 'stopped');
    assert.match(reasonOf(end), /would be kept back in cell use1-a \(long-ttl\)/);
    assert.deepEqual(await declarations(world), { 'use1-a': 1, 'euw1-a': 1, 'apse2-a': 1, 'use2-a': 1 });
  },

  'a paused planner keeps a wave from beginning': async () => {
    const world = await rolloutWorld();
    const cell = cellName('apse2-a');
    await pausePlanner(world.deps, { cell, reason: 'a release' });
    const end = await rolling(world, GOOD);
    assert.equal(end.type, 'stopped');
    assert.match(reasonOf(end), /the planner of apse2-a is paused/);
    assert.deepEqual(await declarations(world), { 'use1-a': 2, 'euw1-a': 1, 'apse2-a': 1, 'use2-a': 1 });
  },

  'a person who rolls one cell back takes its wave back': async () => {
    const world = await rolloutWorld();
    once(
      world,
      () => told(world, 'bakes', 2),
      () => rollback(world.deps, { cell: cellName('euw1-a'), apply: true }),
    );
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 2);
    assert.equal(spread(world), 'x...');
    assert.equal(await rollbacksIn(world, 'euw1-a'), 1);
  },

  'asked for again, a rollout that went back rolls nothing back twice': async () => {
    const world = await rolloutWorld();
    world.audits = () => ({ wrong: [{ code: 'empty', says: 'nothing' }] });
    await rolling(world, GOOD);
    world.audits = () => ({});
    await world.pass(60_000);
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 1);
    assert.deepEqual(codes(end), ['replaced']);
    assert.equal(await rollbacksIn(world, 'use1-a'), 1);
    assert.equal(spread(world), '....');
  },

  'after a person has resumed the planner, the same rollout goes on': async () => {
    const world = await rolloutWorld();
    world.audits = () => ({ wrong: [{ code: 'empty', says: 'nothing' }] });
    await rolling(world, GOOD);
    world.audits = () => ({});
    await resumePlanner(world.deps, { cell: cellName('use1-a') });
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
    assert.equal(spread(world), 'xxxx');
  },

  'after the earlier fleet came back, a mended file goes out': async () => {
    const world = await rolloutWorld();
    await rolling(world, WRONG);
    const earlier = [fleetOf(world.zoneId, 'use1-a', BEFORE)];
    await pushFleet(world.deps, { cells: earlier, apply: true });
    await resumePlanner(world.deps, { cell: cellName('use1-a') });
    await world.pass(1_000);
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
    assert.equal(spread(world), 'xxxx');
  },

  'a second rollout at the same time is refused by what it finds': async () => {
    const world = await rolloutWorld();
    let second: RolledOut | undefined;
    once(
      world,
      () => told(world, 'bakes', 1),
      async () => {
        second = await rolling(world, '198.18.0');
      },
    );
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
    assert.equal(second?.type, 'refused');
    assert.match(second === undefined ? '' : reasonOf(second), /Cell use1-a got another fleet/);
  },

  'a push of a cell in between stops a rollout, and nothing is rolled back': async () => {
    for (const cell of ['use1-a', 'use2-a']) {
      const world = await rolloutWorld();
      once(
        world,
        () => told(world, 'bakes', 2),
        () => pushFleet(world.deps, { cells: [fleetOf(world.zoneId, cell, '198.18.0')], apply: true }),
      );
      const end = await rolling(world, GOOD);
      assert.equal(end.type, 'stopped');
      assert.match(reasonOf(end), new RegExp(`somebody pushed another fleet for cell ${cell}`));
      assert.deepEqual(await Promise.all(CELLS.map((each) => rollbacksIn(world, each))), [0, 0, 0, 0]);
    }
  },

  'what baked long ago is no part of a rollout': async () => {
    const world = await rolloutWorld();
    const first = fleetOf(world.zoneId, 'use1-a', GOOD);
    await pushFleet(world.deps, { cells: [first], apply: true });
    await world.pass(1_000);
    const head = await world.ledger.head(first.cell);
    const names = first.endpoints.map(({ name }) => name);
    const event = { type: 'DriftFound', count: 2, names } as const;
    await world.ledger.append(head, { event, at: world.now(), by: 'auditor' });
    await world.pass(86_400_000);
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
    assert.ok(told(world, 'baked-before', 1));
  },

  'a cell that moves now is no part of a rollout, if it has had its fleet for long': async () => {
    for (const plansAtOnce of [true, false]) {
      const world = await rolloutWorld();
      const first = fleetOf(world.zoneId, 'use1-a', plansAtOnce ? GOOD : BEFORE);
      // Of another policy alone no plan follows.
      const fleet = {
        ...first,
        policy: { ...first.policy, retainGenerations: first.policy.retainGenerations + 1 },
      };
      await pushFleet(world.deps, { cells: [fleet], apply: true });
      await world.pass(1_000);
      await world.pass(2 * 86_400_000);
      world.stopped = { enactors: ['use1-a'] };
      await drainTarget(world.deps, { cell: first.cell, target: 'web-1', reason: 'disk', apply: true });
      await world.pass(60_000);
      const head = await world.ledger.head(first.cell);
      const event = { type: 'DriftFound', count: 1, names: [dnsName('api.use1-a.example.test')] } as const;
      await world.ledger.append(head, { event, at: world.now(), by: 'auditor' });
      const cells = [fleet, ...fleetsOf(world.zoneId, GOOD).slice(1)];
      const end = await rolling(world, GOOD, { cells });
      assert.equal(await rollbacksIn(world, 'use1-a'), 0);
      if (plansAtOnce) {
        assert.deepEqual(end, { type: 'done' });
        continue;
      }
      assert.match(reasonOf(end), /has not been applied/);
      world.stopped = {};
      await world.pass(60_000);
      assert.deepEqual(await rolling(world, GOOD, { cells }), { type: 'done' });
      assert.ok(told(world, 'baked-before', 1));
    }
  },

  'a fleet that was never applied has not baked, however old it is': async () => {
    const world = await rolloutWorld();
    world.stopped = { planners: ['use1-a'] };
    await pushFleet(world.deps, { cells: [fleetOf(world.zoneId, 'use1-a', GOOD)], apply: true });
    await world.pass(2 * 86_400_000);
    const end = await rolling(world, GOOD);
    assert.equal(end.type, 'stopped');
    assert.match(reasonOf(end), /use1-a stands since .* and has not been applied/);
    assert.equal(await rollbacksIn(world, 'use1-a'), 0);
    assert.equal((await declarations(world))['euw1-a'], 1);
  },

  'a wave that went back stays so, however late it is asked for again': async () => {
    const world = await rolloutWorld();
    world.audits = () => ({ wrong: [{ code: 'empty', says: 'nothing' }] });
    await rolling(world, GOOD);
    world.audits = () => ({});
    await world.pass(2 * 86_400_000);
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 1);
    assert.equal(await rollbacksIn(world, 'use1-a'), 1);
    assert.equal((await declarations(world))['euw1-a'], 1);
  },

  'killed while a wave that changed nothing goes back, it goes on going back': async () => {
    const world = await rolloutWorld();
    world.stopped = { planners: ['euw1-a', 'apse2-a'] };
    once(
      world,
      () => told(world, 'declared', 2),
      async () => {
        world.rings = ['pawl.euw1-a.RootCause'];
      },
    );
    await assert.rejects(rolling(world, GOOD, { deps: { ledger: killedAt(world, 'PlannerPaused', 2) } }));
    assert.notEqual(world.ledger.peek(cellName('euw1-a')).state.paused, null);
    assert.equal(world.ledger.peek(cellName('apse2-a')).state.paused, null);
    world.rings = [];
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 2);
    assert.deepEqual(codes(end), ['replaced']);
    assert.notEqual(world.ledger.peek(cellName('apse2-a')).state.paused, null);
    assert.equal((await declarations(world))['use2-a'], 1);
  },

  'killed while a wave goes back after its last audit, it goes on going back': async () => {
    const world = await rolloutWorld();
    let until = Number.MAX_SAFE_INTEGER;
    world.audits = (cell) => {
      for (const step of world.steps) if (step.type === 'bakes' && step.wave === 2) until = step.until;
      if (cell !== 'apse2-a' || world.now() < until) return {};
      // It moves while it is audited first, so that the wave goes back after its time.
      return world.now() === until ? { settled: false } : { wrong: [{ code: 'empty', says: 'nothing' }] };
    };
    await assert.rejects(rolling(world, GOOD, { deps: { ledger: killedAt(world, 'PlanAppended', 2) } }));
    world.audits = () => ({});
    await world.pass(60_000);
    const end = await rolling(world, GOOD);
    await wentBack(world, end, 2);
    assert.deepEqual(codes(end), ['replaced']);
    assert.deepEqual(await Promise.all(CELLS.map((cell) => rollbacksIn(world, cell))), [0, 1, 1, 0]);
    assert.equal(spread(world), 'x...');
  },

  'after a wave went back, a mended file is not pushed before the bad one is gone': async () => {
    const world = await rolloutWorld();
    await rolling(world, WRONG);
    await world.pass(2 * BAKE_MS);
    const end = await rolling(world, GOOD);
    assert.equal(end.type, 'stopped');
    const [, at = '0'] =
      /first "pawl fleet push --from-ledger use1-a@(\d+)", then "pawl resume use1-a"/.exec(reasonOf(end)) ??
      [];
    const before = await world.ledger.events(cellName('use1-a'), {
      after: 0,
      limit: Number(at),
      order: 'forward',
    });
    const standing = before.findLast(({ event }) => event.type === 'FleetDeclared')?.event;
    assert.equal(
      standing?.type === 'FleetDeclared' ? standing.digest : '',
      sha256(fleetBody(fleetOf(world.zoneId, 'use1-a', BEFORE))),
    );
    assert.equal((await declarations(world))['use1-a'], 2);
  },

  'endpoints do not go over in waves': async () => {
    const world = await rolloutWorld();
    const [first, second, ...others] = fleetsOf(world.zoneId, GOOD);
    assert.ok(first !== undefined && second !== undefined);
    const [moved, ...rest] = first.endpoints;
    assert.ok(moved !== undefined);
    const cells = [
      { ...first, endpoints: rest },
      { ...second, endpoints: [...second.endpoints, { ...moved, targets: ['api-1'] }] },
      ...others,
    ];
    const reason =
      'api.use1-a.example.test would go over from use1-a to euw1-a, which no wave can take back: let the file change nothing but what moves and push it with "pawl fleet push FILE --all-at-once", then push its other changes in waves.';
    for (const waves of [WAVES, [WAVES.slice(0, 2).flat(), ...WAVES.slice(2)]])
      assert.deepEqual(await rolling(world, GOOD, { cells, waves }), { type: 'refused', reason });
    assert.deepEqual(await declarations(world), { 'use1-a': 1, 'euw1-a': 1, 'apse2-a': 1, 'use2-a': 1 });
    await pushFleet(world.deps, { cells, apply: true });
    for (let round = 0; round < 4; round += 1) await world.pass(60_000);
    const types = (await eventsIn(world, 'euw1-a')).map(({ type }) => type);
    assert.ok(types.includes('EndpointsTaken'));
    assert.deepEqual(await rolling(world, GOOD, { cells }), { type: 'done' });
  },

  'what another cell has not offered yet goes back no wave': async () => {
    const world = await rolloutWorld();
    const cell = cellName('use1-a');
    const [fleet] = fleetsOf(world.zoneId, GOOD);
    const name = fleet?.endpoints[0]?.name;
    assert.ok(name !== undefined);
    once(
      world,
      () => told(world, 'bakes', 1),
      async () => {
        const refused = { step: 'conflict', records: [], reason: 'Not offered.', batches: 0 } as const;
        const { generation } = world.ledger.peek(cell).state.applied ?? { generation: undefined };
        assert.ok(generation !== undefined);
        const { seq } = world.ledger.peek(cell).state.applied ?? { seq: undefined };
        assert.ok(seq !== undefined);
        const from = cellName('euw1-a');
        for (const event of [
          { type: 'EndpointRefused', name, ...refused, generation } as const,
          { type: 'EndpointsTaken', names: [name], from, fenceSeq: seq } as const,
        ])
          await world.ledger.append(await world.ledger.head(cell), {
            event,
            at: world.now(),
            by: 'enactor-a',
          });
      },
    );
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
  },

  'whoever waits no longer leaves it to the next': async () => {
    const world = await rolloutWorld();
    const stop = new AbortController();
    once(
      world,
      () => told(world, 'bakes', 2),
      async () => stop.abort(new Error('Ctrl-C')),
    );
    assert.deepEqual(await rolling(world, GOOD, { signal: stop.signal }), { type: 'interrupted', wave: 2 });
    assert.deepEqual(await rolling(world, GOOD), { type: 'done' });
    assert.deepEqual(await declarations(world), { 'use1-a': 2, 'euw1-a': 2, 'apse2-a': 2, 'use2-a': 2 });
  },

  'whoever waits no longer at the last audit of a wave declares no other': async () => {
    const world = await rolloutWorld();
    const stop = new AbortController();
    world.audits = () => {
      for (const step of world.steps)
        if (step.type === 'bakes' && world.now() >= step.until) stop.abort(new Error('Ctrl-C'));
      return {};
    };
    assert.deepEqual(await rolling(world, GOOD, { signal: stop.signal }), { type: 'interrupted', wave: 2 });
    assert.deepEqual(await declarations(world), { 'use1-a': 2, 'euw1-a': 1, 'apse2-a': 1, 'use2-a': 1 });
  },
};
