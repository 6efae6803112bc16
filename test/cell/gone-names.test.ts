import { describe, expect, it } from 'vitest';
import { fleetWithout, knowledgeOf } from '../../lib/cell/cell-knowledge.ts';
import { awaitedOf, goneFrom, planWithout } from '../../lib/cell/gone-names.ts';
import { isAtGoal } from '../../lib/cell/proposal.ts';
import type { CellState } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { putPlan } from '../../lib/ledger/plan-bodies.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { desiredOf, endpoint, fleetOf, planOf, target } from '../plan/given-fleet.ts';
import { aliased } from '../plan/given-zone.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const DOCS = dnsName('docs.example.test');
const OTHER = cellName('euw1-a');
const FLEET = fleetOf([target('a')], [endpoint(API, ['a']), endpoint(WEB, ['a'])]);
const PLAN = planOf(desiredOf(FLEET));

const offered = (name: typeof API) => ({ name, to: OTHER, ledger: '0123abcd', at: 1 });
const given = (name: typeof API) => ({ name, to: OTHER, at: 1 });
const awaited = (name: typeof API) => ({ name, from: OTHER, at: 1 });
const view = zoneView([aliased(API, treeName('g000001', API, { ...SCOPE, cell: OTHER }))]);

describe('what is gone', () => {
  const gone = (state: Partial<CellState>, seen: typeof view | undefined) =>
    [...goneFrom({ ...initialState(CELL, LEDGER), ...state }, seen, SCOPE)].sort();

  it('is what the log says was given, and what the zone shows of its offers', () => {
    expect(gone({ given: [given(WEB)] }, undefined)).toEqual([WEB]);
    expect(gone({ offers: [offered(API), offered(WEB)] }, view)).toEqual([API]);
    expect(gone({ offers: [offered(API)], given: [given(WEB)] }, view)).toEqual([API, WEB]);
  });

  it('is nothing that is only offered, or whose zone was not read', () => {
    expect(gone({ offers: [offered(API), offered(WEB)] }, undefined)).toEqual([]);
    expect(gone({ offers: [offered(WEB)] }, view)).toEqual([]);
    expect(gone({}, view)).toEqual([]);
  });

  it('is nothing that the cell awaits back', () => {
    expect(gone({ given: [given(API)], awaited: [awaited(API)] }, view)).toEqual([]);
  });

  it('is left out of plans and fleets, which are the same where nothing of them is', () => {
    const { endpoints } = planWithout(PLAN, new Set([API]));
    expect(endpoints.map(({ name }) => name)).toEqual([WEB]);
    expect(planWithout(PLAN, new Set([DOCS]))).toBe(PLAN);
    expect(fleetWithout(FLEET, new Set([API])).endpoints.map(({ name }) => name)).toEqual([WEB]);
    expect(fleetWithout(FLEET, new Set([DOCS]))).toBe(FLEET);
  });

  it('is not what is awaited, each from its cell', () => {
    expect([...awaitedOf({ awaited: [awaited(API), awaited(WEB)] })]).toEqual([
      [API, OTHER],
      [WEB, OTHER],
    ]);
  });
});

describe('a planner of a cell whose endpoint is gone', () => {
  async function known(state: Partial<CellState>) {
    const ledger = memoryLedger(LEDGER, { missingBodies: 'allow' });
    const digest = await putPlan(ledger, PLAN);
    const ref = { generation: generation(1), digest, at: 1 };
    const more = {
      ...({ origin: 'planner', lane: 'routine', disposition: 'approved', by: 'planner' } as const),
      ...{ findings: 0, removedPermille: 0 },
    };
    const applied = { ...ref, seq: seq(2), by: 'enactor-a' };
    const all: CellState = {
      ...{ ...initialState(CELL, LEDGER), format: 6, highest: 1, owned: [API, WEB] },
      ...{ goal: { ...ref, ...more }, newest: { ...ref, ...more }, applied },
      ...state,
    };
    const head = { cell: CELL, number: 9, hash: 'h', state: all };
    return knowledgeOf(ledger, head, { declared: FLEET, observations: {}, now: 1 });
  }

  it('plans without it, although the fleet declares it, and replaces the goal that has it', async () => {
    const knowledge = await known({ given: [given(API)] });
    const { fleet, desired, applied, sheds } = knowledge;
    for (const { endpoints } of [fleet, desired.base, applied].flatMap((each) => each ?? []))
      expect(endpoints.map(({ name }) => name)).toEqual([WEB]);
    expect(sheds).toBe(1);
    expect(isAtGoal(knowledge, desiredEndpoints(desired))).toBe(false);
  });

  it('keeps the goal where nothing of it is gone', async () => {
    const knowledge = await known({ given: [given(DOCS)], offers: [offered(API)] });
    expect(knowledge.sheds).toBe(0);
    expect(isAtGoal(knowledge, desiredEndpoints(knowledge.desired))).toBe(true);
  });
});
