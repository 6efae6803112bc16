import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { takesRoom, worstStateChars } from '../../../lib/ledger/decider/state-room.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import {
  CELL,
  drained,
  fleetDeclared,
  LEDGER,
  planAppended,
  planApplied,
} from '../../support/ledger-events.ts';
import { blind, kept, keptBack, refusal, retried } from '../../support/obstacle-events.ts';
import { stateAfter } from './given.ts';

const empty = initialState(CELL, LEDGER);
const emptyJson = JSON.stringify(empty).length;
/** 64 applied, 32 approved, 96 removals, 32 staging entries, 3 lists of names, 6 texts escaped, 4 plans. */
const FIXED = 64 * 150 + 32 * 115 + 96 * 50 + 32 * 140 + 3 * 4_000 + 6 * 400 * 2 + 4 * 330;

/** A state with endpoints of these names, each with one tree. */
function withEndpoints(state: CellState, ...names: readonly string[]): CellState {
  return { ...state, endpoints: Object.fromEntries(names.map((name) => [name, { trees: ['g000001'] }])) };
}

/** What the endpoints themselves take in the state's JSON. */
function ownJson(state: CellState): number {
  return JSON.stringify(state.endpoints).length - JSON.stringify({}).length;
}

describe('the room that a state may need', () => {
  it('is that of every bounded list, filled', () => {
    expect(worstStateChars(empty)).toBe(emptyJson + FIXED);
  });

  it('does not depend on how full those lists are', () => {
    const full = stateAfter([
      planAppended(1, {
        newTrees: {},
        summary: { ...planAppended(1).summary, removedPermille: 5 },
        pausesPlanner: true,
      }),
      planAppended(2, { newTrees: {}, disposition: 'held' }),
      planApplied(1, 2),
      {
        type: 'PlanStaged',
        generation: generation(2),
        digest: 'd',
        changes: [{ changeId: 'C1', trees: ['g000002.api'] }],
      },
      { type: 'CellFrozen', reason: 'incident' },
      { type: 'DriftFound', count: 1, names: [dnsName('api.example.test')] },
      {
        type: 'ZoneRegressed',
        what: 'root',
        name: dnsName('api.example.test'),
        found: 'a',
        expected: 'b',
      },
      { type: 'RescueFound', generation: generation(2), seq: seq(3), plan: 'abc', by: 'ana' },
      {
        type: 'ZoneSurveyed',
        facts: { records: 1, recordLimit: 2, negativeTtlS: 3, delegations: [], conflicts: [] },
      },
    ]);
    expect(worstStateChars(full)).toBe(worstStateChars(empty));
  });

  it('counts each endpoint owned, rolled back and staged twice, in a zone of the longest name', () => {
    const one = withEndpoints(empty, 'api');
    expect(worstStateChars(one)).toBe(emptyJson + FIXED + ownJson(one) + (3 + 253 + 4 + 30) + 2 * 20 + 2 * 3);
    const two = withEndpoints(empty, 'api', 'example');
    expect(worstStateChars(two)).toBe(
      emptyJson + FIXED + ownJson(two) + (3 + 253 + 4 + 30) + (7 + 253 + 4 + 30) + 4 * 20 + 2 * (3 + 7),
    );
  });

  it('counts the zone by its own name once it is known', () => {
    const declared = stateAfter([fleetDeclared()]);
    const grown = worstStateChars(withEndpoints(declared, 'api')) - worstStateChars(declared);
    const unknown = worstStateChars(withEndpoints(empty, 'api')) - worstStateChars(empty);
    expect(grown).toBe(unknown - 253 + 'example.test'.length);
  });

  it('counts at most 240 staged trees, the longest names among them', () => {
    const names = Array.from({ length: 121 }, (_, index) => `e${String(index).padStart(3, '0')}`);
    const many = withEndpoints(empty, ...names);
    expect(worstStateChars(many)).toBe(
      emptyJson + FIXED + ownJson(many) + 121 * (4 + 253 + 4 + 30) + 240 * 20 + 240 * 4,
    );
    const long = withEndpoints(empty, ...names, 'long-name');
    expect(worstStateChars(long) - ownJson(long)).toBe(
      emptyJson + FIXED + 121 * (4 + 253 + 4 + 30) + (9 + 253 + 4 + 30) + 240 * 20 + 2 * (121 * 4 + 9),
    );
  });
});

describe('the room that a state of format 3 may need', () => {
  const empty3: CellState = { ...empty, format: 3 };
  /** What is kept back, refused and blind, the last regression, what an anchor contradicted last, and whose clock is behind. */
  const FIXED_3 = 40_000 + 42_000 + 8_000 + (253 + 2 * 400 * 2 + 80) + 90 + 475;

  it('is that of every list that format 3 added as well, however full they are', () => {
    expect(worstStateChars(empty3)).toBe(emptyJson + FIXED + FIXED_3);
    const name = dnsName('api.example.test');
    const full = stateAfter([
      { type: 'FormatRaised', format: 3 },
      keptBack(kept('api')),
      refusal('api', 1),
      blind('elbv2'),
      { type: 'ZoneRegressed', what: 'root', name, found: 'a', expected: 'b', fenceSeq: seq(3) },
    ]);
    expect(worstStateChars(full)).toBe(worstStateChars(empty3));
  });

  it('counts five removals of each endpoint, and the shares that two plans take of it', () => {
    const one = withEndpoints(empty3, 'api');
    const older = withEndpoints(empty, 'api');
    const grown = worstStateChars(one) - worstStateChars(empty3);
    expect(grown).toBe(worstStateChars(older) - worstStateChars(empty) + 2 * 3 + 5 * 42 + 2 * 12);
  });
});

describe('the room of what goes over', () => {
  const names = [dnsName('api.example.test')];
  const to = cellName('euw1-a');
  const offered: LedgerEvent = { type: 'EndpointsOffered', names, to, ledger: LEDGER };
  const awaited: LedgerEvent = { type: 'EndpointsAwaited', names, from: to };
  const raised: LedgerEvent = { type: 'FormatRaised', format: 6 };
  const room = (...events: readonly LedgerEvent[]) => worstStateChars(stateAfter([raised, ...events]));

  it('is that of an offer that is withdrawn, from the offer on', () => {
    expect(room(offered)).toBe(room(offered, { type: 'OffersWithdrawn', names }));
    expect(room(offered)).toBeGreaterThan(room());
    expect(room(offered, { type: 'OffersEnded', names })).toBe(room());
  });

  it('gets no larger by what is given or taken', () => {
    const fenceSeq = seq(7);
    expect(room(offered, { type: 'EndpointsGiven', names, to, fenceSeq })).toBeLessThan(room(offered));
    expect(room(awaited, { type: 'EndpointsTaken', names, from: to, fenceSeq })).toBeLessThan(room(awaited));
  });

  it('is taken by an offer and by a wait, and by no end of them', () => {
    expect([offered, awaited].map(takesRoom)).toEqual([true, true]);
    const ends: readonly LedgerEvent[] = [
      { type: 'EndpointsAwaited', names, from: null },
      { type: 'OffersWithdrawn', names },
      { type: 'OffersEnded', names },
      { type: 'EndpointsGiven', names, to, fenceSeq: seq(7) },
      { type: 'EndpointsTaken', names, from: to, fenceSeq: seq(7) },
    ];
    for (const event of ends) expect(takesRoom(event), event.type).toBe(false);
  });
});

it('is taken for good by plans with trees, drains, evacuations, adoptions and a raised format alone', () => {
  const adopted: LedgerEvent = { type: 'EndpointAdopted', name: dnsName('api.example.test'), was: [] };
  for (const event of [planAppended(1), drained('i-1'), adopted])
    expect(takesRoom(event), event.type).toBe(true);
  expect(takesRoom({ type: 'FormatRaised', format: 3 })).toBe(true);
  for (const event of [keptBack(kept('api')), refusal('api', 1), retried('api'), blind('elbv2')])
    expect(takesRoom(event), event.type).toBe(false);
  expect(takesRoom({ type: 'AzEvacuated', az: 'az1', reason: 'power' })).toBe(true);
  expect(takesRoom({ type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'power' })).toBe(true);
  for (const event of [planAppended(1, { newTrees: {} }), planApplied(1, 2), fleetDeclared()])
    expect(takesRoom(event), event.type).toBe(false);
  expect(takesRoom({ type: 'TargetRestored', target: 'i-1' })).toBe(false);
});
