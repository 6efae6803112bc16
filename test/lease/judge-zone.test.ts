import { describe, expect, test } from 'vitest';
import type { HeardGroup, Hearing } from '../../lib/lease/hear-zone.ts';
import type { LeasedTarget } from '../../lib/lease/judge-zone.ts';
import { judgeZone } from '../../lib/lease/judge-zone.ts';
import { isDeaf, missingMax, standingAt } from '../../lib/lease/lease-rule.ts';

const N = 10;
const GROUPS = Array.from({ length: 20 }, (_, index) => `rack-${index}`);

/** A row whose holder wrote `ago` ticks before now, and has had it for `held` ticks then. */
function row(group: string, ago: number, { held = 3, members = [255, 255] } = {}): HeardGroup {
  const t = N - ago;
  const given = { group, e: 1, s: 9, t, since: t - held, members, by: 'one', tries: 0 };
  return { type: 'row', row: given, standing: standingAt(N, t) };
}

/** A zone of 20 groups that are heard, except for the given ones. */
function hearing(others: Readonly<Record<string, HeardGroup>> = {}): Hearing {
  const groups = new Map(GROUPS.map((group) => [group, others[group] ?? row(group, 0)]));
  const heard = [...groups.values()].filter(
    (each) => each.type === 'row' && each.standing === 'heard',
  ).length;
  return {
    tick: { n: N, at: 0, seen: true, every: 60_000 },
    groups,
    heard,
    deaf: isDeaf(groups.size, heard),
    missingMax: missingMax(groups.size),
    undeclared: new Map(),
  };
}

const WELL = { health: 'healthy', capacity: 100 } as const;
const SICK = { health: 'unhealthy', capacity: 100 } as const;

function target(group: string, before: LeasedTarget['before'] = WELL): LeasedTarget {
  return { id: group, group, capacity: 100, before };
}

function judged(zone: Hearing, ...targets: readonly LeasedTarget[]) {
  return judgeZone(zone, targets);
}

/** The same group, out in so many racks. */
function outIn(count: number, out: (group: string) => HeardGroup): Readonly<Record<string, HeardGroup>> {
  return Object.fromEntries(GROUPS.slice(0, count).map((group) => [group, out(group)]));
}

describe('a group', () => {
  test('serves with what its members have, in steps of 5 % with one step of hysteresis', () => {
    const half = hearing({ 'rack-0': row('rack-0', 0, { members: [255, 0] }) });
    expect(judged(half, target('rack-0')).observations).toEqual({
      'rack-0': { health: 'healthy', capacity: 50 },
    });
    const almost = hearing({ 'rack-0': row('rack-0', 0, { members: [255, 245] }) });
    expect(judged(almost, target('rack-0')).observations).toEqual({ 'rack-0': WELL });
  });

  test('is out when it has lapsed, and when all of its members are out', () => {
    const zone = hearing({
      'rack-0': row('rack-0', 5),
      'rack-1': row('rack-1', 0, { members: [0, 0] }),
    });
    expect(judged(zone, target('rack-0'), target('rack-1'))).toEqual({
      observations: { 'rack-0': SICK, 'rack-1': SICK },
      unseen: [],
    });
  });

  test('stays as it was while it is silent and has not lapsed', () => {
    const zone = hearing({ 'rack-0': row('rack-0', 2), 'rack-1': row('rack-1', 4) });
    const before = { health: 'healthy', capacity: 35 } as const;
    expect(judged(zone, target('rack-0', before), target('rack-1', SICK))).toEqual({
      observations: { 'rack-0': before, 'rack-1': SICK },
      unseen: [],
    });
  });

  test('that is new or has lapsed serves once it was heard in two ticks', () => {
    const once = hearing({ 'rack-0': row('rack-0', 0, { held: 0 }) });
    expect(judged(once, { ...target('rack-0'), before: undefined }).observations).toEqual({ 'rack-0': SICK });
    expect(judged(once, target('rack-0', SICK)).observations).toEqual({ 'rack-0': SICK });
    expect(judged(once, target('rack-0')).observations).toEqual({ 'rack-0': WELL });
    const twice = hearing({ 'rack-0': row('rack-0', 0, { held: 1 }) });
    expect(judged(twice, { ...target('rack-0'), before: undefined }).observations).toEqual({
      'rack-0': WELL,
    });
  });

  test('that nobody has held, or whose row cannot be read, keeps its targets and is named', () => {
    const zone = hearing({
      'rack-0': { type: 'never' },
      'rack-1': { type: 'unreadable', what: 'cannot be read: its format is 9' },
    });
    expect(judged(zone, target('rack-0'), target('rack-1'))).toEqual({
      observations: { 'rack-0': WELL, 'rack-1': WELL },
      unseen: [
        { id: 'rack-0', reason: 'nobody has held its group rack-0 yet' },
        { id: 'rack-1', reason: 'the row of its group rack-1 cannot be read: its format is 9' },
      ],
    });
  });
});

describe('a zone', () => {
  test('that is deaf says nothing of anybody, lapsed rows included', () => {
    const zone = hearing(outIn(4, (group) => row(group, 5)));
    expect(zone.deaf).toBe(true);
    const reason = "fewer than 17 of its zone's 20 groups are heard, so nobody there ages";
    expect(judged(zone, target('rack-0'), target('rack-1', SICK), target('rack-9'))).toEqual({
      observations: { 'rack-0': WELL, 'rack-1': SICK, 'rack-9': WELL },
      unseen: ['rack-0', 'rack-1', 'rack-9'].map((id) => ({ id, reason })),
    });
  });

  test('loses no more groups by what their holders say than may be missing (L6)', () => {
    const out = (group: string) => row(group, 0, { members: [0, 0] });
    const three = judged(hearing(outIn(3, out)), ...GROUPS.map((group) => target(group)));
    expect(Object.values(three.observations).filter(({ health }) => health === 'unhealthy')).toHaveLength(3);
    const wereOut = new Set(GROUPS.slice(0, 3));
    const four = judged(
      hearing(outIn(4, out)),
      ...GROUPS.map((group) => target(group, wereOut.has(group) ? SICK : WELL)),
    );
    expect(four.observations['rack-3']).toEqual(WELL);
    expect(four.unseen).toEqual([
      {
        id: 'rack-3',
        reason: 'more than 3 groups of its zone are out, which is more than leases alone may take',
      },
    ]);
    const atOnce = judged(hearing(outIn(20, out)), ...GROUPS.map((group) => target(group)));
    expect(Object.values(atOnce.observations).every(({ health }) => health === 'healthy')).toBe(true);
  });
});

describe('a group that was taken out and does not serve yet', () => {
  const others = GROUPS.slice(0, 3);

  test.each([
    ['is silent', (group: string) => row(group, 3)],
    ['was heard once', (group: string) => row(group, 0, { held: 0 })],
  ])('counts among those that are out: it %s', (_what, known) => {
    const zone = hearing({ ...outIn(3, known), 'rack-9': row('rack-9', 0, { members: [0, 0] }) });
    const before = others.map((group) => target(group, SICK));
    const { observations, unseen } = judged(zone, ...before, target('rack-9'));
    expect(observations['rack-9']).toEqual(WELL);
    expect(unseen.map(({ id }) => id)).toEqual(['rack-9']);
    const served = others.map((group) => target(group));
    expect(judged(zone, ...served, target('rack-9')).observations['rack-9']).toEqual(SICK);
  });

  test('does not count where nobody has ever held it', () => {
    const zone = hearing({ ...outIn(3, () => ({ type: 'never' })), 'rack-9': row('rack-9', 5) });
    const before = others.map((group) => target(group, SICK));
    expect(judged({ ...zone, deaf: false }, ...before, target('rack-9')).observations['rack-9']).toEqual(
      SICK,
    );
  });
});
