// @module-tag slow
import { describe, expect, it } from 'vitest';
import type { AuditOutcome } from '../../lib/auditor/auditor.ts';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { chooseTampering } from '../../lib/simulator/engine/tampering.ts';
import { auditNow, reportOf } from '../support/auditing.ts';
import { route53Calls, total } from '../support/counted-zone.ts';
import { finish, timeline } from '../support/drive.ts';
import { applyNewest, letTimePass, worldWithPlanToApply } from '../support/scenario.ts';
import { seededChoice } from '../support/seeded-choice.ts';

/**
 * I4: one undisturbed round (auditor, planner, enactor) brings any zone to the goal. The enactor is only told that the
 * log has something new, so that it looks at the zone because the auditor has found something, or not at all.
 */
const ZONES = 1_000;
const TAMPERINGS_MAX = 6;
const ENDPOINTS = [dnsName('api.example.test'), dnsName('web.example.test')];

describe('one undisturbed round of auditor, planner and enactor', () => {
  it(`heals ${ZONES} broken zones, and the next audit says so`, async () => {
    const endings: Record<string, number> = {};
    for (let seed = 1; seed <= ZONES; seed += 1) {
      const ending = await heal(seed);
      endings[ending] = (endings[ending] ?? 0) + 1;
    }
    expect(Object.keys(endings).sort()).toEqual(['frozen', 'healed', 'other-ledger']);
    expect(endings['healed']).toBeGreaterThan(ZONES / 2);
  }, 120_000);
});

async function heal(seed: number): Promise<string> {
  const choose = seededChoice(seed);
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'enactor-2');
  const done = breakZone(world, choose);
  const found = await auditNow(world);
  const story = () => `seed ${seed}\n${done.join('\n')}\n${JSON.stringify(found)}\n${timeline(world)}`;
  await world.startPlanner('planner');
  await finish(world, 'planner');
  await world.startEnactor('enactor', 'hint');
  await finish(world, 'enactor');
  letTimePass(world);
  expect(total(route53Calls(world, 'enactor')), story()).toBeLessThan(60);
  const after = await auditNow(world);
  if (isFrozen(found)) return 'frozen';
  if (found.type === 'other-ledger') return 'other-ledger';
  // What the auditor called clean needed no repair.
  if (found.type === 'clean') expect(batches(world), story()).toEqual([]);
  expect(reportOf(after), story()).toMatchObject({ drift: [], regressions: [] });
  // A foreign alias of a tree that somebody deleted by hand is not Pawl's to put right.
  const dangling = reportOf(after).dangling.map(({ name }) => name);
  expect(
    dangling.filter((name) => !/^alias-\d+\.example\.test$/.test(name)),
    story(),
  ).toEqual([]);
  expect(after.type, story()).toBe(dangling.length === 0 ? 'clean' : 'unanswered');
  const { state } = world.ledger.peek(world.scope.cell);
  expect(state.drift, story()).toBeNull();
  expect(state.applied?.generation, story()).toBe(state.goal?.generation);
  return 'healed';
}

function batches(world: SimulatedWorld): readonly string[] {
  return Object.keys(route53Calls(world, 'enactor')).filter((verb) => verb.startsWith('change:'));
}

function isFrozen(outcome: AuditOutcome): boolean {
  return outcome.type !== 'idle' && reportOf(outcome).frozenBy !== undefined;
}

function breakZone(world: SimulatedWorld, choose: (below: number) => number): readonly string[] {
  const done: string[] = [];
  for (let count = 1 + choose(TAMPERINGS_MAX); count > 0; count -= 1) {
    const tampering = chooseTampering(
      { scope: world.scope, records: world.records(), endpoints: ENDPOINTS, ledger: world.ledger.id },
      choose,
    );
    if (tampering === undefined) continue;
    try {
      world.tamper([
        ...tampering.deletes.map((record) => ({ action: 'DELETE' as const, record })),
        ...tampering.creates.map((record) => ({ action: 'CREATE' as const, record })),
      ]);
      done.push(tampering.what);
    } catch (error) {
      // Route 53 refuses some of what a hand would do; then the hand did nothing.
      if (!(error instanceof Route53Error)) throw error;
    }
  }
  return done;
}
