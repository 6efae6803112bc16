import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import type {
  EventType,
  HandoverEvent,
  KeptEndpoint,
  LedgerEvent,
} from '../../../lib/ledger/decider/events.ts';
import { canRecord, FORMATS, formatOfEvent } from '../../../lib/ledger/decider/formats.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState, stateCharsMax, TREES_MAX } from '../../../lib/ledger/decider/state.ts';
import { takesRoom, worstStateChars } from '../../../lib/ledger/decider/state-room.ts';
import { checkEntry } from '../../../lib/ledger/entry-limits.ts';
import { canonicalJson, sha256 } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import type { DnsName } from '../../../lib/plan/names.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { planTreeLabel } from '../../../lib/plan/owned-names.ts';
import { stricterPolicy } from '../../../lib/plan/stricter-policy.ts';
import {
  asking,
  CELL,
  digestOf,
  drained,
  fleetDeclared,
  LEDGER,
  POLICY,
  planAppended,
  planApplied,
  ZONE,
} from '../../support/ledger-events.ts';

const ENDPOINTS = 120;
const NOW = 1_790_000_000_000;
const LARGEST: readonly EventType[] = [
  ...(['PlanAppended', 'PlanApplied', 'EndpointsKeptBack', 'ZoneSurveyed'] as const),
  ...(['EndpointsOffered', 'EndpointsAwaited', 'EndpointsGiven', 'EndpointsTaken'] as const),
];

/** Endpoint names of exactly so many characters below the zone. */
function relatives(count: number, chars: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    `e${String(index).padStart(4, '0')}.${'abcdefghi.'.repeat(30)}`.slice(0, chars).replace(/\.$/, 'x'),
  );
}

function names(relative: readonly string[]): readonly DnsName[] {
  return relative.map((each) => dnsName(`${each}.${ZONE}`));
}

/**
 * Appends where `decide` lets it. What only records what has happened must always be let, and the largest events must
 * fit into one item with the state.
 */
function fold(state: CellState, event: LedgerEvent): CellState {
  if (!canRecord(state, event.type) && event.type !== 'FormatRaised') return state;
  const decision = decide(asking(event), state);
  if (decision.type === 'refused' && !takesRoom(event) && decision.reason.includes('could grow to'))
    throw new Error(`${event.type}: ${decision.reason}`);
  if (decision.type !== 'append') return state;
  const format = formatOfEvent(FORMATS, state.format, decision.event);
  const entry = { event: decision.event, at: NOW, by: `operator:${'x'.repeat(190)}` };
  const after = format.evolve(state, entry.event, entry);
  if (LARGEST.includes(event.type)) checkEntry(entry, format.stateText(after), stateCharsMax(after));
  return after;
}

/** A cell that is written in a format, and has a fleet. */
function cellIn(format: number): CellState {
  return [fleetDeclared(), { type: 'FormatRaised', format } as const].reduce(
    fold,
    initialState(CELL, LEDGER),
  );
}

function chars(state: CellState): number {
  return canonicalJson(state).length;
}

/** A different answer for every endpoint waits for reasons that are long in JSON. */
function keptOf(relative: readonly string[], number: number): readonly KeptEndpoint[] {
  return names(relative).map((name, index) => ({
    name,
    digest: String(number * 1_000 + index).padStart(12, '0'),
    findings: [
      { code: 'under-floor', severity: 'held' as const, subject: name, message: '\u0001'.repeat(300) },
      { code: 'no-answer', severity: 'fatal' as const, subject: 'é'.repeat(index) },
    ],
  }));
}

/** Everything that can stand in the way of every endpoint, and of some that the cell does not have yet. */
function obstaclesOf(number: number, relative: readonly string[]): readonly LedgerEvent[] {
  const waiting = keptOf(relative, number);
  const long = '"\u0001é'.repeat(200);
  // Every number is as long as a policy can have it.
  const looser = { ...POLICY, coalesceS: 86_400 - number, capacityRemovedPercent: 100, blindPercent: 100 };
  const strictest = stricterPolicy(POLICY, looser);
  const lower = { floor: 1_000, declared: 999 };
  const floors = Object.fromEntries(names(relative).map((name) => [name, lower]));
  const others = Array.from({ length: 9 }, (_, index) => `new${number}-${index}.${'z'.repeat(60)}`);
  return [
    { type: 'EndpointsKeptBack', endpoints: waiting },
    {
      type: 'KeptBackRejected',
      endpoints: waiting.map(({ name, digest }) => ({ name, digest })),
      reason: long,
    },
    ...names([...others, ...relative]).map(
      (name): LedgerEvent => ({
        ...{ type: 'EndpointRefused', name, step: 'conflict', generation: generation(number) },
        ...{ records: [`${name} A`], reason: long, batches: 9 },
      }),
    ),
    ...names(relative).map((name): LedgerEvent => ({ type: 'EndpointRetried', name })),
    {
      type: 'SourcesBlind',
      sources: Array.from({ length: 20 }, (_, index) => ({
        source: `${number}-${index}-${'\u0001'.repeat(80)}`,
        reason: long,
      })),
    },
    { type: 'LogContradicted', number: Number.MAX_SAFE_INTEGER, digits: '0badf00d0bad' },
    { ...fleetDeclared(sha256(`fleet ${number}`)), policy: looser, floors },
    {
      ...{ type: 'LooseningRejected', inEffect: strictest, policy: looser, floors },
      reason: '\u0001'.repeat(500),
    },
  ];
}

/** Everything that happens to a plan, and to a zone that is as bad as it can be. */
function lifeOf(number: number, relative: readonly string[]): readonly LedgerEvent[] {
  const label = planTreeLabel(number);
  const trees = Object.fromEntries(relative.map((each) => [each, label]));
  const all = names(relative);
  const long = '"'.repeat(500);
  return [
    planAppended(number, {
      newTrees: trees,
      summary: { endpoints: 1, added: [], changed: all, removed: [], removedPermille: 900 },
      capacityRemoved: Object.fromEntries(relative.map((each) => [each, 1_000])),
      keptBack: keptOf(relative, number),
    }),
    ...obstaclesOf(number, relative),
    ...relative.slice(0, 60).map(
      (each, index): LedgerEvent => ({
        type: 'PlanStaged',
        generation: generation(number),
        digest: digestOf(number),
        changes: [{ changeId: `C${String(index).padStart(30, '0')}`, trees: [`${label}.${each}`] }],
      }),
    ),
    { type: 'PlannerPaused', reason: long },
    { type: 'CellFrozen', reason: long },
    { type: 'DriftFound', count: 9_000, names: all },
    {
      ...{ type: 'ZoneRegressed', what: 'fence', name: all[0] ?? ZONE, found: long, expected: long },
      fenceSeq: seq(number),
    },
    { type: 'RescueFound', generation: generation(1), seq: seq(number), plan: long, by: long },
    {
      type: 'ZoneSurveyed',
      facts: { records: number, recordLimit: 10_000, negativeTtlS: 1, delegations: all, conflicts: all },
    },
  ];
}

it.each([
  { format: 1, chars: 20, plans: 25 },
  { format: 1, chars: 60, plans: 25 },
  { format: 1, chars: 100, plans: 15 },
  { format: 3, chars: 20, plans: 25 },
  { format: 3, chars: 60, plans: 25 },
  { format: 3, chars: 100, plans: 15 },
  { format: 6, chars: 20, plans: 25 },
  { format: 6, chars: 40, plans: 25 },
  { format: 6, chars: 60, plans: 8 },
])(
  'holds 120 endpoints with names of $chars characters below the zone, $plans plans deep, in format $format',
  ({ format, chars: length, plans }) => {
    const relative = relatives(ENDPOINTS, length);
    let state = cellIn(format);
    for (let generation = 1; generation <= plans; generation += 1) {
      state = lifeOf(generation, relative).reduce(fold, state);
      expect(state.goal?.generation).toBe(generation);
      // Nothing that stands in an endpoint's way is left out for want of room.
      expect(state.keptBack).toHaveLength(format >= 3 ? ENDPOINTS : 0);
      expect(state.refused.length).toBeGreaterThanOrEqual(format >= 3 ? ENDPOINTS : 0);
      const rollbacks = Object.fromEntries(relative.map((each) => [each, planTreeLabel(generation)]));
      state = fold(state, planApplied(generation, generation + 1, { endpoints: names(relative), rollbacks }));
    }
    const trees = Object.values(state.endpoints).flatMap((endpoint) => endpoint.trees);
    expect(trees).toHaveLength(plans * ENDPOINTS);
    expect(trees.length).toBeLessThanOrEqual(TREES_MAX);
    expect(chars(state)).toBeLessThanOrEqual(stateCharsMax(state));
    if (format < 6) return;
    // A cell with as much as this can be renamed: all of it goes over, and the new one awaits as much.
    const offered = fold(state, handover('EndpointsOffered', names(relative)));
    expect(offered.offers).toHaveLength(ENDPOINTS);
    expect(fold(offered, handover('EndpointsGiven', names(relative)))).toMatchObject({
      owned: [],
      offers: [],
    });
    const fresh = fold(cellIn(format), handover('EndpointsAwaited', names(relative)));
    expect(fold(fresh, handover('EndpointsTaken', names(relative))).owned).toHaveLength(ENDPOINTS);
  },
);

it.each([1, 3])(
  'refuses the plan that could fill the state, and goes on recording what happens (format %d)',
  (format) => {
    const count = format === 3 ? 90 : 70;
    const relative = relatives(count, 180);
    let state = cellIn(format);
    // Applied trees stay until the janitor retires them, and here none comes.
    for (let round = 1; round <= 100; round += 1) {
      state = lifeOf(state.highest + 1, relative).reduce(fold, state);
      const goal = state.goal?.generation ?? 1;
      state = fold(state, planApplied(goal, round + 1, { endpoints: names(relative) }));
    }
    const next = state.goal?.generation ?? 0;
    expect(next).toBeGreaterThan(2);
    expect(next).toBeLessThan(TREES_MAX / count);
    expect(
      decide(
        asking(
          planAppended(state.highest + 1, {
            newTrees: Object.fromEntries(relative.map((each) => [each, planTreeLabel(state.highest + 1)])),
          }),
        ),
        state,
      ),
    ).toMatchObject({
      type: 'refused',
      reason: expect.stringMatching(
        /^With PlanAppended the state of cell use1-a could grow to \d+ characters, .*\.$/,
      ),
    });
    // A plan that needs no new tree, such as a rollback to one that stands, is always let.
    expect(decide(asking(planAppended(state.highest + 1, { newTrees: {} })), state)).toMatchObject({
      type: 'append',
    });
    expect(chars(state)).toBeLessThanOrEqual(stateCharsMax(state));
  },
);

it.each([1, 3, 4, 6])(
  'never grows beyond its bound, nor beyond what was foretold, whatever happens (format %d)',
  (format) => {
    const relative = relatives(ENDPOINTS, 100);
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('plan' as const),
        from: fc.nat(ENDPOINTS - 1),
        count: fc.nat(ENDPOINTS),
      }),
      fc.record({ kind: fc.constant('apply' as const), back: fc.nat(3), count: fc.nat(ENDPOINTS) }),
      fc.record({ kind: fc.constant('drain' as const), from: fc.nat(400), count: fc.nat(30) }),
      fc.record({
        kind: fc.constant('obstacles' as const),
        from: fc.nat(ENDPOINTS - 1),
        count: fc.nat(ENDPOINTS),
      }),
      fc.record({
        kind: fc.constant('hold' as const),
        from: fc.nat(ENDPOINTS - 1),
        count: fc.nat(ENDPOINTS),
      }),
      fc.record({
        kind: fc.constant('handover' as const),
        type: fc.constantFrom(...HANDOVERS),
        from: fc.nat(ENDPOINTS - 1),
        count: fc.nat(ENDPOINTS),
      }),
    );
    const begin = lifeOf(1, relative).reduce(fold, cellIn(format));
    const charsMax = stateCharsMax(begin);
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        let state = begin;
        for (const each of steps) {
          for (const event of eventsOf(each, state, relative)) {
            state = fold(state, event);
            if (chars(state) > charsMax) throw new Error(`${event.type}: ${chars(state)} characters`);
            const foretold = worstStateChars(state);
            if (chars(state) > foretold)
              throw new Error(`${event.type}: ${chars(state)}, foretold ${foretold}`);
            if (foretold > charsMax) throw new Error(`${event.type} may lead to ${foretold} characters`);
          }
        }
      }),
      { numRuns: format >= 3 ? 4 : 10, examples: format === 6 ? [[OF_NO_TIME]] : [] },
    );
  },
  120_000,
);

/** Goes three characters beyond the bound where a forecast takes every event for one of 1970. */
const OF_NO_TIME: Step[] = [
  { kind: 'plan', from: 0, count: 58 },
  { kind: 'handover', type: 'EndpointsAwaited', from: 0, count: 13 },
];

type Step =
  | { readonly kind: 'plan' | 'drain' | 'obstacles' | 'hold'; readonly from: number; readonly count: number }
  | {
      readonly kind: 'handover';
      readonly type: HandoverEvent['type'];
      readonly from: number;
      readonly count: number;
    }
  | { readonly kind: 'apply'; readonly back: number; readonly count: number };

const HANDOVERS: readonly HandoverEvent['type'][] = [
  'EndpointsOffered',
  'OffersWithdrawn',
  'OffersEnded',
  'EndpointsGiven',
  'EndpointsAwaited',
  'EndpointsTaken',
];

/** The longest that a cell's name may be. */
const OTHER = cellName('w'.repeat(32));

function handover(type: HandoverEvent['type'], all: readonly DnsName[]): HandoverEvent {
  switch (type) {
    case 'EndpointsOffered':
      return { type, names: all, to: OTHER, ledger: LEDGER };
    case 'OffersWithdrawn':
    case 'OffersEnded':
      return { type, names: all };
    case 'EndpointsGiven':
      return { type, names: all, to: OTHER, fenceSeq: seq(7) };
    case 'EndpointsAwaited':
      return { type, names: all, from: OTHER };
    case 'EndpointsTaken':
      return { type, names: all, from: OTHER, fenceSeq: seq(7) };
  }
}

function eventsOf(step: Step, state: CellState, relative: readonly string[]): readonly LedgerEvent[] {
  switch (step.kind) {
    case 'plan':
      return lifeOf(state.highest + 1, relative.slice(step.from, step.from + step.count + 1));
    case 'obstacles':
      return obstaclesOf(state.highest + 1, relative.slice(step.from, step.from + step.count + 1));
    case 'handover': {
      const which = relative.slice(step.from, step.from + step.count + 1);
      return [handover(step.type, names(which))];
    }
    case 'hold': {
      const which = relative.slice(step.from, step.from + step.count + 1);
      const number = state.highest + 1;
      return [
        planAppended(number, {
          disposition: 'held',
          newTrees: Object.fromEntries(which.map((each) => [each, planTreeLabel(number)])),
          capacityRemoved: Object.fromEntries(which.map((each) => [each, 1_000])),
        }),
      ];
    }
    case 'drain':
      return Array.from({ length: step.count }, (_, index) =>
        drained(`i-${step.from + index}`.padEnd(64, 'x')),
      );
    case 'apply': {
      const number = Math.max(1, state.highest - step.back);
      const which = relative.slice(0, step.count + 1);
      const rollbacks = Object.fromEntries(which.map((each) => [each, planTreeLabel(number)]));
      return [
        planApplied(number, Math.max(1, number * 3 - step.back), { endpoints: names(which), rollbacks }),
      ];
    }
  }
}
