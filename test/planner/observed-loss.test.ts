import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseForPerson, propose } from '../../lib/cell/proposal.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { CellFleet, Observation, Observations } from '../../lib/plan/fleet-model.ts';
import { endpoint, fleetOf, target } from '../plan/given-fleet.ts';
import { afterPlan, knownCell, NOW } from '../support/known-cell.ts';
import type { Played } from '../support/observed-loss.ts';
import {
  API,
  bigFleet,
  COUNT,
  DAY_MINUTES,
  DEAD,
  first,
  GUARD_CHECKS,
  IDS,
  MINUTE_MS,
  PAIR,
  see,
  servingPercent,
} from '../support/observed-loss.ts';

const LOST: Observation = { health: 'unknown', capacity: 100 };
const between = (from: number, to: number, what: Observation): Observations =>
  Object.fromEntries(IDS.slice(Math.max(0, from), to).map((id) => [id, what]));

/** What is seen in each minute of a day, by what the pattern is called. */
const PATTERNS: Readonly<Record<string, (minute: number) => Observations>> = {
  'one target in four minutes': (minute) => first(Math.floor(minute / 4), DEAD),
  'one target in half an hour': (minute) => first(Math.floor(minute / 30), DEAD),
  'a third in every window': (minute) => first(13 * Math.floor(minute / 11), DEAD),
  'all but one at once': () => first(COUNT - 1, DEAD),
  'nearly half, and later the rest': (minute) => first(minute < 60 ? 19 : 39, DEAD),
  'targets that nobody knows of any more once they have left': (minute) => ({
    ...first(Math.floor(minute / 12) - 1, LOST),
    ...between(Math.floor(minute / 12) - 1, Math.floor(minute / 12), DEAD),
  }),
  'three targets, of which one comes back': (minute) => ({
    ...first(3 * Math.floor(minute / 20), DEAD),
    ...between(
      3 * Math.floor(minute / 20) - 1,
      3 * Math.floor(minute / 20),
      minute % 20 < 10 ? DEAD : { health: 'healthy', capacity: 100 },
    ),
  }),
  'capacity that shrinks by a tenth': (minute) => {
    const steps = Math.floor(minute / 10);
    const left = (index: number) => Math.max(10, 100 - 10 * Math.floor((steps + index) / 4));
    return Object.fromEntries(
      IDS.map((id, index) => [id, { health: 'healthy', capacity: index % 2 === 0 ? left(index / 10) : 100 }]),
    );
  },
  'capacity that shrinks, and targets that go then': (minute) => ({
    ...Object.fromEntries(
      IDS.slice(20).map((id) => [
        id,
        { health: 'healthy', capacity: Math.max(20, 100 - Math.floor(minute / 5)) },
      ]),
    ),
    ...first(Math.floor(minute / 40), DEAD),
  }),
};

describe('a day of losses that nobody orders', () => {
  it.each(Object.keys(PATTERNS))('leaves half of what is declared: %s', (name) => {
    const played: Played = { known: knownCell({ before: bigFleet() }), choice: undefined };
    let last = '';
    for (let minute = 0; minute <= DAY_MINUTES; minute += 1) {
      const observations = PATTERNS[name]?.(minute) ?? {};
      const text = JSON.stringify(observations);
      // A run that sees nothing new may find that a window is over.
      if (text === last && minute % 11 > 0) continue;
      last = text;
      see(played, observations, NOW + minute * MINUTE_MS);
      expect(servingPercent(played.known, API)).toBeGreaterThanOrEqual(50);
    }
  });

  it('takes every target out that can be spared, and says why the next one stays', () => {
    const played: Played = { known: knownCell({ before: bigFleet() }), choice: undefined };
    for (let count = 1; count <= 24; count += 1)
      see(played, first(count, DEAD), NOW + count * 11 * MINUTE_MS);
    expect(servingPercent(played.known, API)).toBe(50);
    expect(played.choice?.keptBack).toMatchObject([
      { name: API, findings: [{ code: 'capacity-observed-out', outPermille: 600, limitPercent: 50 }] },
    ]);
    const { known } = played;
    see(played, first(24, DEAD), NOW + DAY_MINUTES * MINUTE_MS);
    expect(played.known.desired.base).toEqual(known.desired.base);
  });

  it('goes on when a person lets it go, and brings back what serves again', () => {
    const played: Played = { known: knownCell({ before: bigFleet() }), choice: undefined };
    for (let count = 1; count <= 22; count += 1)
      see(played, first(count, DEAD), NOW + count * 11 * MINUTE_MS);
    const now = NOW + 300 * MINUTE_MS;
    const asked = new Map(desiredEndpoints(played.known.desired).map((each) => [each.name, each]));
    const choice = chooseForPerson(
      played.known,
      { asked, approved: new Set([API]) },
      { claimed: new Map(), now },
    );
    played.known = afterPlan(played.known, propose(played.known, { choice, origin: 'approval' }), now);
    expect(servingPercent(played.known, API)).toBe(45);
    see(played, first(22, DEAD), now + MINUTE_MS);
    expect(played.choice?.keptBack).toEqual([]);
    see(played, first(23, DEAD), now + 20 * MINUTE_MS);
    expect(played.choice?.keptBack).toMatchObject([
      { name: API, findings: [{ code: 'targets-observed-out' }] },
    ]);
    see(played, {}, now + 21 * MINUTE_MS);
    expect([servingPercent(played.known, API), played.choice?.keptBack]).toEqual([100, []]);
  });

  it('takes one dead target of a pair out, and what is declared goes on while another waits', () => {
    const fleet = bigFleet();
    const careless = { ...fleet, policy: { ...fleet.policy, capacityRemovedPercent: 50 } };
    const played: Played = { known: knownCell({ before: careless }), choice: undefined };
    see(played, { p1: DEAD }, NOW);
    expect([servingPercent(played.known, PAIR), played.choice?.keptBack]).toEqual([50, []]);
    for (let count = 1; count <= 21; count += 1)
      see(played, { ...first(count, DEAD), p1: DEAD }, NOW + count * 11 * MINUTE_MS);
    const { known } = played;
    const endpoints = careless.endpoints.map((each) => ({ ...each, ttl: 30 }));
    const pushed = { ...careless, endpoints, policy: { ...careless.policy, endpointsChangedPercent: 100 } };
    const state = { ...known.head.state, fleet: { ...careless, digest: 'pushed', at: NOW } };
    played.known = {
      ...known,
      ...{ fleet: pushed, head: { ...known.head, state }, desired: { ...known.desired, fleet: pushed } },
      accepted: new Map([...known.accepted, ['pushed', pushed]]),
    };
    see(played, { ...first(21, DEAD), p1: DEAD }, NOW + DAY_MINUTES * MINUTE_MS);
    const answers = played.known.desired.base?.endpoints.map(({ name, ttl }) => [name, ttl]);
    expect(answers).toEqual([
      [API, 30],
      [PAIR, 30],
    ]);
    expect(servingPercent(played.known, API)).toBe(50);
  });
});

const observation: fc.Arbitrary<Observation> = fc.record({
  health: fc.constantFrom('healthy', 'healthy', 'unhealthy', 'unhealthy', 'unknown'),
  capacity: fc.constantFrom(100, 100, 60, 30, 1, 0),
});
const steps = fc.array(
  fc.record({
    changes: fc.dictionary(fc.constantFrom('t0', 't1', 't2', 't3', 't4', 't5', 't6'), observation, {
      maxKeys: 3,
    }),
    waitMinutes: fc.constantFrom(0, 1, 4, 11, 90),
  }),
  { maxLength: 25 },
);

/** Two endpoints of different capacities, one of them dual stack with fewer IPv6 targets. */
function mixedFleet(capacityRemovedPercent: number): CellFleet {
  const targets = [100, 100, 300, 50, 100, 100, 200].map((capacity, index) =>
    target(`t${index}`, {
      ...{ capacity, ipv4: [`192.0.2.${index}`] },
      ipv6: index < 4 ? [`2001:db8::${index}`] : [],
    }),
  );
  return fleetOf(
    targets,
    [
      endpoint(API, ['t0', 't1', 't2', 't3', 't4'], { families: ['A', 'AAAA'] }),
      endpoint(PAIR, ['t3', 't4', 't5', 't6']),
    ],
    { capacityRemovedPercent },
  );
}

describe('no pattern of observations, however slow,', () => {
  it('takes capacity out that no weight shows, when all that stay serve with the same part of what they had', () => {
    const played: Played = { known: knownCell({ before: mixedFleet(100) }), choice: undefined };
    const shrunk = Object.fromEntries(
      [100, 100, 200].map((capacity, index) => [
        `t${4 + index}`,
        { health: 'healthy', capacity: 0.3 * capacity } as const,
      ]),
    );
    see(played, shrunk, NOW);
    see(played, { ...shrunk, t3: { health: 'unhealthy', capacity: 30 } }, NOW);
    expect(servingPercent(played.known, PAIR)).toBeGreaterThanOrEqual(50);
  });

  it('brings an endpoint, or a family of one, under half of its declared capacity without a person', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(34, 50, 100), (all, capacityRemovedPercent) => {
        const played: Played = {
          known: knownCell({ before: mixedFleet(capacityRemovedPercent) }),
          choice: undefined,
        };
        let now = NOW;
        let observations: Observations = {};
        for (const { changes, waitMinutes } of all) {
          now += waitMinutes * MINUTE_MS;
          observations = { ...observations, ...changes };
          see(played, observations, now);
          for (const [name, type] of [[API, 'A'], [API, 'AAAA'], [API], [PAIR]] as const)
            expect(servingPercent(played.known, name, type)).toBeGreaterThanOrEqual(50);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('the guards', () => {
  it.each(Object.entries(GUARD_CHECKS))('hold without a person: %s', (_, check) => check());
});
