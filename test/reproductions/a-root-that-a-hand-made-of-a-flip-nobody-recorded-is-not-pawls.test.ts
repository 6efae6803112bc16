import { describe, expect, it } from 'vitest';
import type { PlanRef } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { RestingCell } from '../../lib/simulator/checkers/goal-reached.ts';
import { assertServed } from '../../lib/simulator/checkers/served-endpoints.ts';
import { obstaclesAt } from '../../lib/simulator/checkers/zone-obstacles.ts';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import type { Play } from '../../lib/simulator/engine/playing.ts';
import { quietPhase } from '../../lib/simulator/engine/quiet-phase.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { siteOf } from '../../lib/simulator/ports/port-call.ts';
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
const restrictions = { protections: [], recordLimit: 10_000, healthChecks: new Set<string>() };
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
  return { scope, records, restrictions, state, goal };
}

function obstacles(owned: Pick<RestingCell['state'], 'owned' | 'adopted'>): readonly string[] {
  return obstaclesAt({ ...cell(byHand), state: { ...owned, facts: null } }, name, goal.endpoints[0]);
}

/** An enactor makes the first flip, and dies before it has recorded it. */
async function flipNobodyRecorded(): Promise<Play> {
  const enactor = { type: 'enactor', mode: 'hint' } as const;
  const before = [{ type: 'raise' }, { type: 'plan', version: 1 }] as const;
  const budget = { ...NO_FAULTS, faults: 1 };
  const stage = await prepareStage({ name: 'alone', endpoints: 2, before, parts: [enactor], budget });
  const play = await stage.begin();
  const actor = play.seats[0]?.name ?? '';
  for (let call = play.callOf(actor); call !== undefined; call = play.callOf(actor)) {
    if (siteOf(call) === 'ledger.append PlanApplied') break;
    await play.apply({ type: 'run', actor }, () => 0);
  }
  await play.apply({ type: 'crash', actor }, () => 0);
  await play.apply({ type: 'rest' }, () => 0);
  return play;
}

/**
 * Found by five minutes of seeds in CI: an enactor makes the first flip, and its PlanApplied is lost; a hand removes the
 * fence, which shows the flip, and puts a CNAME in the place of the root. Nothing shows any more that the name is Pawl's,
 * so an enactor refuses and asks for an adoption. The rule demanded the goal all the same. The simulator of f1458ac
 * breaks the rule by the same choices.
 */
describe('a record at a name that is not Pawl’s by the log', () => {
  it('is left to a person', async () => {
    const play = await flipNobodyRecorded();
    const { environment, watch } = play;
    const { route53, records } = environment;
    const root = records().find((record) => record.name.startsWith('api.') && record.alias !== undefined);
    if (root === undefined) throw new Error('the flip made no root');
    const hand = { name: root.name, type: 'CNAME', ttl: 5, values: ['elsewhere.example.org'] } as const;
    const gone = records().filter((record) => record === root || record.name.startsWith('fence.'));
    route53.changeResourceRecordSets(environment.scope.zoneId, {
      changes: [...gone.map(remove), create(hand)],
    });
    watch.tampered();
    expect(await quietPhase(play, 'sweep')).toMatchObject({ ending: 'hindered' });
    expect(obstacles(state)).toEqual([`${name} CNAME is not Pawl's`]);
  });

  it('is Pawl’s as soon as the log shows it', () => {
    expect(obstacles({ ...state, owned: [name] })).toEqual([]);
    expect(obstacles({ ...state, adopted: [name] })).toEqual([]);
  });

  it('may not be changed', () => {
    const asked = { fleet: undefined, failed: new Set<string>(), observations: {}, now: 0 };
    const refused = { name, step: 'conflict', generation: generation(1), reason: 'not adopted' } as const;
    const told = {
      ...state,
      refused: [{ ...refused, since: 1, at: 1, attempts: 1, fleet: null, asked: false, trying: null }],
    };
    const left = (...records: readonly RecordSet[]) => ({
      ...cell(fence('0'.repeat(12)), ...records),
      state: told,
    });
    const before = cell(byHand);
    expect([...assertServed(before, left(byHand), asked).keys()]).toEqual([name]);
    expect(() => assertServed(before, left(), asked)).toThrow('somebody changed');
    expect(() => assertServed(cell(), left(), asked)).toThrow('nothing stands in the way');
    expect(() => assertServed(before, left({ ...byHand, ttl: 6 }), asked)).toThrow('somebody changed');
  });
});
