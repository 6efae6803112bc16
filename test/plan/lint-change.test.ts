import { describe, expect, it } from 'vitest';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { ShownFinding } from '../../lib/plan/finding-text.ts';
import { withSentence } from '../../lib/plan/finding-text.ts';
import type { Severity } from '../../lib/plan/findings.ts';
import { severest } from '../../lib/plan/findings.ts';
import type { CellFleet, CellPolicy, Observations } from '../../lib/plan/fleet-model.ts';
import type { LintChangeInput } from '../../lib/plan/lint-change.ts';
import { lintChange } from '../../lib/plan/lint-change.ts';
import { planDifference } from '../../lib/plan/plan-difference.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';

const NOW = 1_790_000_000_000;
/** A policy under which nothing is held for its size. */
const CARELESS: Partial<CellPolicy> = {
  capacityRemovedPercent: 100,
  endpointsChangedPercent: 100,
  blindPercent: 100,
};

/** The linter's findings in the plan after `first` (undefined: there was none). */
function lint(
  first: CellFleet | undefined,
  then: CellFleet,
  more: Partial<DesiredInput & Pick<LintChangeInput, 'removals'>> = {},
): readonly ShownFinding[] {
  const { removals = [], ...knowledge } = more;
  const base = first === undefined ? undefined : planOf(desiredOf(first));
  const desired = desiredOf(then, { base, ...knowledge });
  const endpoints = desiredEndpoints(desired);
  const difference = planDifference(desired.base, endpoints);
  return lintChange({ desired, endpoints, difference, removals, now: NOW }).map(withSentence);
}

/** Observations of these targets as given, and none of the others. */
function seen(health: 'unhealthy' | 'unknown' | 'healthy', count: number, capacity = 100): Observations {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`t${index + 1}`, { health, capacity }]),
  );
}

/** Endpoints `e0` … over one target each. */
function manyEndpoints(count: number, changed: number, policy: Partial<CellPolicy>): CellFleet {
  const endpoints = Array.from({ length: count }, (_, index) =>
    endpoint(`e${index}.example.test`, ['t1'], { ttl: index < changed ? 30 : 60 }),
  );
  return fleetOf([target('t1')], endpoints, policy);
}

describe('a change that is as it should be', () => {
  it('has no finding, and neither has a first plan, which has nothing to lose', () => {
    expect(lint(apiFleet(3), apiFleet(3))).toEqual([]);
    expect(
      lint(apiFleet(10), apiFleet(10), { drained: ['t1'] }).filter(({ code }) => code !== 'share-changed'),
    ).toEqual([]);
    expect(lint(undefined, apiFleet(9), { observations: seen('unhealthy', 8) })).toEqual([]);
  });
});

describe('fewer targets than the floor', () => {
  const floored = (floor: number, count: number, ttl = 60) => {
    const fleet = apiFleet(count, CARELESS);
    return { ...fleet, endpoints: fleet.endpoints.map((each) => ({ ...each, floor, ttl })) };
  };

  it('are held when the plan brings them about, and as many as the floor are not', () => {
    expect(lint(floored(2, 3), floored(2, 3), { drained: ['t1', 't2'] })).toEqual([
      {
        code: 'under-floor',
        severity: 'held',
        subject: 'api.example.test',
        serving: 1,
        floor: 2,
        message: 'api.example.test would have 1 serving targets, fewer than its floor of 2.',
      },
    ]);
    expect(lint(floored(2, 3), floored(2, 3), { drained: ['t1'] })).toEqual([]);
  });

  it('are held in a first plan too', () => {
    expect(lint(undefined, floored(2, 1))).toMatchObject([{ code: 'under-floor', severity: 'held' }]);
  });

  it('are worth a note when they were approved and the endpoint does not change', () => {
    expect(lint(floored(1, 1), floored(2, 1))).toMatchObject([{ code: 'under-floor', severity: 'note' }]);
  });

  it('are held when they become fewer still, and noted when they become more', () => {
    const fleet = floored(3, 3);
    const one = lint(floored(1, 3), fleet, { drained: ['t1', 't2'] });
    expect(one).toMatchObject([{ severity: 'held' }]);
    const approved = planOf(desiredOf(fleet, { drained: ['t2', 't3'] }));
    expect(lint(fleet, fleet, { base: approved, drained: ['t3'] })).toMatchObject([{ severity: 'note' }]);
    const two = planOf(desiredOf(fleet, { drained: ['t3'] }));
    expect(lint(fleet, fleet, { base: two, drained: ['t2', 't3'] })).toMatchObject([{ severity: 'held' }]);
  });

  it('are not found when no target serves at all, which is another finding', () => {
    expect(lint(floored(2, 2), floored(2, 2), { drained: ['t1', 't2'] })).toEqual([]);
  });

  it('count a dual-stack target once', () => {
    const both = target('t1', { ipv6: ['2001:db8::1'] });
    const api = endpoint('api.example.test', ['t1'], { families: ['A', 'AAAA'], floor: 2 });
    expect(lint(undefined, fleetOf([both], [api]))).toMatchObject([{ code: 'under-floor' }]);
  });
});

describe('an endpoint that is no longer declared', () => {
  it('is held, and one that stays is not', () => {
    const whole = manyEndpoints(10, 0, CARELESS);
    const less = { ...whole, endpoints: whole.endpoints.slice(1) };
    expect(lint(whole, less)).toEqual([
      {
        code: 'endpoint-removed',
        severity: 'held',
        subject: 'e0.example.test',
        message: 'e0.example.test is no longer declared: once approved its records are deleted.',
      },
    ]);
    expect(lint(less, whole)).toEqual([]);
  });
});

describe('capacity that goes', () => {
  const policy = { ...CARELESS, capacityRemovedPercent: 30, capacityWindowS: 600 };
  const ten = apiFleet(10, policy);
  const drained = (count: number) => Array.from({ length: count }, (_, index) => `t${index + 1}`);

  it('is held over what the policy allows, and not at it', () => {
    expect(lint(ten, ten, { drained: drained(3) })).toEqual([]);
    expect(lint(ten, ten, { drained: drained(4) })).toEqual([
      {
        code: 'capacity-window',
        severity: 'held',
        subject: 'api.example.test',
        removedPermille: 400,
        withinWindowPermille: 400,
        windowS: 600,
        limitPercent: 30,
        message:
          "api.example.test would lose 40.0 % of its capacity, 40.0 % of the cell's within 600 s, more than 30 %.",
      },
    ]);
  });

  it('adds up over the window, and what went before the window no longer counts', () => {
    const earlier = (ago: number) => [{ at: NOW - ago * 1_000, permille: 250 }];
    expect(lint(ten, ten, { drained: drained(1), removals: earlier(599) })).toMatchObject([
      {
        code: 'capacity-window',
        message: expect.stringContaining(
          "would lose 10.0 % of its capacity, 35.0 % of the cell's within 600 s",
        ),
      },
    ]);
    expect(lint(ten, ten, { drained: drained(1), removals: earlier(600) })).toEqual([]);
  });

  it('is not held when this plan takes none, whatever went before', () => {
    const removals = [{ at: NOW, permille: 1_000 }];
    expect(lint(apiFleet(10, policy), apiFleet(11, policy), { removals })).toEqual([]);
  });

  it('is found for the endpoint that loses most', () => {
    const targets = [target('a'), target('b'), target('c')];
    const fleet = fleetOf(
      targets,
      [endpoint('web.example.test', ['a', 'b', 'c']), endpoint('api.example.test', ['a', 'b'])],
      policy,
    );
    expect(lint(fleet, fleet, { drained: ['a'] })).toMatchObject([{ subject: 'api.example.test' }]);
    const later = fleetOf(
      targets,
      [endpoint('api.example.test', ['a', 'b', 'c']), endpoint('web.example.test', ['a', 'b'])],
      policy,
    );
    expect(lint(later, later, { drained: ['a'] })).toMatchObject([
      { subject: 'web.example.test', removedPermille: 500, withinWindowPermille: 500 },
    ]);
  });
});

describe('a family that would have no answer any more', () => {
  const both = target('both', { ipv6: ['2001:db8::1'] });
  const api = (families: readonly ('A' | 'AAAA')[]) =>
    endpoint('api.example.test', ['both', 'plain'], { families });
  const dual = fleetOf([both, target('plain')], [api(['A', 'AAAA'])], CARELESS);

  it('is held, although the endpoint as a whole still answers', () => {
    expect(lint(dual, dual, { drained: ['both'] })).toEqual([
      {
        code: 'no-answer',
        severity: 'held',
        subject: 'api.example.test',
        family: 'AAAA',
        message:
          'api.example.test would have no AAAA answer any more: not one of its targets with one serves.',
      },
    ]);
    expect(lint(dual, dual, { drained: ['plain'] })).toEqual([]);
  });

  it('is the removal of all its capacity, also when the owner gives the family up', () => {
    const given = fleetOf([both, target('plain')], [api(['A'])], { ...CARELESS, capacityRemovedPercent: 99 });
    expect(lint(dual, given)).toMatchObject([{ code: 'capacity-window', severity: 'held' }]);
  });
});

describe('the share of the fleet that changes', () => {
  const policy = { ...CARELESS, endpointsChangedPercent: 50 };

  it('is held over what the policy allows, and not at it', () => {
    const before = manyEndpoints(10, 0, policy);
    expect(lint(before, manyEndpoints(10, 5, policy))).toEqual([]);
    expect(lint(before, manyEndpoints(10, 6, policy))).toEqual([
      {
        code: 'share-changed',
        severity: 'held',
        subject: 'use1-a',
        changed: 6,
        endpoints: 10,
        limitPercent: 50,
        message: '6 of 10 endpoints of cell use1-a would change, more than 50 %.',
      },
    ]);
  });

  it('means nothing in a cell of one endpoint, whose every change is the whole', () => {
    const alone = { ...policy, endpointsChangedPercent: 1 };
    expect(lint(manyEndpoints(1, 0, alone), manyEndpoints(1, 1, alone))).toEqual([]);
    expect(lint(manyEndpoints(2, 0, alone), manyEndpoints(2, 1, alone))).toHaveLength(1);
  });

  it('leaves out new endpoints, however many', () => {
    expect(lint(manyEndpoints(1, 0, policy), manyEndpoints(100, 0, policy))).toEqual([]);
  });

  it('counts those that go', () => {
    const codes = lint(manyEndpoints(4, 0, policy), manyEndpoints(1, 0, policy)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'share-changed')).toHaveLength(1);
  });
});

describe('targets that go at once', () => {
  const policy = { ...CARELESS, blindPercent: 50 };
  const four = apiFleet(4, policy);

  it('are held over the share at which the observer is presumed blind, and not at it', () => {
    expect(lint(four, four, { observations: seen('unhealthy', 2) })).toEqual([]);
    expect(lint(four, four, { observations: seen('unhealthy', 3) })).toEqual([
      {
        code: 'observer-blind',
        severity: 'held',
        subject: 'use1-a',
        gone: 3,
        served: 4,
        limitPercent: 50,
        message:
          '3 of 4 serving targets of cell use1-a went at once, more than 50 %: the observer is presumed blind, and the last plan stands.',
      },
    ]);
  });

  it('are also those whose capacity went to nothing', () => {
    expect(lint(four, four, { observations: seen('healthy', 3, 0) })).toMatchObject([
      { code: 'observer-blind' },
    ]);
  });

  it('say nothing of the observer when a person ordered it', () => {
    expect(lint(four, four, { drained: ['t1', 't2', 't3'] })).toEqual([]);
    expect(lint(four, four, { evacuated: ['az1'] })).toEqual([]);
  });

  it('say nothing when the observer says that it does not know', () => {
    expect(lint(four, four, { observations: seen('unknown', 4) })).toEqual([]);
  });

  it('are not one alone, because a cell of one target may lose it', () => {
    const one = apiFleet(1, policy);
    expect(lint(one, one, { observations: seen('unhealthy', 1) })).toEqual([]);
  });

  it('are only those that answered before', () => {
    const base = planOf(desiredOf(four, { observations: seen('unhealthy', 3) }));
    expect(lint(four, four, { base, observations: seen('unhealthy', 3) })).toEqual([]);
  });
});

describe('the severest of some findings', () => {
  const finding = (severity: Severity) => ({ severity });

  it('is fatal before held before note, and nothing of none', () => {
    expect(severest([])).toBeUndefined();
    expect(severest([finding('note')])).toBe('note');
    expect(severest([finding('note'), finding('held')])).toBe('held');
    expect(severest([finding('held'), finding('fatal'), finding('note')])).toBe('fatal');
  });
});
