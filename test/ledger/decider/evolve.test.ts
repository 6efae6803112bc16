import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { HISTORY_MAX, REMOVALS_MAX, STAGED_ENTRIES_MAX } from '../../../lib/ledger/decider/state.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import {
  digestOf,
  drained,
  fleetDeclared,
  POLICY,
  planAppended,
  planApplied,
  planStaged,
  ZONE,
} from '../../support/ledger-events.ts';
import { FIRST_AT, stateAfter } from './given.ts';

const name = dnsName('api.example.test');
const held = planAppended(2, { disposition: 'held' });
const approve = (number: number): LedgerEvent => ({
  type: 'PlanApproved',
  generation: generation(number),
  digest: digestOf(number),
});

describe('the fold of each event', () => {
  it('FleetDeclared, TargetsObserved', () => {
    const state = stateAfter([
      fleetDeclared(),
      { type: 'TargetsObserved', digest: sha256('o'), changed: 1, healthy: 1 },
    ]);
    expect(state.fleet).toEqual({
      digest: sha256('fleet'),
      zone: ZONE,
      zoneId: 'Z1',
      policy: POLICY,
      at: FIRST_AT,
    });
    expect(state.observations).toEqual({ digest: sha256('o'), at: FIRST_AT + 1_000, fleet: sha256('fleet') });
  });

  it('TargetDrained, TargetRestored, AzEvacuated, AzRestored', () => {
    const events: LedgerEvent[] = [
      drained('i-1'),
      drained('i-2'),
      { type: 'TargetRestored', target: 'i-1' },
      { type: 'AzEvacuated', az: 'az1', reason: 'power' },
    ];
    expect(stateAfter(events)).toMatchObject({ drained: ['i-2'], evacuated: ['az1'] });
    expect(stateAfter([...events, { type: 'AzRestored', az: 'az1' }]).evacuated).toEqual([]);
  });

  it('BranchEvacuated, BranchRestored', () => {
    const events: LedgerEvent[] = [
      { type: 'FormatRaised', format: 5 },
      { type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'latency' },
      { type: 'BranchEvacuated', branch: 'primary.us-east-1', reason: 'latency' },
      { type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'again' },
    ];
    expect(stateAfter(events).evacuatedBranches).toEqual(['eu-west-1', 'primary.us-east-1']);
    const restored: LedgerEvent = { type: 'BranchRestored', branch: 'eu-west-1' };
    expect(stateAfter([...events, restored]).evacuatedBranches).toEqual(['primary.us-east-1']);
  });

  it('PlanAppended, approved: it is the goal', () => {
    const state = stateAfter([planAppended(1)]);
    expect(state.goal).toMatchObject({
      generation: generation(1),
      digest: digestOf(1),
      disposition: 'approved',
      at: FIRST_AT,
    });
    expect(state).toMatchObject({ newest: state.goal, highest: 1, paused: null });
    expect(state.endpoints).toEqual({ api: { trees: ['g000001'] } });
  });

  it('PlanAppended, held: the goal stays, until PlanApproved', () => {
    const events = [planAppended(1), held];
    expect(stateAfter(events)).toMatchObject({
      goal: { generation: generation(1) },
      newest: { generation: generation(2), disposition: 'held' },
    });
    expect(stateAfter([...events, approve(2)])).toMatchObject({
      goal: { generation: generation(2), disposition: 'approved' },
    });
    expect(stateAfter([...events, approve(1)])).toEqual(stateAfter(events));
  });

  it('PlanRejected: never the goal', () => {
    const state = stateAfter([
      planAppended(1),
      held,
      { type: 'PlanRejected', generation: generation(2), reason: 'no' },
    ]);
    expect(state).toMatchObject({
      goal: { generation: generation(1) },
      newest: { generation: generation(2), disposition: 'rejected' },
    });
  });

  it('PlanAppended of a rollback pauses the planner in the same event', () => {
    const state = stateAfter([planAppended(1), planAppended(2, { origin: 'rollback', pausesPlanner: true })]);
    expect(state.paused).toEqual({
      at: FIRST_AT + 1_000,
      by: 'operator:ana',
      reason: 'rollback to generation 2',
    });
    expect(
      stateAfter([planAppended(1), { type: 'PlannerPaused', reason: 'x' }, { type: 'PlannerResumed' }])
        .paused,
    ).toBe(null);
  });

  it('PlanStaged: the staged plan stays the goal of a flip, but not past an urgent, rollback or approved one', () => {
    const staged = [planAppended(1), planStaged(1, 'g000001.api')];
    const sticky = (...events: readonly LedgerEvent[]) => stateAfter([...staged, ...events]).staging?.sticky;
    expect(stateAfter(staged).staging).toEqual({
      generation: generation(1),
      digest: digestOf(1),
      sticky: true,
      entries: [{ changeId: 'S1', at: FIRST_AT + 1_000, trees: ['g000001.api'] }],
    });
    expect(sticky(planAppended(2))).toBe(true);
    expect(sticky(planAppended(2, { lane: 'urgent' }))).toBe(false);
    expect(sticky(planAppended(2, { origin: 'operator' }))).toBe(false);
    expect(sticky(planAppended(2, { origin: 'rollback', pausesPlanner: true }))).toBe(false);
    expect(sticky(held)).toBe(true);
    expect(sticky(held, approve(2))).toBe(false);
  });

  it('PlanStaged that is told late never makes an overtaken plan stick', () => {
    const late = planStaged(1, 'g000001.api');
    expect(stateAfter([planAppended(1), planAppended(2), late]).staging?.sticky).toBe(true);
    expect(stateAfter([planAppended(1), planAppended(2, { lane: 'urgent' }), late]).staging?.sticky).toBe(
      false,
    );
    expect(stateAfter([planAppended(1), planAppended(2, { origin: 'rollback' }), late]).staging?.sticky).toBe(
      false,
    );
  });

  it('PlanStaged while another generation sticks keeps that one, and the first change of each tree', () => {
    const state = stateAfter([
      planAppended(1),
      planStaged(1, 'g000001.api'),
      planAppended(2),
      planStaged(2, 'g000001.api', 'g000002.www'),
    ]);
    expect(state.staging).toMatchObject({ generation: generation(1), sticky: true });
    expect(state.staging?.entries.map(({ changeId, trees }) => [changeId, trees])).toEqual([
      ['S1', ['g000001.api']],
      // What is staged twice waits for both: the first may have been undone by hand.
      ['S2', ['g000001.api', 'g000002.www']],
    ]);
  });

  it('PlanStaged again and again remembers the newest batches', () => {
    const many = Array.from({ length: 100 }, (_, index) => planStaged(1, `g000001.e${index}`));
    const entries = stateAfter([planAppended(1), ...many]).staging?.entries ?? [];
    expect(entries).toHaveLength(STAGED_ENTRIES_MAX);
    expect(entries.at(-1)?.trees).toEqual(['g000001.e99']);
    const wide = Array.from({ length: 9 }, (_, batch) =>
      planStaged(1, ...Array.from({ length: 60 }, (__, index) => `g000001.e${batch}-${index}`)),
    );
    const kept = stateAfter([planAppended(1), ...wide]).staging?.entries ?? [];
    expect(kept.map(({ trees }) => trees[0])).toEqual([
      'g000001.e5-0',
      'g000001.e6-0',
      'g000001.e7-0',
      'g000001.e8-0',
    ]);
  });

  it('PlanApplied: owned names, rollbacks, history; what was staged for it is done', () => {
    const state = stateAfter([
      planAppended(1),
      { type: 'EndpointAdopted', name, was: ['192.0.2.1'] },
      planStaged(1, 'g000001.api'),
      planApplied(1, 2, { rollbacks: { api: 'g000001' } }),
    ]);
    expect(state.applied).toEqual({
      generation: generation(1),
      digest: digestOf(1),
      seq: seq(2),
      at: FIRST_AT + 3_000,
      by: 'enactor-a',
      changeId: 'C1',
    });
    expect(state).toMatchObject({ staging: null, owned: [name] });
    expect(state.endpoints).toEqual({ api: { trees: ['g000001'], rollback: 'g000001' } });
    expect(state.history).toMatchObject([{ generation: generation(1), seq: seq(2) }]);
  });

  it('TreesRetired: gone, with their rollback', () => {
    const events = [planAppended(1), planAppended(2), planApplied(2, 3, { rollbacks: { api: 'g000001' } })];
    const retired = (...trees: readonly string[]): LedgerEvent => ({
      type: 'TreesRetired',
      trees,
      fenceSeq: seq(4),
    });
    expect(stateAfter([...events, retired('g000001.api')]).endpoints).toEqual({
      api: { trees: ['g000002'] },
    });
    expect(stateAfter([...events, retired('g000001.api', 'g000002.api')]).endpoints).toEqual({});
  });

  it('ZoneSurveyed, DriftFound, ZoneRegressed, DriftRepaired', () => {
    const facts = { records: 1, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
    const events: LedgerEvent[] = [
      { type: 'ZoneSurveyed', facts },
      { type: 'DriftFound', count: 3, names: [name] },
      { type: 'ZoneRegressed', what: 'root', name, found: 'a', expected: 'b' },
    ];
    expect(stateAfter(events)).toMatchObject({
      facts,
      drift: { count: 3, names: [name] },
      regressed: { found: 'a', expected: 'b' },
    });
    const repaired: LedgerEvent = { type: 'DriftRepaired', count: 3, names: [name], seq: seq(9) };
    expect(stateAfter([...events, repaired])).toMatchObject({ drift: null, regressed: null });
    expect(stateAfter([...events, planApplied(1, 2)])).toMatchObject({ drift: null, regressed: null });
    const observed = planApplied(1, 2, { reason: 'observed' });
    expect(stateAfter([...events, observed])).toMatchObject({
      drift: { count: 3 },
      regressed: { found: 'a' },
    });
  });

  it('FenceAhead: the goal again, above the fence, the planner paused or not', () => {
    const reissue = { generation: generation(31), parent: 1, digest: digestOf(1) };
    const ahead: LedgerEvent = {
      type: 'FenceAhead',
      fenceGeneration: generation(30),
      fenceSeq: seq(50),
      reissue,
    };
    const state = stateAfter([planAppended(1), { type: 'PlannerPaused', reason: 'x' }, ahead]);
    expect(state).toMatchObject({
      highest: 31,
      goal: { generation: generation(31), digest: digestOf(1), origin: 'reissue', lane: 'urgent' },
      paused: { reason: 'x' },
    });
    expect(state.newest).toEqual(state.goal);
    const alone = stateAfter([{ type: 'FenceAhead', fenceGeneration: generation(30), fenceSeq: seq(50) }]);
    expect(alone).toMatchObject({ highest: 30, goal: null });
  });

  it('CellFrozen, CellThawed, RescueFound', () => {
    const frozen = stateAfter([{ type: 'CellFrozen', reason: 'incident' }]);
    expect(frozen.frozen).toEqual({ at: FIRST_AT, by: 'operator:ana', reason: 'incident' });
    const rescued = stateAfter([
      { type: 'RescueFound', generation: generation(9), seq: seq(12), plan: 'abc', by: 'ana' },
    ]);
    expect(rescued).toMatchObject({
      highest: 9,
      rescue: { generation: generation(9), seq: seq(12), plan: 'abc', at: FIRST_AT },
    });
    const thawed = stateAfter([
      { type: 'CellFrozen', reason: 'incident' },
      { type: 'RescueFound', generation: generation(9), seq: seq(12), plan: 'abc', by: 'ana' },
      { type: 'CellThawed' },
    ]);
    expect(thawed).toMatchObject({ frozen: null, rescue: null, highest: 9 });
  });

  it('EndpointAdopted: adopted until a plan that holds it is applied', () => {
    const adopted: LedgerEvent = { type: 'EndpointAdopted', name, was: [] };
    expect(stateAfter([adopted]).adopted).toEqual([name]);
    expect(stateAfter([adopted, planApplied(1, 2, { endpoints: [] })]).adopted).toEqual([name]);
    expect(stateAfter([adopted, planApplied(1, 2)])).toMatchObject({ adopted: [], owned: [name] });
  });
});

describe('applications that arrive in any order', () => {
  const application = fc
    .record({ generation: fc.integer({ min: 1, max: 30 }), seq: fc.integer({ min: 1, max: 100 }) })
    .map(({ generation, seq }) => planApplied(generation, seq));

  it('never lower what was applied: the fold takes the maximum seq', () => {
    fc.assert(
      fc.property(fc.array(application, { minLength: 1, maxLength: 40 }), (events) => {
        const seqs = events.map((_, index) => stateAfter(events.slice(0, index + 1)).applied?.seq ?? 0);
        expect(seqs).toEqual(
          seqs.map((_, index) => Math.max(...events.slice(0, index + 1).map(({ seq }) => seq))),
        );
      }),
    );
  });

  it('leave the same history, whatever the order', () => {
    const distinct = fc.uniqueArray(application, { selector: ({ seq }) => seq, maxLength: 30 });
    fc.assert(
      fc.property(
        distinct.chain((events) =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
        ),
        ([events, shuffled]) => {
          const seqs = (of: readonly LedgerEvent[]) =>
            stateAfter(of).history.map(({ generation, seq }) => [generation, seq]);
          expect(seqs(shuffled)).toEqual(seqs(events));
          expect(stateAfter(shuffled).applied?.seq).toBe(stateAfter(events).applied?.seq);
        },
      ),
    );
  });

  it('keep the newest of each generation, newest first, up to the bound', () => {
    const events = Array.from({ length: HISTORY_MAX + 10 }, (_, index) => planApplied(index + 1, index + 2));
    const { history } = stateAfter(events);
    expect(history).toHaveLength(HISTORY_MAX);
    expect(history[0]).toMatchObject({ generation: HISTORY_MAX + 10, seq: HISTORY_MAX + 11 });
    const forged = planApplied(2, 90, { digest: sha256('forged') });
    expect(stateAfter([forged, planApplied(2, 3)]).history).toMatchObject([
      { generation: generation(2), seq: seq(90), digest: sha256('forged') },
    ]);
  });
});

it('remembers removals for the window, merging the oldest into its neighbour, never losing any', () => {
  const summary = { ...planAppended(1).summary, removedPermille: 10 };
  const events = Array.from({ length: REMOVALS_MAX + 20 }, (_, index) =>
    planAppended(index + 1, { summary }),
  );
  const { removals } = stateAfter(events);
  expect(removals).toHaveLength(REMOVALS_MAX);
  expect(removals.reduce((sum, { permille }) => sum + permille, 0)).toBe((REMOVALS_MAX + 20) * 10);
});
