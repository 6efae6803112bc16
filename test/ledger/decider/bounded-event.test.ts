import { describe, expect, it } from 'vitest';
import { boundedEvent } from '../../../lib/ledger/decider/bounded-event.ts';
import type { LedgerEvent, ZoneFacts } from '../../../lib/ledger/decider/events.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { drained, planApplied } from '../../support/ledger-events.ts';

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

it('leaves what no state keeps as it is', () => {
  const events: readonly LedgerEvent[] = [
    { ...drained(long), type: 'TargetDrained', target: 'i-1', reason: long },
    planApplied(1, 2, { enactor: long }),
    { type: 'PlanRejected', generation: generation(1), reason: long },
    { type: 'CellThawed' },
  ];
  for (const event of events) expect(boundedEvent(event)).toBe(event);
});
