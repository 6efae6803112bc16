import { describe, expect, it } from 'vitest';
import { serialiseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import type { SourceReading } from '../../lib/fleet/sources/source.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import type { CellFleet, CellPolicy, Observations } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlannerDeps, PlanOutcome, PlanRequest } from '../../lib/planner/planner.ts';
import { shownOutcome } from '../../lib/planner/shown-outcome.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { apiFleet } from '../plan/given-fleet.ts';
import { asking } from '../support/ledger-events.ts';

const NOW = 1_790_000_000_000;
const { cell } = SCOPE;
const API = dnsName('api.example.test');
const FACTS = { records: 10, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
const CAREFUL: Partial<CellPolicy> = {
  coalesceS: 30,
  capacityRemovedPercent: 40,
  endpointsChangedPercent: 100,
};

/** One cell in a ledger in memory, a planner over it, and a clock that only the test moves. */
function givenCell(format = NEWEST_LEDGER_FORMAT) {
  const ledger = memoryLedger('5be1c07a', { firstFormat: format });
  let now = NOW;
  let reading: SourceReading = { type: 'observed', observations: {} };
  const deps: PlannerDeps = {
    ledger,
    source: { kind: 'live', observe: async () => reading },
    clock: { now: () => instant(now), sleep: async () => undefined },
    telemetry: silentTelemetry,
    name: 'planner',
  };
  return {
    ledger,
    deps,
    pass: (ms: number) => {
      now += ms;
    },
    sees: (seen: SourceReading) => {
      reading = seen;
    },
    has: (event: LedgerEvent) => append(ledger, event, now),
    declares: async (fleet: CellFleet) => {
      const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(fleet)));
      const { zone, zoneId, policy, endpoints, targets } = fleet;
      const counts = { endpoints: endpoints.length, targets: targets.length };
      await append(ledger, { type: 'FleetDeclared', digest, zone, zoneId, policy, ...counts }, now);
    },
    plans: (more: Partial<PlanRequest> = {}) => planCell(deps, { cell, append: true, ...more }),
    events: async () =>
      (await ledger.events(cell, { after: 0, limit: 100, order: 'forward' })).map(({ event }) => event),
  };
}

async function append(ledger: MemoryLedger, event: LedgerEvent, now: number): Promise<void> {
  const outcome = await execute(ledger, cell, { at: () => now, by: 'operator' }, () => asking(event));
  expect(outcome.type).toBe('appended');
}

/** A cell of three targets whose first plan is appended, an hour ago. */
async function givenPlan(policy: Partial<CellPolicy> = CAREFUL, count = 3, format = NEWEST_LEDGER_FORMAT) {
  const given = givenCell(format);
  await given.declares(apiFleet(count, policy));
  expect(await given.plans()).toMatchObject({ type: 'appended' });
  given.pass(3_600_000);
  return given;
}

/** The goal of this generation is applied. */
async function applies(given: ReturnType<typeof givenCell>, number: number): Promise<void> {
  const { goal } = given.ledger.peek(cell).state;
  await given.has({
    type: 'PlanApplied',
    generation: generation(number),
    seq: seq(number),
    digest: goal?.digest ?? '',
    enactor: 'enactor',
    reason: 'flip',
    endpoints: [API],
    rollbacks: {},
  });
}

function personsPlan(number: number, digest: string, disposition: 'approved' | 'held'): LedgerEvent {
  return {
    type: 'PlanAppended',
    generation: generation(number),
    parent: number - 1,
    digest,
    origin: 'operator',
    lane: 'urgent',
    disposition,
    pausesPlanner: true,
    findings: [],
    summary: { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 0 },
    newTrees: {},
  };
}

const types = (events: readonly LedgerEvent[]) => events.map(({ type }) => type);

function observed(...sick: readonly string[]): SourceReading {
  const ids = ['t1', 't2', 't3'];
  const of = (id: string) => ({
    health: sick.includes(id) ? ('unhealthy' as const) : ('healthy' as const),
    capacity: 100,
  });
  return { type: 'observed', observations: Object.fromEntries(ids.map((id) => [id, of(id)])) };
}

describe('a planner with nothing to say', () => {
  it('is idle before a fleet was pushed, and appends nothing', async () => {
    const given = givenCell();
    expect(await given.plans()).toEqual({ type: 'idle', reason: 'no fleet has been pushed for cell use1-a' });
    expect(await given.events()).toEqual([]);
  });

  it('finds nothing changed after its own plan, however often it runs', async () => {
    const given = await givenPlan();
    expect(await given.plans()).toEqual({ type: 'unchanged', keptBack: [] });
    expect(await given.plans({ immediate: true })).toEqual({ type: 'unchanged', keptBack: [] });
    expect(types(await given.events())).toEqual(['FleetDeclared', 'PlanAppended']);
  });

  it('records an observation that is news, and plans nothing when it changes no answer', async () => {
    const given = await givenPlan();
    given.sees(observed());
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    const events = await given.events();
    expect(types(events)).toEqual(['FleetDeclared', 'PlanAppended', 'TargetsObserved']);
    expect(events[2]).toMatchObject({ changed: 3, healthy: 3 });
  });

  it('keeps what was observed by hand of targets that its source only repeats, until the next push', async () => {
    const given = await givenPlan();
    given.sees(observed());
    await given.plans();
    given.sees(observed('t1', 't2'));
    await given.plans();
    const repeating = (...repeated: readonly string[]) => ({ ...observed(), repeated });
    given.sees(repeating('t1'));
    await given.plans();
    const recorded = async () => {
      const { state, cell: of } = await given.ledger.head(cell);
      const all = JSON.parse(
        await given.ledger.getBody(of, state.observations?.digest ?? ''),
      ) as Observations;
      return Object.entries(all).flatMap(([id, { health }]) => (health === 'unhealthy' ? [id] : []));
    };
    expect(await recorded()).toEqual(['t1']);
    await given.declares(apiFleet(3, { ...CAREFUL, retainMinutes: 7 }));
    await given.plans();
    expect(await recorded()).toEqual([]);
  });

  it('has nothing to plan for a cell without endpoints', async () => {
    const given = givenCell();
    await given.declares({ ...apiFleet(1), endpoints: [] });
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
  });
});

describe('a plan', () => {
  it('is appended with what it changes, the trees it makes and its parent', async () => {
    const given = await givenPlan();
    await given.has({ type: 'TargetDrained', target: 't1', reason: 'maintenance' });
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { lane: 'urgent' } });
    expect((await given.events()).at(-1)).toMatchObject({
      type: 'PlanAppended',
      generation: generation(2),
      parent: 1,
      origin: 'planner',
      lane: 'urgent',
      disposition: 'approved',
      pausesPlanner: false,
      newTrees: { api: 'g000002' },
      summary: { endpoints: 1, added: [], changed: ['api.example.test'], removed: [], removedPermille: 334 },
    });
  });

  it('is only shown when it is not to be appended, observations included', async () => {
    const given = await givenPlan();
    given.sees(observed('t1'));
    expect(await given.plans({ append: false })).toMatchObject({
      type: 'proposed',
      proposed: { plan: { generation: generation(2) }, disposition: 'approved' },
    });
    expect(types(await given.events())).toEqual(['FleetDeclared', 'PlanAppended']);
  });

  it('enters a log of format 1 with the sentence of each finding, which is what releases before this one show', async () => {
    const given = givenCell(1);
    const fleet = apiFleet(1, CAREFUL);
    await given.declares({ ...fleet, endpoints: fleet.endpoints.map((each) => ({ ...each, floor: 2 })) });
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    await given.declares(fleet);
    await given.plans();
    await given.has({ type: 'ZoneSurveyed', facts: { ...FACTS, conflicts: [API] } });
    await given.declares(apiFleet(2, CAREFUL));
    await given.plans({ immediate: true });
    expect((await given.events()).at(-1)).toMatchObject({
      type: 'PlanAppended',
      findings: [{ code: 'conflicting-record', severity: 'note', message: expect.stringMatching(/^api/) }],
    });
  });

  it('is of what can go, and says in the same event what is kept back', async () => {
    const given = await givenPlan();
    for (const target of ['t1', 't2']) await given.has({ type: 'TargetDrained', target, reason: 'x' });
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { disposition: 'approved' } });
    const kept = [{ name: API, findings: [{ code: 'capacity-removed', severity: 'held' }] }];
    expect((await given.events()).at(-1)).toMatchObject({
      type: 'PlanAppended',
      keptBack: kept,
      capacityRemoved: { api: 334 },
    });
    expect(given.ledger.peek(cell).state).toMatchObject({ keptBack: kept, goal: { generation: 2 } });
  });

  it('is none where nothing can go, and what is kept back is recorded once', async () => {
    const given = await givenPlan();
    await given.has({ type: 'AzEvacuated', az: 'az1', reason: 'fire' });
    const kept = [
      { name: API, findings: [{ code: 'no-answer', severity: 'fatal' }, { code: 'capacity-removed' }] },
    ];
    for (const _ of [1, 2, 3]) {
      given.pass(60_000);
      expect(await given.plans()).toMatchObject({ type: 'unchanged', keptBack: kept });
    }
    expect(types(await given.events()).filter((type) => type === 'EndpointsKeptBack')).toHaveLength(1);
    const { state } = given.ledger.peek(cell);
    expect([state.newest?.generation, state.keptBack[0]?.since]).toEqual([1, NOW + 3_660_000]);
    await given.has({ type: 'AzRestored', az: 'az1' });
    expect(await given.plans()).toEqual({ type: 'unchanged', keptBack: [] });
    expect(given.ledger.peek(cell).state.keptBack).toEqual([]);
  });

  it('records nothing of it in a log that cannot hold it, and appends its plans all the same', async () => {
    for (const format of [1, 2]) {
      const given = await givenPlan(CAREFUL, 3, format);
      await given.has({ type: 'AzEvacuated', az: 'az1', reason: 'fire' });
      expect(await given.plans()).toMatchObject({ type: 'unchanged', keptBack: [{ name: API }] });
      given.sees({ type: 'blind', reason: 'no sight' });
      await given.plans();
      await given.has({ type: 'AzRestored', az: 'az1' });
      await given.has({ type: 'TargetDrained', target: 't1', reason: 'x' });
      expect(await given.plans()).toMatchObject({ type: 'appended' });
      expect(new Set(types(await given.events()))).toEqual(
        new Set(['FleetDeclared', 'PlanAppended', 'AzEvacuated', 'AzRestored', 'TargetDrained']),
      );
    }
  });

  it('stays rejected while the same waits', async () => {
    const given = await givenPlan();
    await given.has({ type: 'AzEvacuated', az: 'az1', reason: 'fire' });
    await given.plans();
    const [waiting] = given.ledger.peek(cell).state.keptBack;
    await given.has({
      type: 'KeptBackRejected',
      endpoints: [{ name: API, digest: waiting?.digest ?? '' }],
      reason: 'no',
    });
    await given.plans();
    expect(given.ledger.peek(cell).state.keptBack).toMatchObject([{ rejected: { reason: 'no' } }]);
    await given.has({ type: 'AzRestored', az: 'az1' });
    expect(await given.plans()).toMatchObject({ type: 'unchanged', keptBack: [] });
  });

  it('has no endpoint that another cell claims, in words that name the cell', async () => {
    const given = givenCell();
    const fleet = apiFleet(1);
    await given.declares(fleet);
    const claimed = new Map(fleet.endpoints.map(({ name }) => [name, cellName('use1-b')]));
    expect(shownOutcome(await given.plans({ claims: async () => claimed }))).toMatchObject({
      type: 'unchanged',
      keptBack: [
        {
          findings: [
            {
              code: 'name-claimed-twice',
              otherCell: 'use1-b',
              message: expect.stringContaining('cell use1-b'),
            },
          ],
        },
      ],
    });
  });
});

describe('a routine change', () => {
  it('waits until the interval since the last plan is over, and goes at its very end', async () => {
    const given = await givenPlan();
    given.sees(observed('t1'));
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { lane: 'routine' } });
    const until = given.deps.clock.now() + 30_000;
    given.sees(observed());
    given.pass(29_999);
    expect(await given.plans()).toEqual({ type: 'coalesced', until });
    given.pass(1);
    expect(await given.plans()).toMatchObject({ type: 'appended' });
  });

  it('does not wait when a person asks, and neither does an urgent one', async () => {
    const given = await givenPlan();
    given.sees(observed('t1'));
    await given.plans();
    given.sees(observed());
    expect(await given.plans({ immediate: true })).toMatchObject({ type: 'appended' });
    given.pass(600_000);
    given.sees(observed('t3'));
    await given.plans();
    given.sees(observed());
    await given.plans({ immediate: true });
    given.pass(600_000);
    await given.has({ type: 'TargetDrained', target: 't2', reason: 'maintenance' });
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { lane: 'urgent' } });
  });
});

describe('a paused planner', () => {
  it('appends nothing until it is resumed, except for a person who asks', async () => {
    const given = await givenPlan();
    await given.has({ type: 'PlannerPaused', reason: 'looking' });
    await given.has({ type: 'TargetDrained', target: 't1', reason: 'maintenance' });
    expect(await given.plans()).toEqual({ type: 'paused', reason: 'looking' });
    expect(await given.plans({ append: false })).toMatchObject({ type: 'proposed' });
    await given.has({ type: 'PlannerResumed' });
    expect(await given.plans()).toMatchObject({ type: 'appended' });
  });

  it('does not undo a rollback, which paused it in the same event', async () => {
    const given = await givenPlan();
    const first = given.ledger.peek(cell).state.newest;
    given.sees(observed('t1'));
    await given.plans();
    const plan = {
      ...JSON.parse(await given.ledger.getBody(cell, first?.digest ?? '')),
      generation: generation(3),
      parent: 2,
    };
    const digest = await given.ledger.putBody(cell, canonicalJson(plan));
    const summary = { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 0 };
    await given.has({
      type: 'PlanAppended',
      generation: generation(3),
      parent: 2,
      digest,
      origin: 'rollback',
      lane: 'urgent',
      disposition: 'approved',
      pausesPlanner: true,
      findings: [],
      summary,
      newTrees: {},
    });
    given.pass(660_000);
    expect(await given.plans()).toEqual({ type: 'paused', reason: 'rollback to generation 3' });
    await given.has({ type: 'PlannerResumed' });
    const outcome = await given.plans();
    expect(outcome).toMatchObject({
      type: 'appended',
      proposed: { plan: { generation: generation(4), parent: 3 } },
    });
  });
});

describe('a paused planner whose goal was refused in part', () => {
  async function givenRefused(disposition: 'approved' | 'held' = 'approved') {
    const given = await givenPlan();
    await applies(given, 1);
    await given.has({ type: 'TargetDrained', target: 't1', reason: 'x' });
    await given.plans();
    const digest = given.ledger.peek(cell).state.goal?.digest ?? '';
    await given.has({ type: 'PlannerPaused', reason: 'looking' });
    await given.has({
      type: 'EndpointRefused',
      name: API,
      step: 'flip',
      generation: generation(2),
      records: ['api.example.test A'],
      reason: 'It is protected.',
      batches: 2,
    });
    if (disposition === 'held') await given.has(personsPlan(3, digest, disposition));
    return given;
  }

  it('puts the endpoint back, and nothing else', async () => {
    const given = await givenRefused();
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { keptBack: [{ name: API }] } });
    const { goal, paused } = given.ledger.peek(cell).state;
    expect([goal?.origin, goal?.fleet, paused?.reason]).toEqual(['reissue', goal?.fleet, 'looking']);
    const plan = JSON.parse(await given.ledger.getBody(cell, goal?.digest ?? ''));
    expect(plan.endpoints[0].leaves).toHaveLength(3);
    expect(await given.plans()).toEqual({ type: 'paused', reason: 'looking' });
  });

  it('leaves a plan that waits for an approval the newest one', async () => {
    const given = await givenRefused('held');
    expect(await given.plans()).toEqual({ type: 'paused', reason: 'operator to generation 3' });
  });
});

describe('an endpoint that was refused', () => {
  it('goes back to what it answers at once, is tried after a minute, and at once when a person asks', async () => {
    const given = await givenPlan();
    await applies(given, 1);
    await given.has({ type: 'TargetDrained', target: 't1', reason: 'x' });
    await given.plans();
    const refuses = (number: number) =>
      given.has({
        type: 'EndpointRefused',
        name: API,
        step: 'stage',
        generation: generation(number),
        records: [],
        reason: 'no',
        batches: 1,
      });
    await refuses(2);
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { plan: { generation: 3 } } });
    expect(await given.plans()).toMatchObject({ type: 'unchanged', keptBack: [{ name: API }] });
    given.pass(59_999);
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    given.pass(1);
    expect(await given.plans()).toMatchObject({
      type: 'appended',
      proposed: { plan: { generation: 4 }, keptBack: [] },
    });
    await refuses(4);
    await given.plans();
    given.pass(60_000);
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    await given.has({ type: 'EndpointRetried', name: API });
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { plan: { generation: 6 } } });
  });
});

describe('a source that is blind', () => {
  it('changes nothing: what was seen before stands', async () => {
    const given = await givenPlan();
    given.sees(observed('t1'));
    await given.plans();
    given.sees({ type: 'blind', reason: 'no answer' });
    given.pass(60_000);
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    expect(types(await given.events()).filter((type) => type === 'TargetsObserved')).toHaveLength(1);
  });

  it('is recorded once, and once more when it sees again', async () => {
    const given = await givenPlan();
    given.sees({ type: 'blind', reason: 'no sight' });
    for (const _ of [1, 2, 3]) {
      given.pass(60_000);
      await given.plans();
    }
    const recorded = async () => (await given.events()).filter(({ type }) => type === 'SourcesBlind');
    expect(await recorded()).toEqual([
      { type: 'SourcesBlind', sources: [{ source: 'all', reason: 'no sight' }] },
    ]);
    given.sees(observed());
    await given.plans();
    await given.plans();
    expect((await recorded()).slice(1)).toEqual([{ type: 'SourcesBlind', sources: [] }]);
  });

  it('leaves orders to be followed all the same', async () => {
    const given = await givenPlan();
    await given.has({ type: 'TargetDrained', target: 't1', reason: 'maintenance' });
    expect(await given.plans()).toMatchObject({ type: 'appended', proposed: { lane: 'urgent' } });
  });
});

describe('one of several sources that is blind', () => {
  it('leaves its own targets as they were last seen, is counted, and keeps nobody from seeing the others', async () => {
    const given = await givenPlan({ ...CAREFUL, capacityRemovedPercent: 100, blindPercent: 100 });
    given.sees(observed('t1'));
    await given.plans({ immediate: true });
    given.pass(3_600_000);
    given.sees({
      type: 'observed',
      observations: { t2: { health: 'unhealthy', capacity: 100 }, t3: { health: 'healthy', capacity: 100 } },
      blind: [{ source: 'one', reason: 'no answer', targets: ['t1'] }],
    });
    const counted: string[] = [];
    const notes: unknown[] = [];
    const telemetry = {
      count: (metric: string) => counted.push(metric),
      note: (_: string, facts: unknown) => notes.push(facts),
    };
    const outcome = await planCell({ ...given.deps, telemetry }, { cell, append: true, immediate: true });
    const [endpoint] = outcome.type === 'appended' ? outcome.proposed.plan.endpoints : [];
    expect(endpoint?.leaves.map(({ target }) => target)).toEqual(['t3']);
    expect(counted.filter((metric) => metric === METRICS.blindObservations)).toHaveLength(1);
    expect(notes).toEqual([{ cell, source: 'one', reason: 'no answer' }]);
  });
});

describe('two planners at one head', () => {
  it('append one plan: the other loses and finds nothing to say in its next run', async () => {
    const given = await givenPlan();
    await given.has({ type: 'TargetDrained', target: 't1', reason: 'maintenance' });
    const outcomes: readonly PlanOutcome[] = await Promise.all([given.plans(), given.plans(), given.plans()]);
    expect(outcomes.map(({ type }) => type).sort()).toEqual(['appended', 'lost', 'lost']);
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    expect(types(await given.events()).filter((type) => type === 'PlanAppended')).toHaveLength(2);
  });

  it('lose to a fleet that was pushed while they looked, because what they saw was of another', async () => {
    const given = await givenPlan();
    const observe = async (): Promise<SourceReading> => {
      await given.declares(apiFleet(3, { ...CAREFUL, blindPercent: 51 }));
      return observed('t1');
    };
    const deps = { ...given.deps, source: { kind: 'live' as const, observe } };
    expect(await planCell(deps, { cell, append: true })).toEqual({ type: 'lost' });
    expect(types(await given.events())).toEqual(['FleetDeclared', 'PlanAppended', 'FleetDeclared']);
  });
});

describe('a planner whose log holds a time that lies ahead', () => {
  const DAY_MS = 86_400_000;

  it('plans at once what was pushed after a clock that was a day ahead was put right', async () => {
    const given = await givenPlan();
    given.pass(DAY_MS);
    await given.declares(apiFleet(4, CAREFUL));
    expect(await given.plans()).toMatchObject({ type: 'appended' });
    given.pass(5_000 - DAY_MS);
    await given.declares(apiFleet(5, CAREFUL));
    expect(await given.plans()).toMatchObject({ type: 'appended' });
    await given.declares(apiFleet(6, CAREFUL));
    expect(await given.plans()).toEqual({ type: 'coalesced', until: NOW + 3_600_000 + 5_000 + 30_000 });
  });

  it('counts a removal of a day ahead until the window is over after the clock was put right', async () => {
    const policy = { ...CAREFUL, coalesceS: 0 };
    const given = await givenPlan(policy, 4);
    const orders = (target: string): LedgerEvent => ({ type: 'TargetDrained', target, reason: 'x' });
    given.pass(DAY_MS);
    await given.has(orders('t1'));
    expect(await given.plans()).toMatchObject({ type: 'appended' });
    given.pass(-DAY_MS);
    await given.has(orders('t2'));
    expect(await given.plans()).toMatchObject({ type: 'unchanged', keptBack: [{ name: API }] });
    given.pass(599_000);
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    given.pass(2_000);
    expect(await given.plans()).toMatchObject({ type: 'appended' });
  });
});

describe('a planner whose source sees a target come and go', () => {
  const MINUTE_MS = 60_000;
  /** `t1` goes and comes back so often, a minute apart; the outcomes of the last two runs. */
  const flaps = async (given: Awaited<ReturnType<typeof givenPlan>>, times: number) => {
    const outcomes: PlanOutcome['type'][] = [];
    for (let time = 1; time <= times; time += 1)
      for (const reading of [observed('t1'), observed()]) {
        given.pass(MINUTE_MS);
        given.sees(reading);
        outcomes.push((await given.plans()).type);
      }
    return outcomes.slice(-2);
  };
  const policy = { ...CAREFUL, coalesceS: 0, capacityRemovedPercent: 100, capacityWindowS: 60 };

  it('lets it go at once each time, and back only after a wait', async () => {
    const given = await givenPlan(policy);
    expect(await flaps(given, 2)).toEqual(['appended', 'appended']);
    expect(await flaps(given, 1)).toEqual(['appended', 'unchanged']);
    given.pass(5 * MINUTE_MS - 1);
    expect(await given.plans()).toMatchObject({ type: 'unchanged' });
    given.pass(1);
    expect(await given.plans()).toMatchObject({ type: 'appended' });
    expect(await flaps(given, 1)).toEqual(['appended', 'unchanged']);
  });

  it('lets it back at once where a pushed file declares it healthy, and in a cell of an older format', async () => {
    const given = await givenPlan(policy);
    expect(await flaps(given, 3)).toEqual(['appended', 'unchanged']);
    await given.declares(apiFleet(3, { ...policy, retainMinutes: 61 }));
    const observations = Object.fromEntries(
      ['t1', 't2', 't3'].map((id) => [id, { health: 'healthy' as const, capacity: 100 }]),
    );
    given.sees({ type: 'observed', observations, repeated: ['t1', 't2', 't3'] });
    expect(await given.plans()).toMatchObject({ type: 'appended' });
    const older = await givenPlan(policy, 3, 3);
    expect(await flaps(older, 5)).toEqual(['appended', 'appended']);
  });
});
