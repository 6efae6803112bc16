import { describe, expect, it } from 'vitest';
import { retryAt } from '../../lib/cell/asked-answers.ts';
import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import { choose, chooseForPerson, propose } from '../../lib/cell/proposal.ts';
import { sameKeptBack } from '../../lib/ledger/decider/decide-obstacles.ts';
import type { CellState, RefusedEndpoint } from '../../lib/ledger/decider/state.ts';
import { TREES_MAX } from '../../lib/ledger/decider/state.ts';
import type { Choice } from '../../lib/plan/choose-answers.ts';
import type { CellFleet, CellPolicy, FleetEndpoint, Observations } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { planDifference } from '../../lib/plan/plan-difference.ts';
import { laneOf } from '../../lib/plan/plan-summary.ts';
import { endpoint, fleetOf, target } from '../plan/given-fleet.ts';
import { afterPlan, knownCell, NOW, refusal } from '../support/known-cell.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const CARELESS: Partial<CellPolicy> = {
  capacityRemovedPercent: 100,
  endpointsChangedPercent: 100,
  blindPercent: 100,
};
const DOWN = { health: 'unhealthy', capacity: 100 } as const;
const FACTS = { records: 100, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };

/** `api` and `web` over four targets each; the last of each is in a zone of its own. */
function fleet(
  policy: Partial<CellPolicy> = CARELESS,
  api: Partial<FleetEndpoint> = {},
  web: Partial<FleetEndpoint> = {},
): CellFleet {
  const ids = (name: string) => [1, 2, 3, 4].map((number) => `${name}-${number}`);
  const targets = [...ids('api'), ...ids('web')].map((id) =>
    target(id, { az: id.endsWith('4') ? 'az4' : 'az1' }),
  );
  return fleetOf(
    targets,
    [
      { ...endpoint(API, ids('api')), ...api },
      { ...endpoint(WEB, ids('web')), ...web },
    ],
    policy,
  );
}

const down = (...ids: readonly string[]): Observations => Object.fromEntries(ids.map((id) => [id, DOWN]));
const chosen = (known: CellKnowledge, now = NOW): Choice => choose(known, { claimed: new Map(), now });
const targetsOf = ({ endpoints }: Pick<Choice, 'endpoints'>, name: DnsName) =>
  endpoints.find((each) => each.name === name)?.leaves.map(({ target: id }) => id);
const ttlOf = ({ endpoints }: Choice, name: DnsName) => endpoints.find((each) => each.name === name)?.ttl;
const codesOf = ({ keptBack }: Choice, name: DnsName) =>
  keptBack.find((each) => each.name === name)?.findings.map(({ code }) => code) ?? [];
const planned = (known: CellKnowledge, choice = chosen(known)): CellKnowledge =>
  afterPlan(known, propose(known, { choice, origin: 'planner' }));
const withState = (known: CellKnowledge, state: Partial<CellState>): CellKnowledge => ({
  ...known,
  head: { ...known.head, state: { ...known.head.state, ...state } },
});

describe('an endpoint whose declaration waits', () => {
  const before = fleet();
  const removed = { ...fleet(), endpoints: before.endpoints.slice(1) };

  it('loses a failed and a drained target all the same, and nothing of the declaration', () => {
    const missing = fleet(CARELESS, { ttl: 30, targets: ['api-1', 'api-2', 'api-3', 'api-4', 'ghost'] });
    const choice = chosen(
      knownCell({ before, fleet: missing, observations: down('api-1'), drained: ['api-2'] }),
    );
    expect(targetsOf(choice, API)).toEqual(['api-3', 'api-4']);
    expect(ttlOf(choice, API)).toBe(60);
    expect(codesOf(choice, API)).toEqual(['missing-target']);
  });

  it('loses them when it is not declared any more, and is not deleted', () => {
    const choice = chosen(knownCell({ before, fleet: removed, drained: ['api-2'] }));
    expect(targetsOf(choice, API)).toEqual(['api-1', 'api-3', 'api-4']);
    expect(codesOf(choice, API)).toEqual(['endpoint-removed']);
  });

  it('does not get back a target that had failed before the file forgot it', () => {
    const without = { ...removed, targets: before.targets.filter(({ id }) => id.startsWith('web')) };
    const known = planned(knownCell({ before, observations: down('api-1') }));
    const state = {
      ...known.head.state,
      fleet: { ...known.head.state.fleet, digest: 'declared' },
    } as CellState;
    const forgotten = withState(
      { ...known, fleet: without, desired: { ...known.desired, fleet: without, observations: {} } },
      state,
    );
    const choice = chosen({
      ...forgotten,
      accepted: new Map([
        ['before', before],
        ['declared', without],
      ]),
    });
    expect(targetsOf(choice, API)).toEqual(['api-2', 'api-3', 'api-4']);
  });

  it('loses what failed although nobody knows the fleet that it was planned by', () => {
    const known = knownCell({
      before,
      fleet: fleet(CARELESS, { targets: ['api-1', 'ghost'] }),
      observations: down('api-1'),
    });
    const choice = chosen({ ...known, accepted: new Map() });
    expect(targetsOf(choice, API)).toEqual(['api-2', 'api-3', 'api-4']);
  });
});

describe('an endpoint that cannot spare all that goes', () => {
  const policy = { ...CARELESS, capacityRemovedPercent: 30 };

  it('lets an order go beside a failure that it cannot spare any more, and names the failure', () => {
    const choice = chosen(
      knownCell({ before: fleet(policy), observations: down('api-1'), drained: ['api-2'] }),
    );
    expect(targetsOf(choice, API)).toEqual(['api-1', 'api-3', 'api-4']);
    expect(codesOf(choice, API)).toEqual(['capacity-removed']);
  });

  it('lets a failed target go although it cannot spare the zone that was evacuated', () => {
    const known = knownCell({ before: fleet(policy), observations: down('api-4'), evacuated: ['az1'] });
    expect(targetsOf(chosen(known), API)).toEqual(['api-1', 'api-2', 'api-3']);
  });

  it('keeps a zone whole, or lets all of it go', () => {
    const known = knownCell({
      before: fleet({ ...CARELESS, capacityRemovedPercent: 50 }),
      evacuated: ['az1'],
    });
    expect(targetsOf(chosen(known), API)).toHaveLength(4);
  });

  it('gets back a target beside what it cannot spare', () => {
    const known = planned(knownCell({ before: fleet(), drained: ['api-1'] }));
    const desired = { ...known.desired, drained: [], observations: down('api-2', 'api-3') };
    const choice = chosen({ ...known, desired, fleet: fleet(policy) });
    expect(targetsOf(choice, API)).toContain('api-1');
    expect(codesOf(choice, API)).toEqual(['capacity-removed']);
  });

  it('keeps its last answer as it is where no target at all is seen to serve', () => {
    const known = knownCell({
      before: fleet(),
      observations: down('api-1', 'api-2', 'api-3', 'api-4', 'web-1'),
    });
    const choice = chosen(known);
    expect(targetsOf(choice, API)).toEqual(['api-1', 'api-2', 'api-3', 'api-4']);
    expect(codesOf(choice, API)).toContain('no-answer');
    expect(targetsOf(choice, WEB)).toEqual(['web-2', 'web-3', 'web-4']);
  });

  it('is urgent by a plan that takes an ordered target out, not by one that cannot', () => {
    const known = knownCell({ before: fleet(policy), drained: ['api-1', 'api-2', 'api-3', 'api-4'] });
    const lane = (choice: Choice, of = known) =>
      laneOf(of.desired, planDifference(of.desired.base, choice.endpoints), choice.endpoints);
    const first = chosen(known);
    expect(lane(first)).toBe('urgent');
    const next = planned(known, first);
    const more = { ...next, desired: { ...next.desired, observations: down('web-1') } };
    expect(targetsOf(chosen(more), WEB)).toHaveLength(3);
    expect(lane(chosen(more), more)).toBe('routine');
  });

  it('loses nothing more in the next run: what went counts against the window', () => {
    const known = knownCell({
      before: fleet({ ...policy, capacityRemovedPercent: 34 }),
      observations: down('api-1', 'api-2'),
    });
    const next = planned(known);
    expect(chosen(next).endpoints).toEqual(chosen(known).endpoints);
    expect(codesOf(chosen(next), API)).toEqual(['capacity-removed']);
    // The next target goes once the window is over.
    expect(targetsOf(chosen(next, NOW + 600_000), API)).toEqual(['api-3', 'api-4']);
  });
});

describe('an observer that is presumed blind', () => {
  const policy = { ...CARELESS, blindPercent: 50 };
  const lost = down('api-1', 'api-2', 'api-3', 'web-1', 'web-2');
  const known = knownCell({ before: fleet(policy), observations: lost });

  it('keeps back what it lost, and no order and no declaration', () => {
    const declared = knownCell({
      before: fleet(policy),
      fleet: fleet(policy, { ttl: 30 }),
      observations: lost,
      drained: ['web-3'],
    });
    const choice = chosen(declared);
    expect([targetsOf(choice, API), ttlOf(choice, API)]).toEqual([['api-1', 'api-2', 'api-3', 'api-4'], 30]);
    expect(targetsOf(choice, WEB)).toEqual(['web-1', 'web-2', 'web-4']);
    for (const name of [API, WEB]) expect(codesOf(choice, name)).toEqual(['observer-blind']);
  });

  it('goes on keeping the others back when a person has let one endpoint go', () => {
    const first = planned(known);
    const { asked } = { asked: new Map(chosen(first).endpoints.map((each) => [each.name, each])) };
    const api = asked.get(API);
    if (api === undefined) throw new Error('api is there');
    asked.set(API, { ...api, leaves: api.leaves.filter(({ target: id }) => id === 'api-4') });
    const choice = chooseForPerson(
      first,
      { asked, approved: new Set([API]) },
      { claimed: new Map(), now: NOW },
    );
    const keptBack = chosen(first).keptBack.filter(({ name }) => name !== API);
    const approved = planned(first, { ...choice, keptBack });
    expect(targetsOf(chosen(approved), API)).toEqual(['api-4']);
    expect(targetsOf(chosen(approved), WEB)).toEqual(['web-1', 'web-2', 'web-3', 'web-4']);
    expect(codesOf(chosen(approved), WEB)).toEqual(['observer-blind']);
  });

  it('is believed again about an endpoint of which it says something else', () => {
    const first = planned(known);
    const desired = { ...first.desired, observations: down('web-1', 'web-2') };
    expect(targetsOf(chosen({ ...first, desired }), WEB)).toEqual(['web-1', 'web-2', 'web-3', 'web-4']);
    expect(
      targetsOf(chosen({ ...first, desired: { ...desired, observations: down('web-2') } }), WEB),
    ).toEqual(['web-1', 'web-3', 'web-4']);
  });

  it('does not count again what an endpoint cannot spare', () => {
    const lab = knownCell({ before: fleet(policy), observations: down('api-1', 'api-2', 'api-3', 'api-4') });
    const kept = planned(lab);
    const later = {
      ...kept,
      desired: { ...kept.desired, observations: { ...kept.desired.observations, ...down('web-1') } },
    };
    expect(targetsOf(chosen(later), WEB)).toEqual(['web-2', 'web-3', 'web-4']);
  });

  it('keeps its targets in an endpoint that the file does not declare any more', () => {
    const shared = { targets: ['web-1', 'web-2', 'web-3', 'web-4'] };
    const before = fleet(policy, shared);
    const removed = { ...before, endpoints: before.endpoints.slice(1) };
    const choice = chosen(
      knownCell({ before, fleet: removed, observations: down('web-1', 'web-2', 'web-3') }),
    );
    expect(targetsOf(choice, API)).toHaveLength(4);
  });
});

describe('a file that changes too much at once', () => {
  const policy = { ...CARELESS, endpointsChangedPercent: 50 };
  const changed = fleet(policy, { ttl: 30 }, { ttl: 30 });

  it('keeps back what it declares, and nothing that was observed or ordered', () => {
    const choice = chosen(
      knownCell({ before: fleet(policy), fleet: changed, observations: down('api-1'), drained: ['web-1'] }),
    );
    expect([ttlOf(choice, API), ttlOf(choice, WEB)]).toEqual([60, 60]);
    expect(targetsOf(choice, API)).toEqual(['api-2', 'api-3', 'api-4']);
    expect(targetsOf(choice, WEB)).toEqual(['web-2', 'web-3', 'web-4']);
  });

  it('goes on waiting for a person when one of its changes was let go', () => {
    const known = planned(knownCell({ before: fleet(policy), fleet: changed, drained: ['web-1'] }));
    const api = { ...chosen(known).endpoints[0], ttl: 30 } as Choice['endpoints'][number];
    const asked = new Map([...chosen(known).endpoints.map((each) => [each.name, each] as const), [API, api]]);
    const choice = chooseForPerson(
      known,
      { asked, approved: new Set([API]) },
      { claimed: new Map(), now: NOW },
    );
    const keptBack = chosen(known).keptBack.filter(({ name }) => name === WEB);
    const approved = planned(known, { ...choice, keptBack });
    expect([ttlOf(chosen(approved), API), ttlOf(chosen(approved), WEB)]).toEqual([30, 60]);
    expect(codesOf(chosen(approved), WEB)).toEqual(['declared-share']);
  });

  it('does not count what goes over to another cell, which waits for that cell alone', () => {
    const offers = [{ name: API, to: cellName('euw1-a'), ledger: '0123abcd', at: NOW }];
    const cut = (ttl: number) => {
      const whole = fleet(policy, {}, { ttl });
      return { ...whole, endpoints: whole.endpoints.slice(1) };
    };
    const known = knownCell({ before: fleet(policy), fleet: cut(30), state: { offers } });
    expect(codesOf(chosen(known), API)).toEqual(['handed-over']);
    expect(codesOf(chosen(known), WEB)).toEqual([]);
    expect(ttlOf(chosen(known), WEB)).toBe(30);
    expect(targetsOf(chosen(known), API)).toHaveLength(4);
    // Not offered, it was forgotten: then both changes are counted.
    const forgotten = knownCell({ before: fleet(policy), fleet: cut(30) });
    expect(codesOf(chosen(forgotten), API)).toContain('endpoint-removed');
    expect(codesOf(chosen(forgotten), WEB)).toEqual(['declared-share']);
  });

  it('lets an endpoint change that it owns or has planned, although another cell declares it, and adds no other one', () => {
    const claimed = new Map([[API, cellName('euw1-a')]]);
    const left = (known: CellKnowledge) => targetsOf(choose(known, { claimed, now: NOW }), API);
    const known = knownCell({ before: fleet(), drained: ['api-1'] });
    expect(left(known)).toEqual(['api-2', 'api-3', 'api-4']);
    expect(left(withState(known, { owned: [] }))).toEqual(['api-2', 'api-3', 'api-4']);
    const without = { ...fleet(), endpoints: fleet().endpoints.slice(1) };
    const added = knownCell({ before: without, fleet: fleet() });
    expect(left(withState(added, { owned: [WEB] }))).toBeUndefined();
    expect(codesOf(choose(added, { claimed, now: NOW }), API)).toEqual(['name-claimed-twice']);
    expect(left(withState(added, { owned: [API, WEB] }))).toHaveLength(4);
  });

  it('counts an endpoint that it forgot, once', () => {
    const three = (web: number): CellFleet => {
      const base = fleet(policy, {}, { ttl: web });
      return { ...base, endpoints: [...base.endpoints, endpoint('old.example.test', ['api-1'])] };
    };
    const cut = { ...three(30), endpoints: three(30).endpoints.slice(1, 2) };
    const known = knownCell({ before: three(60), fleet: cut });
    expect(codesOf(chosen(known), WEB)).toEqual(['declared-share']);
    const next = planned(known);
    const later = { ...cut, endpoints: cut.endpoints.map((each) => ({ ...each, ttl: 20 })) };
    expect(ttlOf(chosen({ ...next, fleet: later, desired: { ...next.desired, fleet: later } }), WEB)).toBe(
      20,
    );
  });
});

describe('what has no room', () => {
  const before = fleet();
  const needs = { before, fleet: fleet(CARELESS, { ttl: 30 }), observations: down('web-1') };

  it('waits behind what loses a target, because that cannot wait', () => {
    const choice = chosen(knownCell({ ...needs, state: { facts: { ...FACTS, records: 9_994 } } }));
    expect([ttlOf(choice, API), targetsOf(choice, WEB)]).toEqual([60, ['web-2', 'web-3', 'web-4']]);
    expect(codesOf(choice, API)).toEqual(['zone-limit']);
  });

  it('waits in the next run too: records that are planned and not applied count', () => {
    const next = planned(knownCell({ ...needs, state: { facts: { ...FACTS, records: 9_994 } } }));
    expect(codesOf(chosen(next), API)).toEqual(['zone-limit']);
  });

  it('waits for the janitor where the log has no room for another tree', () => {
    const trees = Array.from({ length: TREES_MAX - 1 }, (_, index) => `g${100_000 + index}`);
    const choice = chosen(knownCell({ ...needs, state: { endpoints: { old: { trees } } } }));
    expect(choice.keptBack).toMatchObject([
      { name: API, findings: [{ code: 'retained-trees', severity: 'fatal', trees: TREES_MAX + 1 }] },
    ]);
    expect(targetsOf(choice, WEB)).toEqual(['web-2', 'web-3', 'web-4']);
  });
});

describe('an endpoint that Route 53 refused', () => {
  const before = fleet();
  const declared = fleet(CARELESS, { ttl: 30 });
  const refused = (more: Partial<RefusedEndpoint>, given: Partial<Parameters<typeof knownCell>[0]> = {}) =>
    chosen(
      knownCell({
        before,
        fleet: declared,
        observations: down('web-1'),
        ...given,
        state: { refused: [refusal(API, { fleet: 'declared', ...more })] },
      }),
    );

  it('stays as it is until its time, and keeps nobody else', () => {
    const choice = refused({});
    expect([ttlOf(choice, API), targetsOf(choice, WEB)]).toEqual([60, ['web-2', 'web-3', 'web-4']]);
    expect(choice.keptBack).toMatchObject([
      { name: API, findings: [{ code: 'refused-by-route53', words: 'It is protected.', attempts: 1 }] },
    ]);
  });

  it.each([
    ['a minute after the first refusal', { at: NOW - 60_000 }],
    ['an hour after the tenth', { at: NOW - 3_600_000, attempts: 10 }],
    ['at once when a person asks', { asked: true, attempts: 10 }],
    ['at once under another fleet', { fleet: 'before' }],
    ['while a plan tries it', { trying: 8 as never }],
    [
      'where its time lies ahead and nobody has seen that, a minute after the newest plan',
      { at: NOW + 86_400_000 },
    ],
  ] as const)('is asked again %s', (_, more) => {
    expect(ttlOf(refused(more), API)).toBe(30);
  });

  it.each([
    ['before the minute is over', { at: NOW - 59_999 }],
    ['before the growing wait is over', { at: NOW - 239_999, attempts: 3 }],
    ['before an hour is over', { at: NOW - 3_599_999, attempts: 40 }],
  ] as const)('is not asked again %s', (_, more) => {
    expect(ttlOf(refused(more), API)).toBe(60);
  });

  it('waits from when its time was first seen to lie ahead, and until then a minute from the newest plan', () => {
    const { state } = knownCell({ before }).head;
    const { newest } = state;
    const entry = refusal(API, { at: NOW + 86_400_000, attempts: 2 });
    const ahead = { by: 'planner', since: NOW - 5_000, at: NOW - 1_000 };
    const plannedAt = (at: number) => ({ ...state, newest: newest === null ? null : { ...newest, at } });
    expect(retryAt(entry, { ...state, ahead }, NOW)).toBe(NOW + 115_000);
    expect(retryAt(entry, plannedAt(NOW - 5_000), NOW)).toBe(NOW + 55_000);
    expect(retryAt(entry, plannedAt(NOW + 5_000), NOW)).toBe(0);
  });

  it('is asked every second time without what was declared, if a target has to go', () => {
    const given = { observations: down('api-1') };
    const first = refused({ at: NOW - 60_000 }, given);
    expect([ttlOf(first, API), targetsOf(first, API)]).toEqual([60, ['api-2', 'api-3', 'api-4']]);
    expect(codesOf(first, API)).toEqual(['refused-by-route53']);
    const second = refused({ at: NOW - 120_000, attempts: 2 }, given);
    expect([ttlOf(second, API), targetsOf(second, API)]).toEqual([30, ['api-2', 'api-3', 'api-4']]);
  });

  it('answers as the applied plan says, not as the goal that was refused', () => {
    const known = knownCell({ before, observations: down('api-1'), drained: ['web-1'] });
    const next = planned(known);
    const again = withState(next, {
      refused: [refusal(API, { generation: next.head.state.highest as never })],
    });
    const choice = chosen(again);
    expect(targetsOf(choice, API)).toHaveLength(4);
    const { plan, newTrees } = propose(again, { choice, origin: 'planner' });
    expect(plan.endpoints[0]?.tree).toBe(known.desired.base?.endpoints[0]?.tree);
    expect(newTrees).toEqual({});
  });
});

describe('what the log holds of what is kept back', () => {
  it('is the same in the next run, so nothing is recorded again', () => {
    const known = knownCell({
      before: fleet({ ...CARELESS, blindPercent: 50 }),
      fleet: fleet({ ...CARELESS, blindPercent: 50 }, { targets: ['api-1', 'ghost'] }),
      observations: down('web-1', 'web-2', 'web-3', 'api-2', 'api-3'),
    });
    const next = planned(known);
    expect(chosen(next).endpoints).toEqual(chosen(known).endpoints);
    expect(sameKeptBack(next.head.state.keptBack, chosen(next).keptBack)).toBe(true);
  });
});

describe('a first plan', () => {
  it('leaves out what cannot be added, and is none where nothing can be', () => {
    const bad = fleet(CARELESS, { floor: 9 });
    expect(chosen(knownCell({ fleet: bad })).endpoints.map(({ name }) => name)).toEqual([WEB]);
    expect(chosen(knownCell({ fleet: fleet(CARELESS, { floor: 9 }, { floor: 9 }) })).endpoints).toEqual([]);
  });
});
