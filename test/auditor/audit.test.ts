import { describe, expect, it } from 'vitest';
import type { AuditorDeps } from '../../lib/auditor/auditor.ts';
import type { Resolver } from '../../lib/auditor/resolver.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import {
  fenceName,
  ownedSubtree,
  planTreeLabel,
  rollbackName,
  treeName,
} from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { UntrustworthyListing } from '../../lib/zone/read-records.ts';
import { auditNow, auditorDeps, reportOf } from '../support/auditing.ts';
import { finish } from '../support/drive.ts';
import { forgetful } from '../support/forgetful-zone.ts';
import { asking } from '../support/ledger-events.ts';
import { applyNewest, liveGeneration, newPlan, worldWithPlanToApply } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

/** A world at plan 2, everywhere. */
async function convergedWorld(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'enactor-2');
  return world;
}

function recordAt(world: SimulatedWorld, name: string, type = 'A'): RecordSet {
  const record = world.records().find((each) => each.name === name && each.type === type);
  if (record === undefined) throw new Error(`nothing stands at ${name} ${type}`);
  return record;
}

function apiTree(world: SimulatedWorld, made: number) {
  return treeName(planTreeLabel(made), API, world.scope);
}

function fenceNow(world: SimulatedWorld): Fence {
  const reading = readFenceRecords([recordAt(world, fenceName(world.scope), 'TXT')]);
  if (reading.type !== 'fence') throw new Error('there is no fence');
  return reading.fence;
}

function forge(world: SimulatedWorld, change: Partial<Fence>): void {
  const forged = { ...fenceNow(world), nonce: 'byhand00', by: 'somebody', ...change };
  world.tamper([
    remove(recordAt(world, fenceName(world.scope), 'TXT')),
    create(fenceRecord(forged, world.scope)),
  ]);
}

async function record(world: SimulatedWorld, event: LedgerEvent): Promise<void> {
  const occasion = { at: () => world.time.now(), by: 'somebody' };
  await execute(world.ledger, world.scope.cell, occasion, () => asking(event));
}

function stateOf(world: SimulatedWorld) {
  return world.ledger.peek(world.scope.cell).state;
}

describe('an audit of a cell that is as it should be', () => {
  it('finds nothing, and records the facts of the zone once', async () => {
    const world = await convergedWorld();
    const first = await auditNow(world);
    expect(first).toMatchObject({
      type: 'clean',
      report: {
        applied: { generation: 2 },
        drift: [],
        regressions: [],
        dangling: [],
        empty: [],
        strays: [],
        recorded: ['ZoneSurveyed'],
      },
    });
    expect(stateOf(world).facts).toEqual({
      records: world.records().length,
      ours: 11,
      recordLimit: 10_000,
      negativeTtlS: 900,
      delegations: [],
      conflicts: [],
    });
    expect(await auditNow(world)).toMatchObject({ type: 'clean', report: { recorded: [] } });
  });

  it('counts what a dashboard watches', async () => {
    const world = await convergedWorld();
    const counted = new Map<string, number>();
    const telemetry = {
      count: (metric: string, value: number) => void counted.set(metric, value),
      note: () => undefined,
    };
    world.tamper([remove(recordAt(world, WEB))]);
    await auditNow(world, { telemetry });
    expect(Object.fromEntries(counted)).toEqual({
      [METRICS.auditsMade]: 1,
      [METRICS.cellsHalfFrozen]: 0,
      [METRICS.logsContradicted]: 0,
      [METRICS.zoneRecords]: world.records().length,
      // Two trees of two records have no root: the one that was live before, and that of the root that is gone.
      [METRICS.zoneFilledPercent]: (world.records().length - 4) / 100,
      [METRICS.driftedNames]: 1,
      [METRICS.zoneRegressions]: 0,
      [METRICS.danglingAliases]: 0,
      [METRICS.emptyAnswers]: 0,
      [METRICS.orphanTrees]: 0,
    });
  });

  it('sends nothing to the zone, whatever it finds', async () => {
    const world = await convergedWorld();
    world.tamper([remove(recordAt(world, API)), remove(recordAt(world, fenceName(world.scope), 'TXT'))]);
    const before = world.records();
    await auditNow(world);
    expect(world.records()).toEqual(before);
  });
});

describe('an audit before the first plan', () => {
  it('is idle while no fleet was pushed', async () => {
    const world = await convergedWorld();
    expect(await auditNow(world, { ledger: memoryLedger('00000001') })).toMatchObject({
      type: 'idle',
      reason: 'no fleet has been pushed for cell use1-a',
    });
  });

  it('records the limit that a person says, else Route 53, else the log, else the default', async () => {
    const world = await convergedWorld();
    const limitAfter = async (extra: Partial<AuditorDeps>) => {
      await auditNow(world, { settings: { unknownChangeMs: 1 }, ...extra });
      return world.ledger.peek(world.scope.cell).state.facts?.recordLimit;
    };
    const quota = (told: number | 'not-told') => ({ quota: { recordLimit: async () => told } });
    expect(await limitAfter(quota('not-told'))).toBe(10_000);
    expect(await limitAfter(quota(12_000))).toBe(12_000);
    expect(await limitAfter(quota('not-told'))).toBe(12_000);
    expect(await limitAfter({})).toBe(12_000);
    const settings = { recordLimit: 500, unknownChangeMs: 1 };
    expect(await limitAfter({ ...quota(12_000), settings })).toBe(500);
  });

  it('tells the planner of delegations, of names that are taken and of the negative TTL', async () => {
    const foreign: readonly RecordSet[] = [
      { name: API, type: 'A', ttl: 60, values: ['198.51.100.1'] },
      { name: WEB, type: 'TXT', ttl: 60, values: ['"a note is in nobody\'s way"'] },
      { name: dnsName('team.example.test'), type: 'NS', ttl: 60, values: ['ns.example.net.'] },
    ];
    const world = await simulatedWorld({ fleet: smallFleet(), foreign });
    expect(await auditNow(world, { settings: { recordLimit: 500, unknownChangeMs: 1 } })).toMatchObject({
      type: 'unplanned',
      report: {
        facts: {
          records: 5,
          recordLimit: 500,
          negativeTtlS: 900,
          delegations: ['team.example.test'],
          conflicts: [API],
        },
      },
    });
    await record(world, { type: 'EndpointAdopted', name: API, was: [] });
    expect(reportOf(await auditNow(world)).facts.conflicts).toEqual([]);
  });
});

describe('drift', () => {
  it('is found at roots, rollback roots and trees, and named in the log', async () => {
    const world = await convergedWorld();
    const rollback = rollbackName(WEB, world.scope);
    world.tamper([
      remove(recordAt(world, API)),
      remove(recordAt(world, rollback)),
      { action: 'UPSERT', record: { ...recordAt(world, apiTree(world, 2)), weight: 7 } },
    ]);
    const outcome = await auditNow(world);
    expect(outcome.type).toBe('drift');
    const drift = reportOf(outcome).drift;
    expect(drift).toEqual([
      { name: API, what: 'root' },
      { name: apiTree(world, 2), what: 'tree' },
      { name: rollback, what: 'rollback root' },
    ]);
    expect(stateOf(world).drift).toMatchObject({ count: 3, names: drift.map(({ name }) => name) });
    expect(reportOf(await auditNow(world)).recorded).toEqual([]);
  });

  it('is a fence that is gone, that cannot be read, or that nobody can have written', async () => {
    for (const change of ['gone', 'unreadable', 'forged'] as const) {
      const world = await convergedWorld();
      const fence = recordAt(world, fenceName(world.scope), 'TXT');
      if (change === 'gone') world.tamper([remove(fence)]);
      else if (change === 'unreadable')
        world.tamper([{ action: 'UPSERT', record: { ...fence, values: ['"hello"'] } }]);
      else forge(world, { plan: 'badc0ffee000' });
      expect(await auditNow(world), change).toMatchObject({
        type: 'drift',
        report: { drift: [{ name: fenceName(world.scope), what: 'fence' }] },
      });
    }
  });

  it('says what keeps an enactor from repairing it', async () => {
    const world = await convergedWorld();
    const stray = dnsName(`rollback.gone.${ownedSubtree(world.scope)}`);
    const leaf: RecordSet = { name: stray, type: 'A', ttl: 5, values: ['192.0.2.70'] };
    const pointer: RecordSet = {
      name: dnsName('foreign.example.test'),
      type: 'AAAA',
      alias: { zoneId: world.scope.zoneId, name: API, evaluateTargetHealth: false },
    };
    world.tamper([create({ name: API, type: 'AAAA', ttl: 5, values: ['2001:db8::1'] }), create(pointer)]);
    world.tamper([create(leaf)]);
    const report = reportOf(await auditNow(world));
    expect(report.drift.map(({ name }) => name)).toContain(API);
    expect(report.obstacle).toContain('foreign.example.test');
  });

  it('is not what only a janitor removes: trees that nothing needs, and strays', async () => {
    const world = await convergedWorld();
    const stray = dnsName(`nothing.${ownedSubtree(world.scope)}`);
    const orphan = dnsName(`g000001.gone.${ownedSubtree(world.scope)}`);
    for (const name of [stray, orphan])
      world.tamper([create({ name, type: 'A', ttl: 5, values: ['192.0.2.70'] })]);
    expect(await auditNow(world)).toMatchObject({
      type: 'clean',
      report: { strays: [stray], orphans: [orphan], recorded: ['ZoneSurveyed'] },
    });
  });

  it('is not named before a fence that moves has come to rest', async () => {
    const world = await convergedWorld();
    forge(world, { generation: generation(9), plan: 'badc0ffee000' });
    world.tamper([remove(recordAt(world, API))]);
    expect(await auditNow(world)).toMatchObject({ type: 'unsettled', report: { drift: [] } });
  });
});

describe('a regression', () => {
  it('is a fence behind what the log says was applied', async () => {
    const world = await convergedWorld();
    const { seq: at } = fenceNow(world);
    forge(world, { generation: generation(1), seq: seq(at - 1) });
    const outcome = await auditNow(world);
    expect(outcome).toMatchObject({
      type: 'regressed',
      report: {
        regressions: [
          {
            what: 'fence',
            name: fenceName(world.scope),
            found: `gen=1 seq=${at - 1}`,
            expected: `gen=2 seq=${at}`,
          },
        ],
        recorded: ['ZoneSurveyed', 'ZoneRegressed'],
      },
    });
    expect(stateOf(world).regressed).toMatchObject({ found: `gen=1 seq=${at - 1}` });
  });

  it('is a root that points at an older tree than the plan at its fence', async () => {
    const world = await convergedWorld();
    const root = recordAt(world, API);
    const older = apiTree(world, 1);
    world.tamper([
      remove(root),
      create({ ...root, alias: { zoneId: world.scope.zoneId, name: older, evaluateTargetHealth: false } }),
    ]);
    expect(await auditNow(world)).toMatchObject({
      type: 'regressed',
      report: {
        regressions: [{ what: 'root', name: API, found: older, expected: apiTree(world, 2) }],
        drift: [{ name: API, what: 'root' }],
        recorded: ['ZoneSurveyed', 'ZoneRegressed', 'DriftFound'],
      },
    });
  });

  it('heals, and the alarm ends: a fence behind in seq alone is written anew', async () => {
    const world = await convergedWorld();
    forge(world, { seq: seq(fenceNow(world).seq - 1) });
    expect((await auditNow(world)).type).toBe('regressed');
    await world.startEnactor('enactor-heals', 'hint');
    expect(await finish(world, 'enactor-heals')).toMatchObject({ type: 'applied', reason: 'repair' });
    expect(stateOf(world).regressed).toBeNull();
    expect((await auditNow(world)).type).toBe('clean');
  });
});

describe('names that resolve to nothing', () => {
  it("are aliases into the subtree, anybody's, at whose target nothing of their type stands", async () => {
    const world = await convergedWorld();
    const name = dnsName('mine.example.test');
    const tree = apiTree(world, 1);
    const leaves = world.records().filter((each) => each.name === tree);
    world.tamper([
      create({
        name,
        type: 'A',
        alias: { zoneId: world.scope.zoneId, name: tree, evaluateTargetHealth: true },
      }),
    ]);
    expect((await auditNow(world)).type).toBe('clean');
    world.tamper(leaves.map(remove));
    const report = reportOf(await auditNow(world));
    expect(report.dangling).toContainEqual({ name, type: 'A', target: tree });
  });

  it('are asked for over DNS, once the flip is everywhere', async () => {
    const world = await worldWithPlanToApply();
    const asked: string[] = [];
    const resolver: Resolver = {
      answers: async (name, type) => {
        asked.push(`${name} ${type}`);
        return name === API ? 'empty' : 'unreachable';
      },
    };
    await world.startEnactor('enactor-2');
    await finish(world, 'enactor-2');
    expect(reportOf(await auditNow(world, { resolver })).asked).toBe(0);
    world.time.advanceTo(world.time.now() + 3_600_000);
    expect(await auditNow(world, { resolver })).toMatchObject({
      type: 'unanswered',
      report: { empty: [{ name: API, type: 'A' }], asked: 2, unanswered: 1 },
    });
    expect(asked).toEqual([`${API} A`, `${WEB} A`]);
  });

  it('are asked for from every place that has a branch, where anybody knows a client there', async () => {
    const fleet = smallFleet(1);
    const to = (id: string) => ({ type: 'targets', targets: [id], answer: 'weighted' }) as const;
    const route = {
      type: 'branches',
      policy: 'latency',
      branches: [
        { id: 'eu-west-1', routing: { Region: 'eu-west-1' }, route: to('api-1') },
        { id: 'us-east-1', routing: { Region: 'us-east-1' }, route: to('api-2') },
      ],
    } as const;
    const endpoints = fleet.endpoints.map((each) => (each.name === API ? { ...each, route } : each));
    const world = await simulatedWorld({ fleet: { ...fleet, endpoints } });
    await world.plan();
    await applyNewest(world, 'enactor-1');
    const asked: string[] = [];
    const resolver: Resolver = {
      answers: async (name, _, client) => {
        asked.push(`${name} ${client ?? ''}`.trim());
        return client === '198.51.100.1' ? 'empty' : 'answer';
      },
    };
    const clientAt = async (place: string) => (place === 'eu-west-1' ? '198.51.100.1' : undefined);
    expect(reportOf(await auditNow(world, { resolver, clientAt }))).toMatchObject({
      empty: [{ name: API, type: 'A', from: 'eu-west-1' }],
      asked: 3,
      unasked: [{ place: 'us-east-1', why: 'no-client' }],
    });
    // Whoever asks comes first, so that every endpoint is asked for where the time does not suffice.
    expect(asked).toEqual([API, WEB, `${API} 198.51.100.1`]);
  });

  it('are asked for below a wildcard by a name that it covers', async () => {
    const fleet = smallFleet();
    const [first] = fleet.endpoints;
    if (first === undefined) throw new Error('the small fleet has no endpoint');
    const wildcard = { ...first, name: dnsName('*.api.example.test') };
    const world = await simulatedWorld({ fleet: { ...fleet, endpoints: [wildcard] } });
    await world.plan();
    await applyNewest(world, 'enactor-1');
    const asked: string[] = [];
    const resolver: Resolver = {
      answers: async (name) => {
        asked.push(name);
        return 'answer';
      },
    };
    expect((await auditNow(world, { resolver })).type).toBe('clean');
    expect(asked).toEqual(['pawl-audit.api.example.test']);
  });

  it('are no finding when a flip came while they were asked for', async () => {
    const world = await convergedWorld();
    await newPlan(world, 3);
    const resolver: Resolver = {
      answers: async () => {
        if (liveGeneration(world, API) === 2) await applyNewest(world, 'enactor-3');
        return liveGeneration(world, API) === 3 && !world.scheduler.blocked().length ? 'answer' : 'empty';
      },
    };
    expect((await auditNow(world, { resolver })).type).toBe('clean');
  });
});

describe('a cell that is not to be judged', () => {
  it('is told to be frozen, by whom, and what is wrong all the same', async () => {
    const world = await convergedWorld();
    forge(world, { seq: seq(fenceNow(world).seq + 1), frozen: true, by: 'operator-ana' });
    await record(world, { type: 'CellFrozen', reason: 'looking' });
    expect(await auditNow(world)).toMatchObject({ type: 'frozen', report: { frozenBy: 'operator-ana' } });
    world.tamper([remove(recordAt(world, API))]);
    expect(await auditNow(world)).toMatchObject({ type: 'drift', report: { frozenBy: 'operator-ana' } });
  });

  it('is told to be half frozen, while the log and the fence disagree, and is counted', async () => {
    const world = await convergedWorld();
    const counted: number[] = [];
    const telemetry = {
      count: (metric: string, value: number) =>
        void (metric === METRICS.cellsHalfFrozen && counted.push(value)),
      note: () => undefined,
    };
    forge(world, { seq: seq(fenceNow(world).seq + 1), frozen: true, by: 'operator-ana' });
    const frozen = { by: 'operator-ana', reason: 'in the fence alone' };
    expect(await auditNow(world, { telemetry })).toMatchObject({
      type: 'half-frozen',
      report: { halfFrozen: { half: 'fence', frozen } },
    });
    forge(world, { seq: seq(fenceNow(world).seq + 1), frozen: false });
    await record(world, { type: 'CellFrozen', reason: 'looking' });
    expect(await auditNow(world, { telemetry })).toMatchObject({
      type: 'half-frozen',
      report: { halfFrozen: { half: 'log', frozen: { reason: 'looking' } } },
    });
    await record(world, { type: 'CellThawed' });
    expect((await auditNow(world, { telemetry })).type).toBe('clean');
    expect(counted).toEqual([1, 1, 0]);
  });

  it('is not told to be half frozen when it was frozen between the reads of the log and of the fence', async () => {
    const world = await convergedWorld();
    const { ledger, scope } = world;
    let looked = 0;
    const froze = {
      ...ledger,
      head: async (cell: typeof scope.cell) => {
        const head = await ledger.head(cell);
        looked += 1;
        if (looked > 1) return head;
        await record(world, { type: 'CellFrozen', reason: 'looking' });
        forge(world, { seq: seq(fenceNow(world).seq + 1), frozen: true, by: 'operator-ana' });
        return head;
      },
    };
    expect((await auditNow(world, { ledger: froze })).type).toBe('frozen');
  });

  it("is told to be another ledger's", async () => {
    const world = await convergedWorld();
    forge(world, { ledger: '0badc0de' });
    expect(await auditNow(world)).toMatchObject({
      type: 'other-ledger',
      reason: expect.stringContaining('pawl adopt --cell use1-a'),
      report: { drift: [], recorded: ['ZoneSurveyed'] },
    });
  });

  it('is unsettled when it moves at every look, and surveyed all the same', async () => {
    const world = await convergedWorld();
    const { zone } = auditorDeps(world);
    const restless = {
      ...zone,
      listRecords: async (...args: Parameters<typeof zone.listRecords>) => {
        forge(world, {
          seq: seq(fenceNow(world).seq + 1),
          nonce: String(fenceNow(world).seq).padStart(8, '0'),
        });
        return zone.listRecords(...args);
      },
    };
    expect(await auditNow(world, { zone: restless })).toMatchObject({
      type: 'unsettled',
      reason: 'the cell moved while it was read',
      report: { recorded: ['ZoneSurveyed'] },
    });
  });
});

describe('a zone that counts more records than it lists', () => {
  it('is no knowledge: a root that a listing left out is not recorded as drift', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(world.scope.cell);
    const zone = forgetful(auditorDeps(world).zone, API);
    await expect(auditNow(world, { zone })).rejects.toThrow(UntrustworthyListing);
    expect(world.ledger.peek(world.scope.cell).number).toBe(number);
  });
});
