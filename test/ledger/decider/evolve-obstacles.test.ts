import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { withCapacityRemoved } from '../../../lib/ledger/decider/evolve-obstacles.ts';
import { FORMATS } from '../../../lib/ledger/decider/formats.ts';
import type { CapacityRemoval, CellState } from '../../../lib/ledger/decider/state.ts';
import {
  ENDPOINT_REMOVALS_MAX,
  KEPT_BYTES_MAX,
  REFUSED_BYTES_MAX,
  REFUSED_MAX,
  REMOVALS_MAX,
} from '../../../lib/ledger/decider/state.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import {
  digestOf,
  fleetDeclared,
  POLICY,
  planAppended,
  planApplied,
  planStaged,
} from '../../support/ledger-events.ts';
import {
  blind,
  kept,
  keptBack,
  refusal,
  rejected,
  retried,
  SINCE_3,
  SINCE_4,
} from '../../support/obstacle-events.ts';
import { FIRST_AT, stateAfter } from './given.ts';

const api = dnsName('api.example.test');
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const folded = (...events: readonly LedgerEvent[]): CellState => stateAfter([SINCE_3, ...events]);

describe('what is kept back', () => {
  const first = sha256('first');
  const second = sha256('second');
  const before = [fleetDeclared(first), planAppended(1), fleetDeclared(second)];

  it('has the fleet that each endpoint was planned by last, and since when it waits', () => {
    const state = folded(...before, keptBack(kept('web'), kept('api')));
    expect(state.keptBack).toEqual([
      { ...kept('api'), since: FIRST_AT + 4_000, fleet: first },
      { ...kept('web'), since: FIRST_AT + 4_000, fleet: first },
    ]);
  });

  it('keeps both while it waits, whatever else is planned, and loses them when it waits no longer', () => {
    const web = kept('web', 'bbbbbbbbbbbb');
    const planned = planAppended(2, { keptBack: [kept('api'), web] });
    const state = folded(...before, keptBack(kept('api')), planned);
    expect(state.keptBack).toEqual([
      { ...kept('api'), since: FIRST_AT + 4_000, fleet: first },
      // When what is kept back was recorded, web was not: it answered as the declared fleet asks.
      { ...web, since: FIRST_AT + 5_000, fleet: second },
    ]);
    expect(state.goal).toMatchObject({ generation: 2, fleet: second });
    const again = folded(...before, keptBack(kept('api')), keptBack(), planned);
    expect(again.keptBack[0]).toEqual({ ...kept('api'), since: FIRST_AT + 6_000, fleet: second });
    expect(folded(...before, planned, keptBack()).keptBack).toEqual([]);
  });

  it('does not know a fleet after a plan that follows from none, or before any plan', () => {
    expect(folded(keptBack(kept('api'))).keptBack[0]?.fleet).toBe(null);
    for (const origin of ['operator', 'rollback', 'rescue'] as const) {
      const planned = [...before, planAppended(2, { origin })];
      expect(folded(...planned).goal).not.toHaveProperty('fleet');
      const state = folded(...planned, keptBack(kept('api')));
      expect(state.keptBack[0]?.fleet).toBe(null);
      // Everything else answers as the declared fleet asks.
      expect(state.goal).toMatchObject({ fleet: second });
    }
    const approved = folded(...before, planAppended(2, { origin: 'approval' }), keptBack(kept('api')));
    expect(approved.keptBack[0]?.fleet).toBe(second);
  });

  it('goes on by the declared fleet where it answers by that one all the same', () => {
    const byDeclared = { ...kept('api'), byDeclared: true } as const;
    const planned = planAppended(2, { keptBack: [byDeclared] });
    expect(folded(...before, keptBack(kept('api')), planned).keptBack).toMatchObject([{ fleet: second }]);
    expect(folded(...before, planned).keptBack[0]).not.toHaveProperty('byDeclared');
  });

  it('follows from the fleet of the goal that is appended again', () => {
    expect(folded(...before, planAppended(2, { origin: 'reissue' })).goal).toMatchObject({ fleet: first });
  });

  it('stays as it is beside a plan that says nothing of it, or is held itself', () => {
    const state = folded(...before, keptBack(kept('api')));
    expect(folded(...before, keptBack(kept('api')), planAppended(2)).keptBack).toEqual(state.keptBack);
    const held = planAppended(2, { disposition: 'held', keptBack: [] });
    expect(folded(...before, keptBack(kept('api')), held).keptBack).toEqual(state.keptBack);
  });

  it('stays rejected while the same waits', () => {
    const events = [keptBack(kept('api'), kept('web')), rejected(kept('api'))];
    const mark = { at: FIRST_AT + 2_000, by: 'operator:ana', reason: 'not today' };
    const other = { ...kept('api'), findings: [] };
    expect(folded(...events).keptBack.map((entry) => entry.rejected)).toEqual([mark, undefined]);
    expect(folded(...events, keptBack(other)).keptBack[0]).toMatchObject({ findings: [], rejected: mark });
    const changed = folded(...events, keptBack(kept('api', 'bbbbbbbbbbbb'))).keptBack[0];
    expect(changed).not.toHaveProperty('rejected');
    expect(changed?.since).toBe(FIRST_AT + 1_000);
    expect(folded(...events, rejected(kept('web', 'cccccccccccc'))).keptBack).toEqual(
      folded(...events).keptBack,
    );
  });

  it('names every endpoint, and leaves reasons out where they do not fit', () => {
    const long = (index: number) => ({
      ...kept(`e${String(index).padStart(3, '0')}.${'a'.repeat(60)}.${'b'.repeat(60)}`),
      findings: [{ code: 'x', severity: 'held' as const, subject: 'é'.repeat(300) }],
    });
    const endpoints = Array.from({ length: 120 }, (_, index) => long(index));
    const state = folded(keptBack(...endpoints), {
      ...rejected(...endpoints),
      reason: '"'.repeat(400),
    });
    expect(state.keptBack.map(({ name }) => name)).toEqual(endpoints.map(({ name }) => name));
    expect(bytes(state.keptBack)).toBeLessThanOrEqual(KEPT_BYTES_MAX);
    expect(state.keptBack.filter(({ findings }) => findings.length > 0).length).toBeGreaterThan(0);
  });

  it('is the same however it is listed', () => {
    const endpoints = [kept('a'), kept('b', 'bbbbbbbbbbbb'), kept('c')];
    fc.assert(
      fc.property(fc.shuffledSubarray(endpoints, { minLength: 3 }), (list) => {
        expect(folded(keptBack(...list)).keptBack).toEqual(folded(keptBack(...endpoints)).keptBack);
        expect(folded(keptBack(...list), keptBack(...list)).keptBack).toEqual(
          folded(keptBack(...endpoints)).keptBack,
        );
      }),
    );
  });
});

describe('a refused endpoint', () => {
  const refused = (...events: readonly LedgerEvent[]) => folded(...events).refused;

  it('has its words, its attempts, and when they were', () => {
    const events = [fleetDeclared(sha256('f')), refusal('api', 3), refusal('web', 3), refusal('api', 4)];
    expect(refused(...events)).toEqual([
      {
        ...{ name: 'web.example.test', step: 'flip', generation: 3, reason: 'It is protected.' },
        ...{ since: FIRST_AT + 3_000, at: FIRST_AT + 3_000, attempts: 1 },
        ...{ fleet: sha256('f'), asked: false, trying: null },
      },
      {
        ...{ name: 'api.example.test', step: 'flip', generation: 4, reason: 'It is protected.' },
        ...{ since: FIRST_AT + 2_000, at: FIRST_AT + 4_000, attempts: 2 },
        ...{ fleet: sha256('f'), asked: false, trying: null },
      },
    ]);
  });

  it('lets the next plan take the place of the staged one at once', () => {
    const staged = [planAppended(1), planStaged(1, 'g000001.api')];
    expect(folded(...staged).staging?.sticky).toBe(true);
    expect(folded(...staged, refusal('api', 1)).staging?.sticky).toBe(false);
  });

  it('is asked for by an adoption or a retry, until it is refused again', () => {
    const adopted: LedgerEvent = { type: 'EndpointAdopted', name: api, was: [] };
    for (const asked of [adopted, retried('api')]) {
      const events = [refusal('api', 3), refusal('web', 3), asked];
      expect(refused(...events).map((entry) => entry.asked)).toEqual([true, false]);
      expect(refused(...events, refusal('api', 4)).map((entry) => entry.asked)).toEqual([false, false]);
    }
  });

  it('is tried by the plan that does not keep it back, and no longer refused once that one is applied', () => {
    const trying = (...events: readonly LedgerEvent[]) =>
      refused(refusal('api', 3), ...events).map((entry) => entry.trying);
    expect(trying(planAppended(4, { keptBack: [kept('api')] }))).toEqual([null]);
    expect(trying(planAppended(4, { keptBack: [kept('api')] }), planApplied(4, 5))).toEqual([null]);
    expect(trying(planAppended(4, { keptBack: [] }))).toEqual([4]);
    expect(trying(planAppended(4, { keptBack: [] }), planApplied(3, 4, { reason: 'observed' }))).toEqual([]);
    expect(trying(planAppended(4, { keptBack: [] }), planApplied(2, 4))).toEqual([4]);
    expect(trying(planAppended(4, { keptBack: [] }), planApplied(4, 5))).toEqual([]);
    expect(trying(planAppended(4, { keptBack: [] }), planApplied(5, 5))).toEqual([]);
    expect(trying(planAppended(4, { keptBack: [] }), refusal('api', 4), planApplied(5, 6))).toEqual([null]);
  });

  it('is tried by a held plan only once that is approved', () => {
    const held = planAppended(4, { disposition: 'held', keptBack: [] });
    const approve: LedgerEvent = { type: 'PlanApproved', generation: generation(4), digest: digestOf(4) };
    expect(refused(refusal('api', 3), held)[0]?.trying).toBe(null);
    expect(refused(refusal('api', 3), held, approve)[0]?.trying).toBe(4);
  });

  it('is none any more when its own plan was applied after all', () => {
    expect(refused(refusal('api', 3), planApplied(3, 4))).toEqual([]);
    expect(refused(refusal('api', 3), planApplied(3, 4, { reason: 'observed' }))).toEqual([]);
  });

  it('stays when somebody only sees that the fence of the applied plan has moved, or tells it late', () => {
    const repair = refusal('api', 3, { step: 'repair' });
    const applied = planApplied(3, 4);
    expect(refused(applied, repair, planApplied(3, 6, { reason: 'observed' }))).toHaveLength(1);
    expect(refused(applied, repair, planApplied(3, 4))).toHaveLength(1);
    expect(refused(applied, repair, planApplied(3, 6, { reason: 'repair' }))).toEqual([]);
  });

  it('of a repair is none any more when it is repaired, whatever else is', () => {
    const repaired = (...names: readonly string[]): LedgerEvent => ({
      ...{ type: 'DriftRepaired', count: names.length, names: names.map(dnsName), seq: seq(9) },
    });
    const events = [planApplied(3, 4), refusal('api', 3, { step: 'repair' }), refusal('web', 3)];
    expect(refused(...events, repaired(api, 'web.example.test')).map(({ name }) => name)).toEqual([
      'web.example.test',
    ]);
    expect(refused(...events, repaired())).toHaveLength(2);
  });

  it('is forgotten when nothing of it waits any more and no plan tries it, but for a repair', () => {
    const events = [refusal('api', 3), refusal('web', 3), refusal('lab', 3, { step: 'repair' })];
    const names = (...more: readonly LedgerEvent[]) => refused(...events, ...more).map(({ name }) => name);
    expect(names(keptBack(kept('web')))).toEqual(['web.example.test', 'lab.example.test']);
    expect(names(planAppended(4, { keptBack: [] }), keptBack())).toHaveLength(3);
  });

  it('goes with its goal to the generation as which that is reissued', () => {
    const ahead: LedgerEvent = {
      ...{ type: 'FenceAhead', fenceGeneration: generation(30), fenceSeq: seq(50) },
      reissue: { generation: generation(31), parent: 3, digest: digestOf(3) },
    };
    expect(refused(planAppended(1), refusal('api', 1), refusal('web', 9), ahead)).toMatchObject([
      { generation: 31, trying: null },
      { generation: 9, trying: null },
    ]);
    const tried = [refusal('api', 1), planAppended(2, { keptBack: [] }), ahead];
    expect(refused(...tried)).toMatchObject([{ generation: 1, trying: 31 }]);
    expect(refused(...tried, planApplied(31, 51))).toEqual([]);
  });

  it('is remembered up to the bound: the oldest lose their words, then they are forgotten', () => {
    const label = (index: number) => `e${String(index).padStart(3, '0')}.${'a'.repeat(63)}.${'b'.repeat(25)}`;
    const many = Array.from({ length: REFUSED_MAX + 9 }, (_, index) =>
      refusal(label(index), 3, { reason: '"'.repeat(400) }),
    );
    const state = folded(fleetDeclared(), ...many);
    expect(bytes(state.refused)).toBeLessThanOrEqual(REFUSED_BYTES_MAX);
    expect(state.refused).toHaveLength(REFUSED_MAX);
    expect(state.refused[0]?.reason).toBe('');
    expect(state.refused.at(-1)).toMatchObject({ name: many.at(-1)?.name, reason: '"'.repeat(400) });
  });
});

describe('blind sources', () => {
  it('have since when they are, and what they said last', () => {
    const events = [blind('elbv2'), blind('ec2', 'elbv2')];
    expect(folded(...events).blind).toEqual([
      { source: 'ec2', reason: 'throttled', since: FIRST_AT + 2_000 },
      { source: 'elbv2', reason: 'throttled', since: FIRST_AT + 1_000 },
    ]);
    const denied: LedgerEvent = { type: 'SourcesBlind', sources: [{ source: 'elbv2', reason: 'denied' }] };
    expect(folded(...events, denied).blind).toEqual([
      { source: 'elbv2', reason: 'denied', since: FIRST_AT + 1_000 },
    ]);
    expect(folded(...events, blind()).blind).toEqual([]);
  });
});

describe('a freeze or a thaw, which moves the fence of the applied plan', () => {
  it.each([
    ['since format 4 its change too, where that is known', SINCE_4, 'C7'],
    ['in format 3 the change stays that of the flip', SINCE_3, planApplied(1, 2).changeId],
  ])('changes its seq, and not who applied the plan, and when; %s', (_, since, changeId) => {
    const before = [since, planAppended(1), planApplied(1, 2)];
    const applied = stateAfter(before);
    const observed = planApplied(1, 7, { reason: 'observed', enactor: 'operator-ana', changeId: 'C7' });
    const moved = stateAfter([...before, observed]);
    expect(moved.applied).toEqual({ ...applied.applied, seq: 7, changeId });
    expect(moved.history).toEqual([{ ...applied.history[0], seq: 7 }]);
  });

  it('is told from a flip or a repair, and from the fence of another plan', () => {
    const events = [planAppended(1), planApplied(1, 2)];
    const by = (...more: readonly LedgerEvent[]) => folded(...events, ...more).applied?.by;
    expect(by(planApplied(1, 7, { enactor: 'enactor-b' }))).toBe('enactor-b');
    expect(by(planApplied(1, 7, { reason: 'repair', enactor: 'enactor-b' }))).toBe('enactor-b');
    expect(by(planApplied(2, 7, { reason: 'observed', enactor: 'enactor-b' }))).toBe('enactor-b');
    const other = { reason: 'observed', enactor: 'enactor-b', digest: digestOf(9) } as const;
    expect(by(planApplied(1, 7, other))).toBe('enactor-b');
    expect(folded(...events, planApplied(1, 1, { reason: 'observed' })).applied?.seq).toBe(2);
  });

  it('was the last to apply the plan in formats 1 and 2', () => {
    const observed = planApplied(1, 7, { reason: 'observed', enactor: 'operator-ana' });
    const state = stateAfter([planAppended(1), planApplied(1, 2)]);
    for (const { number, evolve: fold } of FORMATS) {
      const { applied } = fold(state, observed, { at: FIRST_AT + 9_000, by: 'x' });
      expect(applied?.by, `format ${number}`).toBe(number < 3 ? 'operator-ana' : 'enactor-a');
    }
  });
});

describe('the capacity that plans took', () => {
  const removing = (number: number, capacityRemoved: Readonly<Record<string, number>>, more: object = {}) =>
    planAppended(number, {
      summary: { ...planAppended(1).summary, removedPermille: 999 },
      newTrees: { api: 'g000001', web: 'g000001' },
      capacityRemoved,
      ...more,
    });

  it('does not count what was refused, and counts what others lost by the same plan', () => {
    const plan = removing(1, { api: 250, web: 300 });
    const state = folded(fleetDeclared('d'), plan, refusal('api', 1));
    expect(Object.keys(state.capacityRemoved)).toEqual(['web']);
    expect(folded(fleetDeclared('d'), plan, refusal('api', 2)).capacityRemoved).toHaveProperty('api');
  });

  it('is counted for each endpoint, of approved plans alone', () => {
    const held = removing(2, { web: 300 }, { disposition: 'held' });
    const approve: LedgerEvent = { type: 'PlanApproved', generation: generation(2), digest: digestOf(2) };
    const state = folded(removing(1, { api: 250 }), held);
    expect(state.capacityRemoved).toEqual({ api: [{ at: FIRST_AT + 1_000, permille: 250 }] });
    expect(state.newest?.capacityRemoved).toEqual({ web: 300 });
    const approved = folded(removing(1, { api: 250 }), held, approve);
    expect(approved.capacityRemoved).toEqual({
      api: [{ at: FIRST_AT + 1_000, permille: 250 }],
      web: [{ at: FIRST_AT + 3_000, permille: 300 }],
    });
    expect(approved.goal).not.toHaveProperty('capacityRemoved');
    expect(approved.goal).toEqual(approved.newest);
    expect(approved.removals).toEqual([]);
  });

  it('is forgotten of endpoints that are gone', () => {
    const gone: LedgerEvent = { type: 'TreesRetired', trees: ['g000001.api'], fenceSeq: seq(9) };
    const state = folded(removing(1, { api: 250, other: 9 }), gone, removing(2, {}, { newTrees: {} }));
    expect(state.capacityRemoved).toEqual({});
  });

  it('counts for the whole cell where a plan does not say more, and in formats 1 and 2', () => {
    const silent = { summary: { ...planAppended(1).summary, removedPermille: 999 } };
    expect(folded(planAppended(1, silent)).removals).toEqual([{ at: FIRST_AT + 1_000, permille: 999 }]);
    const [, format2] = FORMATS;
    const many = Array.from({ length: REMOVALS_MAX + 20 }, (_, index) => removing(index + 1, { api: 250 }));
    const state = many.reduce(
      (before, event) => format2?.evolve(before, event, { at: FIRST_AT, by: 'x' }) ?? before,
      stateAfter([]),
    );
    expect(state.removals).toHaveLength(REMOVALS_MAX);
    expect(state.removals.reduce((sum, { permille }) => sum + permille, 0)).toBe((REMOVALS_MAX + 20) * 999);
    expect(state.capacityRemoved).toEqual({});
  });

  const windowMs = POLICY.capacityWindowS * 1_000;
  const within = (removals: readonly CapacityRemoval[], now: number, span: number): number =>
    removals.filter(({ at }) => at > now - span).reduce((sum, { permille }) => sum + permille, 0);

  it('counts for the window or up to a third longer, never for less, however often something goes', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 1, max: windowMs }),
      permille: fc.integer({ min: 0, max: 400 }),
    });
    const { fleet, loosening } = stateAfter([fleetDeclared()]);
    const known = { endpoints: { api: { trees: [] } }, fleet, loosening, format: 4 };
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 0, max: windowMs }),
        (steps, laterMs) => {
          const all: CapacityRemoval[] = [];
          let at = FIRST_AT;
          let capacityRemoved: CellState['capacityRemoved'] = {};
          for (const { afterMs, permille } of steps) {
            at += afterMs;
            if (permille > 0) all.push({ at, permille });
            capacityRemoved = withCapacityRemoved({ ...known, capacityRemoved }, { api: permille }, at);
            expect(capacityRemoved['api']?.length ?? 0).toBeLessThanOrEqual(ENDPOINT_REMOVALS_MAX);
          }
          const now = at + laterMs;
          const counted = within(capacityRemoved['api'] ?? [], now, windowMs);
          expect(counted).toBeGreaterThanOrEqual(within(all, now, windowMs));
          expect(counted).toBeLessThanOrEqual(within(all, now, (windowMs * 4) / 3));
        },
      ),
    );
  });
});

describe('events of the same set in another order', () => {
  const set: readonly LedgerEvent[] = [
    refusal('api', 3),
    blind('elbv2'),
    keptBack(kept('web')),
    { type: 'DriftFound', count: 1, names: [api] },
    { type: 'TargetDrained', target: 'i-1', reason: 'x' },
  ];

  it('that are about different things give the same state', () => {
    const occasion = { at: FIRST_AT, by: 'x' };
    const begin = folded(planAppended(3), refusal('web', 2));
    const fold = (events: readonly LedgerEvent[]) =>
      events.reduce((state, event) => evolve(state, event, occasion), begin);
    const sorted = (state: CellState) => ({
      ...state,
      refused: [...state.refused].sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    // What nothing waits for is forgotten, so a refusal comes after it or is kept back by it.
    const both = set.map((event) =>
      event.type === 'EndpointsKeptBack' ? keptBack(kept('web'), kept('api')) : event,
    );
    fc.assert(
      fc.property(fc.shuffledSubarray([...both], { minLength: both.length }), (events) => {
        expect(sorted(fold(events))).toEqual(sorted(fold(both)));
      }),
    );
  });
});
