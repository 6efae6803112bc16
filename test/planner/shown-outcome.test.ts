import { describe, expect, it } from 'vitest';
import type { ProposedPlan } from '../../lib/cell/proposal.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import { planDifference } from '../../lib/plan/plan-difference.ts';
import { summaryOf } from '../../lib/plan/plan-summary.ts';
import { shownOutcome } from '../../lib/planner/shown-outcome.ts';
import { apiFleet, desiredOf, planOf } from '../plan/given-fleet.ts';

const finding = { code: 'apex-cname', severity: 'note', subject: dnsName('example.test') } as const;
const shown = {
  ...finding,
  message: "example.test is the zone's apex, where no CNAME can be: declare it with addresses or an alias.",
};

const kept = { name: dnsName('api.example.test'), digest: 'd', findings: [finding] };
const shownKept = { ...kept, findings: [shown] };

function proposed(): ProposedPlan {
  const desired = desiredOf(apiFleet(1));
  const plan = planOf(desired);
  const summary = summaryOf(plan, planDifference(undefined, desiredEndpoints(desired)));
  const digest = planDigest(plan);
  return {
    plan,
    digest,
    lane: 'routine',
    disposition: 'approved',
    findings: [finding],
    summary,
    newTrees: {},
    keptBack: [kept],
    capacityRemoved: {},
    capacityReturned: {},
  };
}

describe('what a run of the planner came to', () => {
  it.each(['appended', 'proposed'] as const)('%s: says what was found, and what is kept back', (type) => {
    const plan = proposed();
    expect(shownOutcome({ type, proposed: plan })).toEqual({
      type,
      proposed: { ...plan, findings: [shown], keptBack: [shownKept] },
    });
  });

  it('unchanged: says what is kept back', () => {
    const type = 'unchanged';
    expect(shownOutcome({ type, keptBack: [kept] })).toEqual({ type, keptBack: [shownKept] });
  });

  it.each([
    { type: 'coalesced', until: 1 },
    { type: 'paused', reason: 'release' },
    { type: 'idle', reason: 'no fleet' },
    { type: 'lost' },
    { type: 'refused', reason: 'no' },
  ] as const)('$type: is as it is', (outcome) => {
    expect(shownOutcome(outcome)).toBe(outcome);
  });
});
