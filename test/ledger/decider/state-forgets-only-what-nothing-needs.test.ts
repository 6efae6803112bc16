import { describe, expect, it } from 'vitest';
import type { LedgerEvent, PlanAppended } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { APPROVED_MAX, REMOVALS_MAX } from '../../../lib/ledger/decider/state.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { digestOf, planAppended, planApplied, planStaged } from '../../support/ledger-events.ts';
import { FIRST_AT, stateAfter } from './given.ts';

const appended = (generation: number, newTrees: PlanAppended['newTrees'], more: Partial<PlanAppended> = {}) =>
  planAppended(generation, { newTrees, ...more });
const retired = (...trees: readonly string[]): LedgerEvent => ({
  type: 'TreesRetired',
  trees,
  fenceSeq: seq(9),
});
const repaired: LedgerEvent = { type: 'DriftRepaired', count: 0, names: [], seq: seq(8) };
const endpointsAfter = (...events: readonly LedgerEvent[]) => stateAfter(events).endpoints;

describe('a tree that a newer plan supersedes before anybody staged it', () => {
  const live = [appended(1, { api: 'g000001' }), planApplied(1, 2)];

  it('is forgotten, and the live one is not', () => {
    expect(
      endpointsAfter(...live, appended(2, { api: 'g000002' }), appended(3, { api: 'g000003' })),
    ).toStrictEqual({
      api: { trees: ['g000001', 'g000003'] },
    });
  });

  it('is kept when it is staged, by its endpoint as well as its label', () => {
    const plans = [appended(2, { api: 'g000002', web: 'g000002' }), planStaged(2, 'g000002.api')];
    expect(endpointsAfter(...live, ...plans, appended(3, { api: 'g000003', web: 'g000003' }))).toStrictEqual({
      api: { trees: ['g000001', 'g000002', 'g000003'] },
      web: { trees: ['g000003'] },
    });
  });

  it('is kept for an endpoint that the newer plan leaves as it is', () => {
    expect(
      endpointsAfter(...live, appended(2, { web: 'g000002' }), appended(3, { api: 'g000003' })),
    ).toStrictEqual({
      api: { trees: ['g000001', 'g000003'] },
      web: { trees: ['g000002'] },
    });
  });

  it('is forgotten with its endpoint when its own plan was never approved', () => {
    const held = appended(2, { web: 'g000002' }, { disposition: 'held' });
    const rejected: LedgerEvent = { type: 'PlanRejected', generation: generation(2), reason: 'no' };
    const after = { api: { trees: ['g000001', 'g000003'] } };
    expect(endpointsAfter(...live, held, appended(3, { api: 'g000003' }))).toStrictEqual(after);
    expect(endpointsAfter(...live, held, rejected, appended(3, { api: 'g000003' }))).toStrictEqual(after);
  });

  it('is kept until the newer plan is approved', () => {
    expect(
      endpointsAfter(
        ...live,
        appended(2, { api: 'g000002' }),
        appended(3, { api: 'g000003' }, { disposition: 'held' }),
      ),
    ).toStrictEqual({ api: { trees: ['g000001', 'g000002', 'g000003'] } });
  });

  it('is kept when a rescue made it, whose label says no generation', () => {
    expect(
      endpointsAfter(...live, appended(2, { api: 'r000007' }), appended(3, { api: 'g000003' })),
    ).toStrictEqual({
      api: { trees: ['g000001', 'r000007', 'g000003'] },
    });
  });

  it('leaves an endpoint that has a rollback root alone', () => {
    const events = [appended(1, { api: 'g000001' }), planApplied(1, 2, { rollbacks: { web: 'r000004' } })];
    expect(endpointsAfter(...events, appended(2, { api: 'g000002' }))).toStrictEqual({
      api: { trees: ['g000001', 'g000002'] },
      web: { trees: [], rollback: 'r000004' },
    });
  });
});

describe('what retirement and a flip leave of an endpoint', () => {
  const events = [
    appended(1, { api: 'g000001' }),
    appended(2, { api: 'g000002' }),
    planApplied(2, 3, { rollbacks: { api: 'g000001', old: 'r000004' } }),
  ];

  it('is its rollback root as long as that one was not retired', () => {
    const before = appended(1, { api: 'g000001' });
    const flips = [planApplied(1, 2), appended(2, { api: 'g000002' }), events[2] ?? before];
    expect(endpointsAfter(before, ...flips, retired('g000002.api'))).toStrictEqual({
      api: { trees: ['g000001'], rollback: 'g000001' },
      old: { trees: [], rollback: 'r000004' },
    });
    expect(endpointsAfter(before, ...flips, retired('r000004.old', 'r000004.api'))).toStrictEqual({
      api: { trees: ['g000001', 'g000002'], rollback: 'g000001' },
    });
  });

  it('is nothing once a flip names no rollback root and no tree is left', () => {
    expect(endpointsAfter(...events, planApplied(2, 4))).toStrictEqual({ api: { trees: ['g000002'] } });
  });

  it('has no key for a rollback root that it does not have', () => {
    const live = [appended(1, { api: 'g000001', web: 'g000001' }), planApplied(1, 2)];
    expect(endpointsAfter(...live, retired('g000001.web'))).toStrictEqual({ api: { trees: ['g000001'] } });
  });
});

describe('staging', () => {
  it('is done when what it was for is applied or repaired, and not before', () => {
    const staged = [planAppended(1), planAppended(2), planStaged(2, 'g000002.api')];
    expect(stateAfter([...staged, planApplied(1, 2)]).staging).toMatchObject({ generation: generation(2) });
    expect(stateAfter([...staged, planApplied(1, 2), repaired]).staging).toMatchObject({
      generation: generation(2),
    });
    expect(stateAfter([...staged, repaired]).staging).toMatchObject({ generation: generation(2) });
    expect(stateAfter([...staged, planApplied(2, 3)]).staging).toBe(null);
    const again = [planAppended(1), planApplied(1, 2), planStaged(1, 'g000001.api')];
    expect(stateAfter(again).staging).toMatchObject({ generation: generation(1) });
    expect(stateAfter([...again, repaired]).staging).toBe(null);
    expect(stateAfter([planAppended(1), planApplied(1, 2), repaired]).staging).toBe(null);
  });

  it('does not begin with a plan that would end it', () => {
    expect(stateAfter([planAppended(1, { lane: 'urgent' })]).staging).toBe(null);
  });

  it('remembers no batch that staged nothing new', () => {
    const twice = [planAppended(1), planStaged(1, 'g000001.api'), planStaged(1, 'g000001.api')];
    expect(stateAfter(twice).staging?.entries).toHaveLength(1);
  });

  it('sticks when no plan, or only an older or the same urgent one, is the goal', () => {
    const urgent = planAppended(1, { lane: 'urgent' });
    expect(stateAfter([planStaged(1, 'g000001.api')]).staging?.sticky).toBe(true);
    expect(stateAfter([urgent, planStaged(1, 'g000001.api')]).staging?.sticky).toBe(true);
    expect(stateAfter([urgent, planStaged(2, 'g000002.api')]).staging?.sticky).toBe(true);
  });
});

describe('what was applied', () => {
  const other = { digest: sha256('other') };

  it('stays when an event of the same seq comes late', () => {
    const state = stateAfter([planApplied(1, 5), planApplied(2, 5, { endpoints: [dnsName('late.test')] })]);
    expect(state.applied).toMatchObject({ generation: generation(1), seq: seq(5) });
    expect(state.owned).toEqual([dnsName('api.example.test')]);
  });

  it('has no change id when whoever told it did not know one', () => {
    const { changeId: _, ...observed } = planApplied(1, 2, { reason: 'observed' });
    expect(stateAfter([observed]).applied).toStrictEqual({
      generation: generation(1),
      digest: digestOf(1),
      seq: seq(2),
      at: FIRST_AT,
      by: 'enactor-a',
    });
  });

  it('keeps the latest time at which a generation was applied, whatever clocks say', () => {
    const late = stateAfter([planApplied(1, 2), planApplied(1, 3)]);
    expect(late.history).toEqual([
      { generation: generation(1), digest: digestOf(1), seq: seq(3), at: FIRST_AT + 1_000 },
    ]);
    const early = evolve(late, planApplied(1, 4), { at: FIRST_AT - 5_000, by: 'enactor-b' });
    expect(early.history).toEqual([
      { generation: generation(1), digest: digestOf(1), seq: seq(4), at: FIRST_AT + 1_000 },
    ]);
    const twin = evolve(early, planApplied(1, 4, other), { at: FIRST_AT, by: 'enactor-b' });
    expect(twin.history).toMatchObject([{ seq: seq(4), ...other }]);
  });
});

describe('plans', () => {
  it('are told apart by generation when one is approved or rejected', () => {
    const reject = (number: number): LedgerEvent => ({
      type: 'PlanRejected',
      generation: generation(number),
      reason: 'no',
    });
    const approve = (number: number): LedgerEvent => ({
      type: 'PlanApproved',
      generation: generation(number),
      digest: digestOf(number),
    });
    const empty = stateAfter([]);
    expect(stateAfter([reject(1)])).toEqual(empty);
    expect(stateAfter([approve(1)])).toEqual(empty);
    const held = [planAppended(1), planAppended(2, { disposition: 'held' })];
    expect(stateAfter([...held, reject(1)])).toEqual(stateAfter(held));
  });

  it('that were approved are remembered, newest first, up to the bound', () => {
    const many = Array.from({ length: APPROVED_MAX + 2 }, (_, index) => planAppended(index + 1));
    const { approved } = stateAfter(many);
    expect(approved).toHaveLength(APPROVED_MAX);
    expect(approved.slice(0, 2)).toStrictEqual([
      { generation: APPROVED_MAX + 2, digest: digestOf(APPROVED_MAX + 2) },
      { generation: APPROVED_MAX + 1, digest: digestOf(APPROVED_MAX + 1) },
    ]);
    expect(stateAfter([planAppended(1), planAppended(2, { disposition: 'held' })]).approved).toHaveLength(1);
  });

  it('that are reissued are approved', () => {
    const reissue = { generation: generation(31), parent: 1, digest: digestOf(1) };
    const ahead: LedgerEvent = {
      type: 'FenceAhead',
      fenceGeneration: generation(30),
      fenceSeq: seq(50),
      reissue,
    };
    expect(stateAfter([planAppended(1), ahead]).goal).toStrictEqual({
      generation: generation(31),
      digest: digestOf(1),
      origin: 'reissue',
      lane: 'urgent',
      disposition: 'approved',
      at: FIRST_AT + 1_000,
      findings: 0,
      removedPermille: 0,
    });
  });

  it('that remove nothing take no place among the removals', () => {
    const plans = Array.from({ length: REMOVALS_MAX }, (_, index) =>
      planAppended(index + 1, { summary: { ...planAppended(1).summary, removedPermille: index % 2 } }),
    );
    expect(stateAfter(plans).removals).toHaveLength(REMOVALS_MAX / 2);
  });
});

it('gives back one availability zone, not its neighbours', () => {
  const evacuated = (az: string): LedgerEvent => ({ type: 'AzEvacuated', az, reason: 'power' });
  expect(
    stateAfter([evacuated('az1'), evacuated('az2'), { type: 'AzRestored', az: 'az1' }]).evacuated,
  ).toEqual(['az2']);
});
