import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import { sameKeptBack } from '../../../lib/ledger/decider/decide-obstacles.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { canRecord } from '../../../lib/ledger/decider/formats.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { BLIND_MAX } from '../../../lib/ledger/decider/state.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { asking, fleetDeclared, planAppended, planApplied } from '../../support/ledger-events.ts';
import { blind, kept, keptBack, refusal, rejected, retried, SINCE_3 } from '../../support/obstacle-events.ts';
import { given, stateAfter } from './given.ts';

const NEW_EVENTS: readonly LedgerEvent[] = [
  keptBack(kept('api')),
  rejected(kept('api')),
  refusal('api', 1),
  retried('api'),
  blind('elbv2'),
];

describe.each(NEW_EVENTS)('$type', (event) => {
  it('is refused in a cell of an older format, and a role knows before it asks', () => {
    for (const before of [[], [{ type: 'FormatRaised', format: 2 } as const]]) {
      given(...before)
        .when(asking(event))
        .thenRefused(
          /^Cell use1-a is written in format [12], which does not have \w+: run "pawl upgrade use1-a"/,
        );
      expect(canRecord(stateAfter(before), event.type)).toBe(false);
    }
    expect(canRecord(stateAfter([SINCE_3]), event.type)).toBe(true);
    expect(canRecord(stateAfter([]), 'PlanAppended')).toBe(true);
  });
});

describe('what is kept back', () => {
  const both = keptBack(kept('api'), kept('web'));

  it('is recorded when it is news: another endpoint, something else that waits, or another reason', () => {
    given(SINCE_3).when(asking(both)).thenAppended();
    given(SINCE_3, both).when(asking(both)).thenRecorded();
    given(SINCE_3, both)
      .when(asking(keptBack(kept('web'), kept('api'))))
      .thenRecorded();
    given(SINCE_3, both)
      .when(asking(keptBack(kept('api'))))
      .thenAppended();
    given(SINCE_3, both)
      .when(asking(keptBack(kept('api', 'bbbbbbbbbbbb'), kept('web'))))
      .thenAppended();
    given(SINCE_3, both)
      .when(asking(keptBack({ ...kept('api'), findings: [] }, kept('web'))))
      .thenAppended();
    given(SINCE_3, both).when(asking(keptBack())).thenAppended();
    given(SINCE_3).when(asking(keptBack())).thenRecorded();
  });

  it('is known from the plan beside which it was appended', () => {
    given(SINCE_3, planAppended(1, { keptBack: both.endpoints }))
      .when(asking(both))
      .thenRecorded();
  });

  it('is no news again where the state has no room for every reason', () => {
    const long = (label: string) => ({
      ...kept(label),
      findings: [
        {
          ...kept(label).findings[0],
          code: 'x',
          severity: 'held' as const,
          subject: 'x',
          message: 'm'.repeat(900),
        },
      ],
    });
    const many = Array.from({ length: 120 }, (_, index) => long(`e${index}`));
    const state = stateAfter([SINCE_3, keptBack(...many)]);
    expect(state.keptBack).toHaveLength(120);
    expect(state.keptBack.some(({ findings }) => findings.length === 0)).toBe(true);
    expect(decide(asking(keptBack(...many)), state)).toEqual({ type: 'recorded' });
    expect(sameKeptBack(state.keptBack, many)).toBe(true);
    expect(sameKeptBack(state.keptBack, many.slice(1))).toBe(false);
  });

  it('is rejected as it was shown, and once', () => {
    given(SINCE_3, both)
      .when(asking(rejected(kept('api'))))
      .thenAppended();
    given(SINCE_3, both, rejected(kept('api')))
      .when(asking(rejected(kept('api'))))
      .thenRecorded();
    given(SINCE_3, both, rejected(kept('api')))
      .when(asking(rejected(kept('api'), kept('web'))))
      .thenAppended();
    given(SINCE_3, both)
      .when(asking(rejected(kept('web', 'bbbbbbbbbbbb'))))
      .thenRefused(/^Something else of web\.example\.test waits now \(aaaaaaaaaaaa\): look at it/);
    given(SINCE_3, both, keptBack(kept('web')))
      .when(asking(rejected(kept('web'), kept('api'))))
      .thenRefused(/^Nothing of api\.example\.test waits in cell use1-a any more/);
  });
});

describe('a refusal', () => {
  it('of one plan is recorded once, however many find it out', () => {
    given(SINCE_3)
      .when(asking(refusal('api', 3)))
      .thenAppended();
    given(SINCE_3, refusal('api', 3))
      .when(asking(refusal('api', 3, { reason: 'Throttled.', batches: 2, attempt: 1 })))
      .thenRecorded();
    given(SINCE_3, refusal('api', 3))
      .when(asking(refusal('api', 2)))
      .thenRecorded();
    given(SINCE_3, refusal('api', 3))
      .when(asking(refusal('web', 3)))
      .thenAppended();
    given(SINCE_3, refusal('api', 3))
      .when(asking(refusal('api', 4)))
      .thenAppended();
  });

  it('of another attempt under the same plan is another one', () => {
    const repair = (attempt: number) => refusal('api', 3, { step: 'repair', attempt });
    given(SINCE_3, repair(1))
      .when(asking(repair(1)))
      .thenRecorded();
    given(SINCE_3, repair(1))
      .when(asking(repair(2)))
      .thenAppended();
    given(SINCE_3, repair(1), repair(2))
      .when(asking(repair(2)))
      .thenRecorded();
  });

  it('is tried again when somebody asks, who is told when there is none', () => {
    given(SINCE_3, refusal('api', 3))
      .when(asking(retried('api')))
      .thenAppended();
    given(SINCE_3, refusal('api', 3), retried('api'))
      .when(asking(retried('api')))
      .thenRecorded();
    given(SINCE_3, refusal('api', 3), retried('api'), refusal('api', 4))
      .when(asking(retried('api')))
      .thenAppended();
    given(SINCE_3, refusal('api', 3))
      .when(asking(retried('web')))
      .thenRefused(/^Nothing of web\.example\.test in cell use1-a was refused/);
  });
});

describe('blind sources', () => {
  it('are recorded when others are blind, not when they say something else', () => {
    given(SINCE_3)
      .when(asking(blind('elbv2')))
      .thenAppended();
    given(SINCE_3, blind('ec2', 'elbv2'))
      .when(asking(blind('elbv2', 'ec2')))
      .thenRecorded();
    given(SINCE_3, blind('elbv2'))
      .when(asking({ type: 'SourcesBlind', sources: [{ source: 'elbv2', reason: 'denied' }] }))
      .thenRecorded();
    given(SINCE_3, blind('elbv2'))
      .when(asking(blind('ec2', 'elbv2')))
      .thenAppended(blind('ec2', 'elbv2'));
    given(SINCE_3, blind('elbv2')).when(asking(blind())).thenAppended();
    given(SINCE_3).when(asking(blind())).thenRecorded();
    given(SINCE_3, blind('a,b'))
      .when(asking(blind('a', 'b')))
      .thenAppended();
  });

  it('are no news again where there are more than a state remembers', () => {
    const many = blind(
      ...Array.from({ length: BLIND_MAX + 5 }, (_, index) => `source-${index}`.padEnd(99, 'x')),
    );
    const first = decide(asking(many), stateAfter([SINCE_3]));
    if (first.type !== 'append') throw new Error(first.type);
    given(SINCE_3, first.event).when(asking(many)).thenRecorded();
  });
});

describe('a regression', () => {
  const name = dnsName('api.example.test');
  const seen = (fenceSeq: number, more: object = {}): LedgerEvent & { type: 'ZoneRegressed' } => ({
    ...{ type: 'ZoneRegressed', what: 'root', name, found: 'a', expected: 'b', fenceSeq: seq(fenceSeq) },
    ...more,
  });
  const repaired: LedgerEvent = { type: 'DriftRepaired', count: 1, names: [name], seq: seq(8) };

  it('that five enactors see is recorded once, before its repair and after it', () => {
    given(SINCE_3)
      .when(asking(seen(7)))
      .thenAppended();
    given(SINCE_3, seen(7))
      .when(asking(seen(7)))
      .thenRecorded();
    given(SINCE_3, seen(7), repaired)
      .when(asking(seen(7)))
      .thenRecorded();
    given(SINCE_3, seen(7), planApplied(1, 8, { reason: 'repair' }), repaired)
      .when(asking(seen(7)))
      .thenRecorded();
  });

  it('that happens anew is recorded again: at another fence, name or value', () => {
    given(SINCE_3, seen(7), repaired)
      .when(asking(seen(8)))
      .thenAppended();
    given(SINCE_3, seen(7), repaired)
      .when(asking(seen(7, { found: 'c' })))
      .thenAppended();
    for (const before of [[seen(7)], [seen(7), repaired]])
      given(SINCE_3, ...before)
        .when(asking(seen(7, { name: dnsName('web.example.test') })))
        .thenAppended();
  });

  it('that nobody has repaired is the same one, wherever the fence is by now', () => {
    given(SINCE_3, seen(7))
      .when(asking(seen(9)))
      .thenRecorded();
  });
});

describe('room for format 3', () => {
  it('is asked for by the event that raises a cell to it', () => {
    const labels = Array.from({ length: 500 }, (_, index) => `e${index}`);
    const crowded: CellState = {
      ...stateAfter([fleetDeclared()]),
      endpoints: Object.fromEntries(labels.map((label) => [label, { trees: ['g000001'] }])),
    };
    expect(decide({ type: 'RaiseFormat', format: 2 }, crowded).type).toBe('append');
    expect(decide({ type: 'RaiseFormat', format: 3 }, crowded)).toMatchObject({
      type: 'refused',
      reason: expect.stringMatching(
        /^With FormatRaised the state of cell use1-a could grow to \d+ characters, more than 272000: let the janitor/,
      ),
    });
    given().when({ type: 'RaiseFormat', format: 3 }).thenAppended();
  });
});
