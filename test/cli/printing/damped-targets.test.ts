import { describe, expect, it } from 'vitest';
import { dampedLines, dampedTargets, dampedText } from '../../../lib/cli/printing/damped-targets.ts';
import { memoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import { putPlan } from '../../../lib/ledger/plan-bodies.ts';
import { canonicalJson } from '../../../lib/plan/canonical.ts';
import type { Observations } from '../../../lib/plan/fleet-model.ts';
import { planDigest } from '../../../lib/plan/plan.ts';
import { apiFleet, desiredOf, planOf } from '../../plan/given-fleet.ts';
import { knownCell, NOW } from '../../support/known-cell.ts';

const MINUTE_MS = 60_000;
const RETURNS = [NOW - 3 * MINUTE_MS, NOW - 2 * MINUTE_MS, NOW - MINUTE_MS];
const FLAPPING = { health: 'healthy', capacity: 100, returns: RETURNS } as const;
const SAYS =
  'came back 3 times within an hour, and is let back at 2026-09-21 14:17:20Z; "pawl target observe t3 --health healthy" does it at once';

describe('a target that waits because it came and went', () => {
  it('is named with when and how it is let back, and no target that answers or is down', async () => {
    const ledger = memoryLedger('5be1c07a');
    const fleet = apiFleet(4);
    const left = { ...fleet, targets: fleet.targets.filter(({ id }) => id === 't1' || id === 't2') };
    const plan = planOf(desiredOf(left));
    await putPlan(ledger, plan);
    const { head } = knownCell({ before: left });
    const observations: Observations = {
      t1: { health: 'healthy', capacity: 100 },
      t2: FLAPPING,
      t3: FLAPPING,
      t4: { ...FLAPPING, health: 'unhealthy' },
    };
    const digest = await ledger.putBody(head.cell, canonicalJson(observations));
    const goal = head.state.goal === null ? null : { ...head.state.goal, digest: planDigest(plan) };
    const state = { ...head.state, goal, observations: { digest, at: NOW, fleet: null } };
    const damped = await dampedTargets(ledger, { ...head, state }, NOW);
    expect(damped).toEqual([{ target: 't3', until: NOW + 4 * MINUTE_MS, returns: 3 }]);
    expect(dampedLines(head.cell, damped)).toEqual([`use1-a: t3 is healthy, ${SAYS.replace(';', ':')}.`]);
    expect(dampedText('t3', FLAPPING, NOW)).toBe(SAYS);
  });
});
