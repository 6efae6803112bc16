import { describe, expect, it } from 'vitest';
import { audit } from '../../lib/auditor/audit.ts';
import type { AuditOutcome } from '../../lib/auditor/auditor.ts';
import type { EventType } from '../../lib/ledger/decider/events.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { getPlan, putPlan } from '../../lib/ledger/plan-bodies.ts';
import { nextGeneration } from '../../lib/plan/generation.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { readOnlyZone } from '../../lib/zone/read-only-zone.ts';
import { auditorDeps } from '../support/auditing.ts';
import { finish, outcomeOf, timeline } from '../support/drive.ts';
import {
  applyNewest,
  callsToApply,
  letTimePass,
  newPlan,
  retireOld,
  runCalls,
  worldWithPlanToApply,
} from '../support/scenario.ts';

/*
 * An auditor that reads the fence before the log reports a regression where there is none:
 *   1. it reads the fence: generation 1.
 *   2. an enactor flips to generation 2, and PlanApplied is appended.
 *   3. it reads the log: generation 2 is applied, and the fence that it has read is behind.
 * So an auditor reads the log first. An auditor that reads the roots in the middle of a flip gets half of each plan, so
 * it reads the fence again at the end. The tests below let the others do all their work between any two calls of an
 * auditor, and let an auditor do all of its work between any two calls of the others.
 */
const ALARMS: ReadonlySet<EventType> = new Set(['DriftFound', 'DriftRepaired', 'ZoneRegressed']);

/** An auditor whose every call suspends. */
function startAuditor(world: SimulatedWorld, name: string): Promise<void> {
  return world.startActor(name, 'operator', (ports) =>
    audit(
      auditorDeps(world, {
        zone: readOnlyZone(ports.writer.zone),
        ledger: ports.ledger,
        clock: ports.clock,
        name,
      }),
      { deadline: instant(ports.clock.now() + 1_000_000_000) },
    ),
  );
}

async function expectNoAlarm(world: SimulatedWorld, auditor: string): Promise<AuditOutcome> {
  const outcome = (await finish(world, auditor)) as AuditOutcome;
  expect(['clean', 'unsettled'], timeline(world)).toContain(outcome.type);
  const range = { after: 0, limit: 1_000, order: 'forward' } as const;
  const events = await world.ledger.events(world.scope.cell, range);
  expect(events.map(({ event }) => event.type).filter((type) => ALARMS.has(type))).toEqual([]);
  return outcome;
}

async function callsToAudit(): Promise<number> {
  const world = await worldWithPlanToApply();
  const before = world.scheduler.steps().length;
  await startAuditor(world, 'counted');
  await finish(world, 'counted');
  return world.scheduler.steps().length - before;
}

/** Rolls back to plan 1 with its own trees. Then the roots point at older trees than those of the plan before. */
async function rollBack(world: SimulatedWorld): Promise<void> {
  const { scope, ledger } = world;
  const { state } = ledger.peek(scope.cell);
  const first = state.history.find((ref) => ref.generation === 1);
  if (first === undefined) throw new Error('generation 1 was never applied');
  const older = await getPlan(ledger, scope.cell, first.digest);
  const plan = { ...older, generation: nextGeneration(state.highest), parent: state.highest };
  await putPlan(ledger, plan);
  await execute(ledger, scope.cell, { at: () => world.time.now(), by: 'operator' }, () => ({
    type: 'AppendPlan',
    generation: plan.generation,
    parent: plan.parent,
    digest: planDigest(plan),
    origin: 'rollback',
    lane: 'urgent',
    disposition: 'approved',
    pausesPlanner: true,
    findings: [],
    summary: { endpoints: 2, added: [], changed: [], removed: [], removedPermille: 0 },
    newTrees: {},
  }));
}

const MEANWHILE: Readonly<Record<string, (world: SimulatedWorld) => Promise<unknown>>> = {
  'a plan is applied': (world) => applyNewest(world, 'enactor-2'),
  'two plans are applied and the old trees retired': async (world) => {
    await applyNewest(world, 'enactor-2');
    await newPlan(world, 3);
    await applyNewest(world, 'enactor-3');
    await retireOld(world, 'janitor');
  },
  'a plan is applied and rolled back to older trees': async (world) => {
    await applyNewest(world, 'enactor-2');
    await rollBack(world);
    await applyNewest(world, 'enactor-3');
  },
  'a plan is applied, and its enactor dies before it can say so': async (world) => {
    await world.startEnactor('enactor-2');
    while (world.scheduler.pending('enactor-2')?.detail.startsWith('PlanApplied') !== true)
      await world.scheduler.run('enactor-2');
    await world.scheduler.crash('enactor-2');
    letTimePass(world);
  },
};

describe('an auditor stalled between any two of its calls', () => {
  it.each(Object.keys(MEANWHILE))('never finds anything because %s', async (what) => {
    const calls = await callsToAudit();
    expect(calls).toBeGreaterThan(5);
    const endings = new Set<string>();
    for (let stalledAt = 0; stalledAt <= calls; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      await startAuditor(world, 'auditor');
      await runCalls(world, 'auditor', stalledAt);
      await MEANWHILE[what]?.(world);
      endings.add((await expectNoAlarm(world, 'auditor')).type);
    }
    expect(endings).toContain('clean');
  });
});

describe('an audit between any two calls of somebody who writes', () => {
  it.each(['hint', 'sweep'] as const)('never finds anything wrong with a flip (%s)', async (mode) => {
    const calls = await callsToApply(mode);
    for (let at = 0; at <= calls; at += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor', mode);
      await runCalls(world, 'enactor', at);
      await startAuditor(world, 'auditor');
      await expectNoAlarm(world, 'auditor');
      await finish(world, 'enactor');
      await startAuditor(world, 'auditor-after');
      expect((await expectNoAlarm(world, 'auditor-after')).type).toBe('clean');
    }
  });

  it('never finds anything wrong with a retirement', async () => {
    for (let at = 0; at <= 12; at += 1) {
      const world = await worldWithPlanToApply();
      await applyNewest(world, 'enactor-2');
      await newPlan(world, 3);
      await applyNewest(world, 'enactor-3');
      await world.startJanitor('janitor');
      await runCalls(world, 'janitor', at);
      await startAuditor(world, 'auditor');
      await expectNoAlarm(world, 'auditor');
    }
  });

  it('never loses sight of a flip, call for call beside it', async () => {
    for (let ahead = 0; ahead <= 12; ahead += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor');
      await runCalls(world, 'enactor', ahead);
      await startAuditor(world, 'auditor');
      while (world.scheduler.pending('auditor') !== undefined) {
        await world.scheduler.run('auditor');
        if (world.scheduler.pending('enactor') !== undefined) await world.scheduler.run('enactor');
      }
      outcomeOf(world, 'auditor');
      await expectNoAlarm(world, 'auditor');
    }
  });
});

describe('drift that is repaired while it is being found', () => {
  it('is never found after the log has told of its repair', async () => {
    const calls = await callsToAudit();
    for (let stalledAt = 0; stalledAt <= calls + 4; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      await applyNewest(world, 'enactor-2');
      const root = world.records().find(({ name, type }) => name === 'api.example.test' && type === 'A');
      if (root === undefined) throw new Error('there is no root');
      world.tamper([{ action: 'DELETE', record: root }]);
      await startAuditor(world, 'auditor');
      await runCalls(world, 'auditor', stalledAt);
      await applyNewest(world, 'enactor-repairs');
      await finish(world, 'auditor');
      // Whatever the auditor recorded came before the record of the repair. So the log does not end in an alarm.
      expect(world.ledger.peek(world.scope.cell).state.drift, timeline(world)).toBeNull();
    }
  });
});
