import { describe, expect, it } from 'vitest';
import type { Answers } from '../../lib/plan/choose-answers.ts';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { ShownFinding } from '../../lib/plan/finding-text.ts';
import { withSentence } from '../../lib/plan/finding-text.ts';
import type { Severity } from '../../lib/plan/findings.ts';
import { severest } from '../../lib/plan/findings.ts';
import type { CellFleet, CellPolicy, FleetEndpoint, Observations } from '../../lib/plan/fleet-model.ts';
import { lintDeclaredShare, lintEndpointChange, observedLoss } from '../../lib/plan/lint-change.ts';
import { contentOf } from '../../lib/plan/make-plan.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';

/** A policy under which nothing is held for its size. */
const CARELESS: Partial<CellPolicy> = {
  capacityRemovedPercent: 100,
  endpointsChangedPercent: 100,
  blindPercent: 100,
};

/** The findings about each endpoint in the plan after `first` (undefined: there was none), in order of name. */
function lint(
  first: CellFleet | undefined,
  fleet: CellFleet,
  {
    removedBefore = 0,
    accepted = new Map(),
    offeredTo,
    takenFrom,
    ...more
  }: Partial<DesiredInput> & {
    readonly removedBefore?: number;
    readonly accepted?: Answers;
    readonly offeredTo?: CellName;
    readonly takenFrom?: CellName;
  } = {},
): readonly ShownFinding[] {
  const base = more.base ?? (first === undefined ? undefined : planOf(desiredOf(first)));
  const standing = new Map((base === undefined ? [] : contentOf(base)).map((each) => [each.name, each]));
  const asked = new Map(
    desiredEndpoints(desiredOf(fleet, { ...more, base })).map((each) => [each.name, each]),
  );
  const names = [...new Set([...asked.keys(), ...standing.keys()])].sort();
  return names
    .flatMap((name) => {
      const candidate = asked.get(name);
      return lintEndpointChange({
        ...{ fleet, name, standing: standing.get(name), candidate },
        ...{ accepted: accepted.get(name), removedBefore, acceptedRoute: undefined, earlier: undefined },
        offeredTo,
        takenFrom,
        floor: fleet.endpoints.find((each) => each.name === name)?.floor ?? 1,
      });
    })
    .map(withSentence);
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
    expect(lint(apiFleet(10), apiFleet(10), { drained: ['t1'] })).toEqual([]);
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

  it('stays where it goes over to another cell, and nobody can approve that it goes', () => {
    const whole = manyEndpoints(10, 0, CARELESS);
    const less = { ...whole, endpoints: whole.endpoints.slice(1) };
    const offeredTo = cellName('euw1-a');
    expect(lint(whole, less, { offeredTo })).toMatchObject([
      { code: 'handed-over', severity: 'fatal', subject: 'e0.example.test', to: 'euw1-a' },
    ]);
    // What is declared here all the same, or was never here, is judged as ever.
    expect(lint(whole, whole, { offeredTo })).toEqual([]);
    const takenFrom = cellName('euw1-a');
    expect(lint(whole, less, { takenFrom })).toMatchObject([
      { code: 'taken-over', severity: 'fatal', subject: 'e0.example.test', from: 'euw1-a' },
    ]);
    expect(lint(whole, whole, { takenFrom })).toEqual([]);
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
        code: 'capacity-removed',
        severity: 'held',
        subject: 'api.example.test',
        removedPermille: 400,
        withinWindowPermille: 400,
        windowS: 600,
        limitPercent: 30,
        message: 'api.example.test would lose 40.0 % of its capacity, 40.0 % within 600 s, more than 30 %.',
      },
    ]);
  });

  it('adds up with what earlier plans took of the same endpoint', () => {
    expect(lint(ten, ten, { drained: drained(1), removedBefore: 250 })).toMatchObject([
      {
        code: 'capacity-removed',
        message: expect.stringContaining('would lose 10.0 % of its capacity, 35.0 % within 600 s'),
      },
    ]);
    expect(lint(ten, ten, { drained: drained(1), removedBefore: 200 })).toEqual([]);
  });

  it('is never more than all, so that a policy of 100 % holds nothing', () => {
    const all = apiFleet(10, { ...policy, capacityRemovedPercent: 100 });
    const most = apiFleet(10, { ...policy, capacityRemovedPercent: 99 });
    expect(lint(all, all, { drained: drained(9), removedBefore: 5_000 })).toEqual([]);
    expect(lint(most, most, { drained: drained(9), removedBefore: 5_000 })).toMatchObject([
      { removedPermille: 900, withinWindowPermille: 1_000 },
    ]);
  });

  it('is not held when this plan takes none, whatever went before', () => {
    expect(lint(apiFleet(10, policy), apiFleet(11, policy), { removedBefore: 1_000 })).toEqual([]);
  });

  it('is less by what comes back in the same plan, as the fleet before asks for it', () => {
    const base = planOf(desiredOf(ten, { drained: ['t1', 't2'] }));
    const swap = { base, drained: ['t3', 't4'], removedBefore: 200 };
    const asked = desiredEndpoints(desiredOf(ten, { base, drained: ['t3', 't4'] }));
    const accepted = new Map(asked.map((each) => [each.name, each]));
    expect(lint(ten, ten, swap)).toMatchObject([{ code: 'capacity-removed', withinWindowPermille: 450 }]);
    expect(lint(ten, ten, { ...swap, accepted })).toEqual([]);
  });

  it('is found for each endpoint that loses too much, and for no other', () => {
    const fleet = fleetOf(
      [target('a'), target('b'), target('c'), target('d')],
      [
        endpoint('api.example.test', ['a', 'b']),
        endpoint('big.example.test', ['a', 'b', 'c', 'd']),
        endpoint('web.example.test', ['a', 'c']),
      ],
      policy,
    );
    expect(lint(fleet, fleet, { drained: ['a'] })).toMatchObject([
      { subject: 'api.example.test', removedPermille: 500, withinWindowPermille: 500 },
      { subject: 'web.example.test', removedPermille: 500, withinWindowPermille: 500 },
    ]);
  });
});

describe('a TTL that grows', () => {
  const withTtl = (ttl: number, more: Partial<FleetEndpoint> = {}) => {
    const fleet = apiFleet(3, CARELESS);
    return { ...fleet, endpoints: fleet.endpoints.map((each) => ({ ...each, ttl, ...more })) };
  };

  it('is held past the hour that a rollback could wait for, and not up to it', () => {
    expect(lint(withTtl(60), withTtl(3_600))).toEqual([]);
    expect(lint(withTtl(3_600), withTtl(3_601))).toMatchObject([
      { code: 'long-ttl', severity: 'held', ttlS: 3_601, beforeS: 3_600, limitS: 3_600 },
    ]);
  });

  it('is not held where it was longer before, or the endpoint is new', () => {
    expect(lint(withTtl(86_400), withTtl(7_200))).toEqual([]);
    expect(lint(withTtl(86_400), withTtl(86_400), { drained: ['t1'] })).toEqual([]);
    expect(lint(undefined, withTtl(86_400))).toEqual([]);
  });

  it('means nothing where every answer is an alias', () => {
    const name = dnsName('lb.example.net');
    const alias = { zoneId: 'Z000000009LB', name, evaluateTargetHealth: false };
    const balancer = [target('t1', { ipv4: [], alias })];
    const api = (ttl: number) =>
      fleetOf(balancer, [endpoint('api.example.test', ['t1'], { kind: 'alias', ttl })], CARELESS);
    expect(lint(api(60), api(86_400))).toEqual([]);
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
    expect(lint(dual, given)).toMatchObject([{ code: 'capacity-removed', severity: 'held' }]);
  });
});

describe('the share of the endpoints that the fleet file changes', () => {
  const fleet = manyEndpoints(10, 0, { ...CARELESS, endpointsChangedPercent: 50 });

  it('is held over what the policy allows, and not at it', () => {
    expect(lintDeclaredShare(fleet, 5, 10, false)).toBeUndefined();
    expect(lintDeclaredShare(fleet, 6, 10, false)).toEqual({
      code: 'declared-share',
      severity: 'held',
      subject: 'use1-a',
      changed: 6,
      endpoints: 10,
      limitPercent: 50,
    });
  });

  it('means nothing in a cell of one endpoint, whose every change is the whole, unless it is removed', () => {
    const alone = manyEndpoints(1, 0, { ...CARELESS, endpointsChangedPercent: 1 });
    expect(lintDeclaredShare(alone, 1, 1, false)).toBeUndefined();
    expect(lintDeclaredShare(alone, 1, 1, true)).toMatchObject({ code: 'declared-share' });
    expect(lintDeclaredShare(alone, 1, 2, false)).toMatchObject({ code: 'declared-share' });
  });

  it('is none where the cell answers with nothing yet, or nothing changes', () => {
    expect(lintDeclaredShare(fleet, 0, 0, false)).toBeUndefined();
    expect(lintDeclaredShare(fleet, 0, 10, false)).toBeUndefined();
  });
});

describe('targets that go at once', () => {
  const four = apiFleet(4, { ...CARELESS, blindPercent: 50 });

  function loss(fleet: CellFleet, more: Partial<DesiredInput>, known: ReadonlySet<DnsName> = new Set()) {
    const base = more.base ?? planOf(desiredOf(fleet));
    return observedLoss(desiredOf(fleet, { ...more, base }), base, known);
  }

  it('are disbelieved over the share at which the observer is presumed blind, and not at it', () => {
    expect(loss(four, { observations: seen('unhealthy', 2) })).toEqual({
      gone: new Set(['t1', 't2']),
      blindness: undefined,
    });
    const { gone, blindness } = loss(four, { observations: seen('unhealthy', 3) });
    expect(gone).toEqual(new Set(['t1', 't2', 't3']));
    expect(blindness).toEqual({
      code: 'observer-blind',
      severity: 'held',
      subject: 'use1-a',
      gone: 3,
      served: 4,
      limitPercent: 50,
    });
  });

  it('are also those whose capacity went to nothing', () => {
    expect(loss(four, { observations: seen('healthy', 3, 0) }).blindness).toMatchObject({ gone: 3 });
  });

  it('say nothing of the observer when a person ordered it', () => {
    const none = { gone: new Set(), blindness: undefined };
    expect(loss(four, { drained: ['t1', 't2', 't3'] })).toEqual(none);
    expect(loss(four, { evacuated: ['az1'] })).toEqual(none);
  });

  it('say nothing when the observer says that it does not know', () => {
    expect(loss(four, { observations: seen('unknown', 4) }).blindness).toBeUndefined();
  });

  it('are not one alone, because a cell of one target may lose it', () => {
    const one = apiFleet(1, { ...CARELESS, blindPercent: 50 });
    expect(loss(one, { observations: seen('unhealthy', 1) }).blindness).toBeUndefined();
  });

  it('are only those that answered before', () => {
    const base = planOf(desiredOf(four, { observations: seen('unhealthy', 3) }));
    expect(loss(four, { base, observations: seen('unhealthy', 3) })).toEqual({
      gone: new Set(),
      blindness: undefined,
    });
  });

  it('are disbelieved when those that left earlier make them too many, and nothing is when none goes now', () => {
    const ten = apiFleet(10, { ...CARELESS, blindPercent: 50 });
    const base = planOf(desiredOf(ten, { observations: seen('unhealthy', 5) }));
    expect(loss(ten, { base, observations: seen('unhealthy', 5) }).blindness).toBeUndefined();
    expect(loss(ten, { base, observations: seen('unhealthy', 6) })).toEqual({
      gone: new Set(['t6']),
      blindness: {
        code: 'targets-observed-out',
        severity: 'held',
        subject: 'use1-a',
        out: 6,
        declared: 10,
        limitPercent: 50,
      },
    });
    const fourLeft = planOf(desiredOf(ten, { observations: seen('unhealthy', 4) }));
    expect(loss(ten, { base: fourLeft, observations: seen('unhealthy', 5) }).blindness).toBeUndefined();
  });

  it('count as left when nobody knows any more how those are that left, and not when a person ordered it', () => {
    const ten = apiFleet(10, { ...CARELESS, blindPercent: 50 });
    const base = planOf(desiredOf(ten, { observations: seen('unhealthy', 5) }));
    const t6 = { t6: { health: 'unhealthy' as const, capacity: 100 } };
    const observations = { ...seen('unknown', 5), ...t6 };
    expect(loss(ten, { base, observations }).blindness).toMatchObject({ out: 6, declared: 10 });
    const drained = ['t1', 't2', 't3', 't4', 't5'];
    const ordered = planOf(desiredOf(ten, { drained }));
    expect(loss(ten, { base: ordered, drained, observations: t6 }).blindness).toBeUndefined();
  });

  it('do not count again where an endpoint keeps them for a reason of its own', () => {
    const observations = seen('unhealthy', 3);
    const known = new Set([dnsName('api.example.test')]);
    expect(loss(four, { observations }, known).blindness).toBeUndefined();
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
