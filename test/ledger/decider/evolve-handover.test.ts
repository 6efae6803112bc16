import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { goneNames } from '../../../lib/ledger/decider/evolve-handover.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { LEDGER, planAppended, planApplied } from '../../support/ledger-events.ts';
import { kept, keptBack, refusal } from '../../support/obstacle-events.ts';
import { FIRST_AT, stateAfter } from './given.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const DOCS = dnsName('docs.example.test');
const OTHER = cellName('euw1-a');
const THIRD = cellName('apse2-c');
const fenceSeq = seq(9);

const raised: LedgerEvent = { type: 'FormatRaised', format: 6 };
const offered: LedgerEvent = { type: 'EndpointsOffered', names: [API], to: OTHER, ledger: LEDGER };
const given: LedgerEvent = { type: 'EndpointsGiven', names: [API], to: OTHER, fenceSeq };
const awaited: LedgerEvent = { type: 'EndpointsAwaited', names: [API], from: OTHER };
const taken: LedgerEvent = { type: 'EndpointsTaken', names: [API], from: OTHER, fenceSeq };
const withdrawn: LedgerEvent = { type: 'OffersWithdrawn', names: [API] };

const applied = (number: number, ...endpoints: readonly (typeof API)[]) =>
  planApplied(number, number + 1, { endpoints, rollbacks: {}, changeId: `C${number}` });

/** A cell of format 6 that owns `api` and `web` by plan 1, three events. */
const OWNS: readonly LedgerEvent[] = [raised, planAppended(1), applied(1, API, WEB)];

describe('an offered endpoint', () => {
  it('stays the cell’s, whatever is applied meanwhile', () => {
    const state = stateAfter([...OWNS, offered, planAppended(2), applied(2, API, WEB)]);
    expect(state.offers).toEqual([{ name: API, to: OTHER, ledger: LEDGER, at: FIRST_AT + 3_000 }]);
    expect(state.owned).toEqual([API, WEB]);
    expect([...goneNames(state)]).toEqual([]);
  });

  it('is offered until no offer of it stands in the zone, also once it is withdrawn', () => {
    const [offer] = stateAfter([...OWNS, offered]).offers;
    expect(stateAfter([...OWNS, offered, withdrawn]).offers).toEqual([{ ...offer, withdrawn: true }]);
    const ended = stateAfter([...OWNS, offered, withdrawn, { type: 'OffersEnded', names: [API] }]);
    expect(ended.offers).toEqual([]);
    expect(ended.owned).toEqual([API, WEB]);
  });

  it('is one of several, in order of name, each offered by itself', () => {
    const state = stateAfter([
      ...OWNS,
      { ...offered, names: [WEB], to: THIRD },
      offered,
      { ...withdrawn, names: [WEB] },
    ]);
    expect(state.offers.map(({ name, to, withdrawn: is }) => [name, to, is])).toEqual([
      [API, OTHER, undefined],
      [WEB, THIRD, true],
    ]);
  });
});

describe('a given endpoint', () => {
  it('is no longer the cell’s, nor is anything that stood in its way', () => {
    const state = stateAfter([
      ...OWNS,
      { type: 'EndpointAdopted', name: API, was: [] },
      keptBack(kept('api'), kept('web')),
      refusal('api', 1),
      refusal('web', 1),
      offered,
      given,
    ]);
    expect(state).toMatchObject({
      offers: [],
      given: [{ name: API, to: OTHER, at: FIRST_AT + 8_000 }],
      owned: [WEB],
      adopted: [],
      keptBack: [{ name: WEB }],
      refused: [{ name: WEB }],
    });
    expect([...goneNames(state)]).toEqual([API]);
  });

  it('never comes back by a plan that is recorded as applied late', () => {
    const late = stateAfter([...OWNS, planAppended(2), offered, given, applied(2, API, WEB)]);
    expect(late.owned).toEqual([WEB]);
    expect(late.applied?.generation).toBe(2);
    const later = stateAfter([
      ...OWNS,
      offered,
      given,
      applied(1, API, WEB),
      planAppended(2),
      applied(2, API),
    ]);
    expect(later.owned).toEqual([]);
  });

  it('leaves no change of the cell’s own to wait for, until another plan is applied', () => {
    expect(stateAfter([...OWNS, offered]).applied).toMatchObject({ generation: 1, changeId: 'C1' });
    const state = stateAfter([...OWNS, offered, given]);
    expect(state.applied).toMatchObject({ generation: 1 });
    expect(state.applied).not.toHaveProperty('changeId');
    const next = stateAfter([...OWNS, offered, given, planAppended(2), applied(2, WEB)]);
    expect(next.applied).toMatchObject({ generation: 2, changeId: 'C2' });
  });

  it('is given also where no plan was ever applied', () => {
    const state = stateAfter([raised, awaited, taken, offered, given]);
    expect(state).toMatchObject({ applied: null, owned: [], given: [{ name: API, to: OTHER }] });
  });

  it('is remembered with the 239 that were given after it', () => {
    const names = Array.from({ length: 241 }, (_, index) => dnsName(`e${index}.example.test`));
    const state = stateAfter([
      raised,
      planAppended(1),
      applied(1, ...names),
      ...names.map((name): LedgerEvent => ({ ...offered, names: [name] })),
      ...names.map((name): LedgerEvent => ({ ...given, names: [name] })),
    ]);
    expect(state.given.map(({ name }) => name)).toEqual(names.slice(1).reverse());
    expect(state.owned).toEqual([]);
  });

  it('is remembered as it was given last', () => {
    const again: LedgerEvent = { ...given, to: THIRD };
    const state = stateAfter([
      ...[...OWNS, offered, given, awaited, taken],
      ...[{ ...offered, to: THIRD }, again],
    ]);
    expect(state.given).toEqual([{ name: API, to: THIRD, at: FIRST_AT + 8_000 }]);
  });
});

describe('an awaited endpoint', () => {
  it('is not the cell’s, whichever plan with it is applied, before it is taken', () => {
    const state = stateAfter([
      ...OWNS,
      { ...awaited, names: [DOCS] },
      planAppended(2),
      applied(2, API, DOCS),
    ]);
    expect(state.awaited).toEqual([{ name: DOCS, from: OTHER, at: FIRST_AT + 3_000 }]);
    expect(state.owned).toEqual([API]);
  });

  it('is the cell’s from the event on that says it was taken', () => {
    const names = [DOCS];
    const events: readonly LedgerEvent[] = [...OWNS, { ...awaited, names }, { ...taken, names }];
    expect(stateAfter(events)).toMatchObject({ awaited: [], owned: [API, WEB, DOCS] });
    expect(stateAfter([...events, planAppended(2), applied(2, API, DOCS)]).owned).toEqual([API, DOCS]);
  });

  it('is awaited no more once nobody waits', () => {
    const state = stateAfter([
      ...OWNS,
      { ...awaited, names: [DOCS] },
      { ...awaited, names: [DOCS], from: null },
    ]);
    expect(state.awaited).toEqual([]);
    expect(stateAfter([raised, awaited, { ...awaited, from: THIRD }]).awaited).toMatchObject([
      { from: THIRD },
    ]);
  });

  it('that was given before comes back by the same', () => {
    const back = [...OWNS, offered, given, awaited];
    // It may be planned again before it is here.
    expect([...goneNames(stateAfter(back))]).toEqual([]);
    expect(stateAfter([...back, planAppended(2), applied(2, API, WEB)]).owned).toEqual([WEB]);
    const here = stateAfter([...back, taken]);
    expect(here).toMatchObject({ given: [], awaited: [], owned: [WEB, API] });
    expect([...goneNames(stateAfter([...back, { ...awaited, from: null }]))]).toEqual([API]);
  });
});
