import { describe, expect, it } from 'vitest';
import { decide } from '../../../lib/ledger/decider/decide.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import type { CellState } from '../../../lib/ledger/decider/state.ts';
import { ADOPTED_MAX, HISTORY_MAX, STATE_CHARS_MAX, TREES_MAX } from '../../../lib/ledger/decider/state.ts';
import { worstStateChars } from '../../../lib/ledger/decider/state-room.ts';
import { sha256 } from '../../../lib/plan/canonical.ts';
import { generation, seq } from '../../../lib/plan/generation.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { planTreeLabel } from '../../../lib/plan/owned-names.ts';
import {
  asking,
  digestOf,
  drained,
  planAppended,
  planApplied,
  planStaged,
} from '../../support/ledger-events.ts';
import { given, stateAfter } from './given.ts';

const name = dnsName('api.example.test');
const held = (generation: number) => planAppended(generation, { disposition: 'held' });

describe('room in the state', () => {
  /** A state that can grow to exactly so many characters once `i-1` is drained. */
  function stateOf(chars: number): CellState {
    const after = evolve(stateAfter([drained('')]), drained('i-1'), { at: 0, by: '' });
    return stateAfter([drained('x'.repeat(chars - worstStateChars(after)))]);
  }

  it('is used to the last character, and not beyond', () => {
    expect(decide(asking(drained('i-1')), stateOf(STATE_CHARS_MAX))).toEqual({
      type: 'append',
      event: drained('i-1'),
    });
    expect(decide(asking(drained('i-1')), stateOf(STATE_CHARS_MAX + 1))).toEqual({
      type: 'refused',
      reason:
        'With TargetDrained the state of cell use1-a could grow to 128001 characters, more than 128000: let the janitor retire trees, or split the cell.',
    });
  });

  it('is not asked for by what only records what has happened', () => {
    for (const event of [planApplied(1, 2), held(1)].map((each) => ({ ...each, newTrees: {} })))
      expect(decide(asking(event as LedgerEvent), stateOf(STATE_CHARS_MAX + 9_000)).type).toBe('append');
  });

  it('is not asked for by what is recorded already', () => {
    const state = stateOf(STATE_CHARS_MAX + 9_000);
    expect(decide(asking(drained(state.drained[0] ?? '')), state)).toEqual({ type: 'recorded' });
  });
});

describe('the number of trees', () => {
  const withTrees = (count: number): CellState => ({
    ...stateAfter([planAppended(1)]),
    endpoints: {
      api: { trees: Array.from({ length: count - 1 }, (_, index) => planTreeLabel(index)) },
      web: { trees: ['g000001'] },
    },
  });
  const two = planAppended(2, { newTrees: { api: 'g009999', web: 'g009999' } });

  it('may reach its bound', () => {
    expect(decide(asking(two), withTrees(TREES_MAX - 2)).type).toBe('append');
  });

  it('may not pass it', () => {
    expect(decide(asking(two), withTrees(TREES_MAX - 1))).toEqual({
      type: 'refused',
      reason: 'Cell use1-a has 2999 trees that no janitor has retired: let the janitor run first.',
    });
  });
});

describe('a plan', () => {
  it('with a fatal finding is never appended, one with any other is', () => {
    const finding = (severity: 'fatal' | 'held' | 'note') =>
      planAppended(1, { findings: [{ code: 'no-answer', severity, subject: 'api', message: 'No answer.' }] });
    given()
      .when(asking(finding('fatal')))
      .thenRefused(/^Generation 1 has a fatal finding and is never appended\.$/);
    given()
      .when(asking(finding('held')))
      .thenAppended();
    given()
      .when(asking(finding('note')))
      .thenAppended();
  });

  it('that is not the newest is not approved, and the answer names the one that is', () => {
    given(held(1), held(2))
      .when({ type: 'ApprovePlan', generation: generation(1), digest: digestOf(1) })
      .thenRefused(
        new RegExp(
          `^Only the newest plan can be approved, and that is use1-a@2 \\(${digestOf(2).slice(0, 12)}\\): `,
        ),
      );
    given(held(1), held(2))
      .when({ type: 'ApprovePlan', generation: generation(1), digest: digestOf(2) })
      .thenRefused(/that is use1-a@2/);
  });

  it('is rejected by its generation, and the answer names it', () => {
    given()
      .when({ type: 'RejectPlan', generation: generation(1), reason: 'no' })
      .thenRefused(/^Only the newest plan can be rejected, and use1-a@1 is not it\.$/);
    given(planAppended(1))
      .when({ type: 'RejectPlan', generation: generation(1), reason: 'no' })
      .thenRefused(/^use1-a@1 is approved and may be live: roll back instead\.$/);
  });
});

describe('a staging batch', () => {
  const flipped = [planAppended(1), planApplied(1, 2), planAppended(2)];

  it('is overtaken by what is applied, unless that is the same plan or an older one', () => {
    given(...flipped)
      .when(asking({ ...planStaged(1, 'g000001.api'), digest: sha256('forged') }))
      .thenRefused(/^Generation 1 was overtaken by 1, which is applied\.$/);
    given(...flipped)
      .when(asking(planStaged(1, 'g000001.api')))
      .thenAppended();
    given(...flipped)
      .when(asking(planStaged(2, 'g000002.api')))
      .thenAppended();
  });

  it('knows its trees by label and endpoint, whatever dots the endpoint has', () => {
    const deep = planAppended(1, { newTrees: { 'a.b': 'g000001' } });
    given(deep)
      .when(asking(planStaged(1, 'g000001.a.b')))
      .thenAppended();
    given(deep)
      .when(asking(planStaged(1, 'g000001.a')))
      .thenRefused(/^The tree g000001\.a was retired, and a retired name is never used again\.$/);
    given(deep)
      .when(asking(planStaged(1, 'g000002.a.b')))
      .thenRefused(/^The tree g000002\.a\.b was retired/);
    given(deep)
      .when(asking(planStaged(1, 'g000001.a.b', 'g000002.a.b')))
      .thenRefused(/g000002/);
  });

  it('that stages one tree more is news', () => {
    const two = planAppended(1, { newTrees: { api: 'g000001', web: 'g000001' } });
    const both = planStaged(1, 'g000001.api', 'g000001.web');
    given(two, planStaged(1, 'g000001.api')).when(asking(both)).thenAppended();
    given(two, both)
      .when(asking(planStaged(1, 'g000001.web')))
      .thenRecorded();
    given(two)
      .when(asking(planStaged(1)))
      .thenRecorded();
  });
});

describe('an application', () => {
  it('is known by its generation and seq', () => {
    given(planApplied(1, 3), planApplied(2, 5))
      .when(asking(planApplied(1, 3)))
      .thenRecorded();
    given(planApplied(1, 3), planApplied(2, 5))
      .when(asking(planApplied(1, 4)))
      .thenAppended();
    given(planApplied(1, 3), planApplied(2, 5))
      .when(asking(planApplied(3, 3)))
      .thenAppended();
    given(planApplied(2, 5))
      .when(asking(planApplied(2, 5)))
      .thenRecorded();
    given(planApplied(2, 5))
      .when(asking(planApplied(3, 5)))
      .thenAppended();
  });

  it('is forgotten only before the oldest that a full history reaches', () => {
    const full = Array.from({ length: HISTORY_MAX }, (_, index) => planApplied(index + 10, 2 * index + 20));
    given(...full)
      .when(asking(planApplied(99, 19)))
      .thenRecorded();
    given(...full)
      .when(asking(planApplied(99, 20)))
      .thenAppended();
    given(...full)
      .when(asking(planApplied(99, 31)))
      .thenAppended();
  });
});

describe('a fence that is ahead', () => {
  const ahead = (seen: number, next?: number): LedgerEvent => ({
    type: 'FenceAhead',
    fenceGeneration: generation(seen),
    fenceSeq: seq(40),
    ...(next === undefined
      ? {}
      : { reissue: { generation: generation(next), parent: 1, digest: digestOf(1) } }),
  });

  it('is passed by more than what was held meanwhile', () => {
    const many = [planAppended(1), held(2), held(3), held(4), held(5)];
    given(...many)
      .when(asking(ahead(3, 6)))
      .thenAppended();
    given(...many)
      .when(asking(ahead(3, 4)))
      .thenRefused(/^The goal must be reissued as generation 6, not 4: decide again\.$/);
  });

  it('without a goal is noted until the log has counted that far', () => {
    given(held(1))
      .when(asking(ahead(1)))
      .thenRecorded();
    given(held(1))
      .when(asking(ahead(2)))
      .thenAppended();
    given(held(1))
      .when(asking(ahead(1, 2)))
      .thenAppended();
  });
});

describe('what was found', () => {
  it('is news when any of it is', () => {
    const drift: LedgerEvent = { type: 'DriftFound', count: 1, names: [name] };
    given(drift)
      .when(asking({ ...drift, names: [dnsName('web.example.test')] }))
      .thenAppended();
    const regressed: LedgerEvent = { type: 'ZoneRegressed', what: 'fence', name, found: '1', expected: '2' };
    given(regressed)
      .when(asking({ ...regressed, expected: '3' }))
      .thenAppended();
    const rescue: LedgerEvent = {
      type: 'RescueFound',
      generation: generation(3),
      seq: seq(9),
      plan: 'abc',
      by: 'ana',
    };
    given(rescue)
      .when(asking({ ...rescue, plan: 'abd' }))
      .thenAppended();
  });
});

it('adopts as many names as it can remember', () => {
  const adopted = (index: number): LedgerEvent => ({
    type: 'EndpointAdopted',
    name: dnsName(`e${index}.example.test`),
    was: [],
  });
  const many = Array.from({ length: ADOPTED_MAX }, (_, index) => adopted(index));
  given(...many.slice(1))
    .when(asking(adopted(0)))
    .thenAppended();
  given(...many)
    .when(asking(adopted(7)))
    .thenRecorded();
  given(...many)
    .when(asking(adopted(ADOPTED_MAX)))
    .thenRefused(
      /^120 names are adopted and not yet in an applied plan: push the fleet that declares them\.$/,
    );
});

it('drains and evacuates no more than it can remember, and says what to do', () => {
  const many = Array.from({ length: 256 }, (_, index) => drained(`i-${index}`));
  given(...many)
    .when(asking(drained('one-more')))
    .thenRefused(/^256 targets are drained already: evacuate the availability zone instead\.$/);
  given(...many.slice(1))
    .when(asking(drained('one-more')))
    .thenAppended();
  const evacuated = (az: string): LedgerEvent => ({ type: 'AzEvacuated', az, reason: 'power' });
  const zones = Array.from({ length: 32 }, (_, index) => evacuated(`az${index}`));
  given(...zones)
    .when(asking(evacuated('one-more')))
    .thenRefused(/^32 availability zones are evacuated already: restore one first\.$/);
  given(...zones.slice(1))
    .when(asking(evacuated('one-more')))
    .thenAppended();
  const raised: LedgerEvent = { type: 'FormatRaised', format: 5 };
  const left = (branch: string): LedgerEvent => ({ type: 'BranchEvacuated', branch, reason: 'power' });
  const branches = Array.from({ length: 32 }, (_, index) => left(`b${index}`));
  given(raised, ...branches)
    .when(asking(left('one-more')))
    .thenRefused(/^32 branches are evacuated already: restore one first\.$/);
  given(raised, ...branches.slice(1))
    .when(asking(left('one-more')))
    .thenAppended();
});
