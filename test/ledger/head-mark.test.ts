import { describe, expect, it } from 'vitest';
import { decide, lostEventText } from '../../lib/ledger/decider/decide.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { executeAt } from '../../lib/ledger/execute.ts';
import { contradicts, markOf, unsaidMark } from '../../lib/ledger/head-mark.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';
import { SINCE_4 } from '../support/obstacle-events.ts';
import { given, stateAfter } from './decider/given.ts';

const HASH = `5be1c07ad00d${'0'.repeat(52)}`;
const HEAD = { number: 100, hash: HASH };
const LOST = { number: 151, digits: '0badf00d0bad' };
const SAID: LedgerEvent = { type: 'LogContradicted', ...LOST };
const occasion = { at: () => 1_790_000_000_000, by: 'enactor-a' };

describe('a mark', () => {
  it('is the number of an event and the first digits of its hash', () => {
    expect(markOf(HEAD)).toEqual({ number: 100, digits: '5be1c07ad00d' });
    expect(markOf({ number: 0, hash: HASH })).toBeUndefined();
  });

  it.each([
    ['above the head', LOST, true],
    ['at the head with its digits', { number: 100, digits: '5be1c07ad00d' }, false],
    ['at the head with other digits', { number: 100, digits: '0badf00d0bad' }, true],
    ['below the head, where the head alone shows nothing', { number: 99, digits: '0badf00d0bad' }, false],
  ])('%s', (_, mark, expected) => {
    expect(contradicts(mark, HEAD)).toBe(expected);
  });

  it('is not said until the log names it, number and digits, and is never said in an older format', () => {
    const said = stateAfter([SINCE_4, SAID]);
    const at = (state: ReturnType<typeof stateAfter>, mark = LOST) => unsaidMark({ ...HEAD, state }, mark);
    expect(at(stateAfter([SINCE_4]))).toEqual(LOST);
    expect(at(said)).toBeUndefined();
    expect(at(said, { ...LOST, number: 152 })).toEqual({ ...LOST, number: 152 });
    expect(at(said, { ...LOST, digits: '5be1c07ad00d' })).toEqual({ ...LOST, digits: '5be1c07ad00d' });
    expect(at(stateAfter([]))).toBeUndefined();
    expect(unsaidMark({ ...HEAD, state: said }, undefined)).toBeUndefined();
  });
});

describe('a log that lost an event of an anchor', () => {
  const state = stateAfter([SINCE_4]);

  it('takes nothing but the event that says so', () => {
    const paused = { type: 'PausePlanner', reason: 'looking' } as const;
    expect(decide(paused, state, LOST)).toEqual({ type: 'refused', reason: lostEventText(CELL, LOST) });
    expect(decide({ type: 'ReportContradiction', ...LOST }, state, LOST)).toEqual({
      type: 'append',
      event: SAID,
    });
    expect(decide(paused, state).type).toBe('append');
  });

  it('has no news for what it holds already', () => {
    expect(decide({ type: 'ResumePlanner' }, state, LOST)).toEqual({ type: 'recorded' });
    given(SINCE_4, SAID)
      .when({ type: 'ReportContradiction', ...LOST })
      .thenRecorded();
    given(SINCE_4, SAID)
      .when({ type: 'ReportContradiction', ...LOST, number: 152 })
      .thenAppended();
  });

  it('goes on once it has said so, by whoever knows the anchor', async () => {
    const ledger = memoryLedger(LEDGER, { firstFormat: 4 });
    const knowing = { ...occasion, anchor: LOST };
    const paused = { type: 'PausePlanner', reason: 'looking' } as const;
    const first = await executeAt(ledger, await ledger.head(CELL), knowing, paused);
    expect(first).toMatchObject({ type: 'refused' });
    const said = await executeAt(ledger, await ledger.head(CELL), knowing, {
      type: 'ReportContradiction',
      ...LOST,
    });
    expect(said).toMatchObject({ type: 'appended', head: { state: { contradicted: LOST } } });
    const then = await executeAt(ledger, await ledger.head(CELL), knowing, paused);
    expect(then).toMatchObject({ type: 'appended' });
  });
});
