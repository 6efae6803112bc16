import { describe, expect, it } from 'vitest';
import { chooseGoal } from '../../lib/cell/choose-goal.ts';
import type { PlanAppended } from '../../lib/ledger/decider/events.ts';
import { generation } from '../../lib/plan/generation.ts';
import { stateAfter } from '../ledger/decider/given.ts';
import { planAppended, planApplied, planStaged } from '../support/ledger-events.ts';

const STAGED = [planAppended(1), planApplied(1, 1), planAppended(2), planStaged(2, 'g000002.api')];

const NOTHING_REFUSED = () => false;

/** The generation of the goal after plan 2 was staged and this third plan appended. */
function goalAfter(third: Partial<PlanAppended>, fence = 1): number | undefined {
  return chooseGoal(stateAfter([...STAGED, planAppended(3, third)]), generation(fence), NOTHING_REFUSED)
    ?.generation;
}

describe('the goal', () => {
  it('is nothing before a plan was approved', () => {
    expect(chooseGoal(stateAfter([]), generation(1), NOTHING_REFUSED)).toBeUndefined();
    expect(
      chooseGoal(stateAfter([planAppended(1, { disposition: 'held' })]), generation(1), NOTHING_REFUSED),
    ).toBeUndefined();
  });

  it('is the newest approved plan, whatever was missed in between', () => {
    const plans = [1, 2, 3, 4].map((number) => planAppended(number));
    expect(chooseGoal(stateAfter(plans), generation(1), NOTHING_REFUSED)?.generation).toBe(4);
    expect(
      chooseGoal(
        stateAfter([...plans, planAppended(5, { disposition: 'held' })]),
        generation(1),
        NOTHING_REFUSED,
      )?.generation,
    ).toBe(4);
  });

  it('stays the staged plan although a newer routine one came, else a busy planner would starve every flip', () => {
    expect(goalAfter({})).toBe(2);
    expect(goalAfter({ disposition: 'held', lane: 'urgent' })).toBe(2);
  });

  it.each<readonly [string, Partial<PlanAppended>]>([
    ['urgent', { lane: 'urgent' }],
    ['an operator', { origin: 'operator' }],
    ['a rollback', { origin: 'rollback' }],
    ['a rescue', { origin: 'rescue' }],
  ])('is not the staged plan past one that is %s', (_, third) => {
    expect(goalAfter(third)).toBe(3);
  });

  it('is not a staged plan that the fence has reached or passed', () => {
    expect(goalAfter({}, 2)).toBe(3);
    expect(goalAfter({}, 3)).toBe(3);
  });

  it('is not a staged plan of which something was refused, once a newer one came: it may go without that', () => {
    const state = stateAfter([...STAGED, planAppended(3)]);
    const of = (refused: number) => chooseGoal(state, generation(1), (each) => each === refused)?.generation;
    expect(of(2)).toBe(3);
    expect(of(3)).toBe(2);
  });
});
