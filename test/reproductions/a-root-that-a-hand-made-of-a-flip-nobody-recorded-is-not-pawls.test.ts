import { describe, expect, it } from 'vitest';
import type { PlanRef } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { planDigest, shortDigest } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { RestingCell } from '../../lib/simulator/checkers/goal-reached.ts';
import { assertTakenStand, expectedEnding } from '../../lib/simulator/checkers/goal-reached.ts';
import { parseReplay } from '../../lib/simulator/random/replay-line.ts';
import { replay } from '../../lib/simulator/random/replayed-run.ts';
import { apiFleet, desiredOf, planOf } from '../plan/given-fleet.ts';

const goal = planOf(desiredOf(apiFleet(1)));
const scope = { cell: goal.cell, zone: goal.zone, zoneId: goal.zoneId };
const digest = planDigest(goal);
const ref: PlanRef = {
  generation: generation(1),
  digest,
  origin: 'planner',
  lane: 'routine',
  disposition: 'approved',
  at: 1,
  findings: 0,
  removedPermille: 0,
};
const state = {
  ...initialState(goal.cell, '5be1c07a'),
  ...{ highest: 1, goal: ref, newest: ref, approved: [{ generation: generation(1), digest }] },
};
const name = goal.endpoints[0]?.name ?? goal.zone;
const byHand: RecordSet = { name, type: 'CNAME', ttl: 5, values: ['elsewhere.example.org'] };

function fence(plan: string): RecordSet {
  return fenceRecord(
    {
      ...{ generation: generation(1), seq: seq(1), plan, frozen: false },
      ...{ ledger: '5be1c07a', by: 'enactor-a', nonce: 'k3v9q0xw' },
    },
    scope,
  );
}

function cell(...records: readonly RecordSet[]): RestingCell {
  return { scope, records, state, goal };
}

/**
 * Found by five minutes of seeds in CI: an enactor makes the first flip, and its PlanApplied is lost; a hand removes the
 * fence, which shows the flip, and puts a CNAME in the place of the root. Nothing shows any more that the name is Pawl's,
 * so an enactor refuses and asks for an adoption. The rule demanded the goal all the same. The simulator of f1458ac
 * breaks the rule by the same choices.
 */
describe('a record at a name that is not Pawl’s by the log', () => {
  it('is left to a person', async () => {
    const { result } = await replay(parseReplay('first-plan~:7z,11,3,1,4z,8,7z,3,4,2,6,2,2,4'));
    expect(result.violation).toBeUndefined();
    expect(result.decisions).toBeGreaterThan(30);
    expect(expectedEnding(cell(fence('0'.repeat(12)), byHand))).toBe('not owned');
  });

  it('is Pawl’s as soon as the fence or the log shows it', () => {
    expect(expectedEnding(cell(fence(shortDigest(digest)), byHand))).toBe('at goal');
    expect(expectedEnding({ ...cell(byHand), state: { ...state, owned: [name] } })).toBe('at goal');
    expect(expectedEnding({ ...cell(byHand), state: { ...state, adopted: [name] } })).toBe('at goal');
    expect(expectedEnding(cell())).toBe('at goal');
  });

  it('may not be changed', () => {
    const before = cell(byHand);
    expect(() => assertTakenStand(before, cell(fence('0'.repeat(12)), byHand))).not.toThrow();
    expect(() => assertTakenStand(before, cell())).toThrow('is not Pawl');
    expect(() => assertTakenStand(before, cell({ ...byHand, ttl: 6 }))).toThrow('is not Pawl');
  });
});
