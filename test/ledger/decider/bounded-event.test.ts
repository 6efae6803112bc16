import { describe, expect, it } from 'vitest';
import { boundedEvent } from '../../../lib/ledger/decider/bounded-event.ts';
import type { LedgerEvent, ZoneFacts } from '../../../lib/ledger/decider/events.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { drained, planAppended, planApplied } from '../../support/ledger-events.ts';
import { blind, kept, keptBack, refusal, rejected } from '../../support/obstacle-events.ts';

const name = dnsName('api.example.test');
const whole = 'x'.repeat(400);
const long = 'x'.repeat(401);
const cut = `${'x'.repeat(397)}...`;
/** 100 characters each: 40 of them are 4,000. */
const names = Array.from({ length: 41 }, (_, index) =>
  dnsName(`n${String(index).padStart(2, '0')}.${'a'.repeat(50)}.${'b'.repeat(45)}`),
);
const fitting = names.slice(0, 40);

describe('texts', () => {
  it('of 400 characters stay, longer ones are cut and say so', () => {
    const frozen = (reason: string): LedgerEvent => ({ type: 'CellFrozen', reason });
    expect(boundedEvent(frozen(whole))).toEqual(frozen(whole));
    expect(boundedEvent(frozen(long))).toEqual(frozen(cut));
    const paused = (reason: string): LedgerEvent => ({ type: 'PlannerPaused', reason });
    expect(boundedEvent(paused(long))).toEqual(paused(cut));
  });

  it('are never cut within a character', () => {
    const faces = `${'x'.repeat(396)}😀😀😀`;
    expect(boundedEvent({ type: 'CellFrozen', reason: faces })).toEqual({
      type: 'CellFrozen',
      reason: `${'x'.repeat(396)}\uFFFD...`,
    });
  });

  it('of a regression and of a rescue are cut, both of them', () => {
    const regressed = { type: 'ZoneRegressed', what: 'root', name } as const;
    expect(boundedEvent({ ...regressed, found: long, expected: long })).toEqual({
      ...regressed,
      found: cut,
      expected: cut,
    });
    const rescue = { type: 'RescueFound', generation: generation(1), seq: seq(2) } as const;
    expect(boundedEvent({ ...rescue, plan: long, by: long })).toEqual({ ...rescue, plan: cut, by: cut });
  });
});

describe('lists of names', () => {
  it('are cut at 4,000 characters, and counts stay those of the whole', () => {
    const found: LedgerEvent = { type: 'DriftFound', count: 41, names };
    expect(boundedEvent(found)).toEqual({ ...found, names: fitting });
    const repaired: LedgerEvent = { type: 'DriftRepaired', count: 41, names, seq: seq(7) };
    expect(boundedEvent(repaired)).toEqual({ ...repaired, names: fitting });
    expect(boundedEvent({ ...found, names: fitting })).toEqual({ ...found, names: fitting });
  });

  it('of a survey are cut, each by itself', () => {
    const facts: ZoneFacts = {
      records: 9,
      recordLimit: 10_000,
      negativeTtlS: 60,
      delegations: names,
      conflicts: names,
    };
    expect(boundedEvent({ type: 'ZoneSurveyed', facts })).toEqual({
      type: 'ZoneSurveyed',
      facts: { ...facts, delegations: fitting, conflicts: fitting },
    });
  });
});

describe('what stands in the way of endpoints', () => {
  it("has Route 53's words up to 1,000 characters, and 4,000 of the record sets", () => {
    const records = names.map(String);
    const refused = refusal('api', 3, { reason: 'x'.repeat(1_001), records });
    const bounded = { ...refused, reason: `${'x'.repeat(997)}...`, records: records.slice(0, 40) };
    expect(boundedEvent(refused)).toEqual(bounded);
    expect(boundedEvent(bounded)).toEqual(bounded);
  });

  it('has the reason of a person up to 400 characters', () => {
    expect(boundedEvent({ ...rejected(kept('api')), reason: long })).toEqual({
      ...rejected(kept('api')),
      reason: cut,
    });
  });

  it('has at most 16 sources, one of a name, in order of name', () => {
    const many = Array.from({ length: 20 }, (_, index) => `s${String(19 - index).padStart(2, '0')}`);
    expect(boundedEvent(blind(...many, 's03'))).toEqual(blind(...[...many].sort().slice(0, 16)));
    const odd: LedgerEvent = { type: 'SourcesBlind', sources: [{ source: long, reason: long }] };
    expect(boundedEvent(odd)).toEqual({
      type: 'SourcesBlind',
      sources: [{ source: `${'x'.repeat(61)}...`, reason: cut }],
    });
  });

  it('has every endpoint that is kept back, one of a name, and as many reasons as fit', () => {
    const [web, api] = [kept('web'), kept('api')];
    expect(boundedEvent(keptBack(web, api, web))).toEqual(keptBack(api, web));
    const endless = { code: 'x', severity: 'held', subject: 'x'.repeat(30_000) } as const;
    const waiting = [
      { ...api, findings: [endless] },
      { ...web, findings: [endless] },
    ];
    const fits = [
      { ...api, findings: [endless] },
      { ...web, findings: [] },
    ];
    expect(boundedEvent(keptBack(...waiting))).toEqual(keptBack(...fits));
    expect(boundedEvent(planAppended(1, { keptBack: waiting }))).toEqual(planAppended(1, { keptBack: fits }));
    expect(boundedEvent(planAppended(1))).toEqual(planAppended(1));
  });
});

it('leaves what no state keeps as it is', () => {
  const events: readonly LedgerEvent[] = [
    { ...drained(long), type: 'TargetDrained', target: 'i-1', reason: long },
    planApplied(1, 2, { enactor: long }),
    { type: 'PlanRejected', generation: generation(1), reason: long },
    { type: 'CellThawed' },
  ];
  for (const event of events) expect(boundedEvent(event)).toBe(event);
});
