import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Occasion } from '../../lib/ledger/execute.ts';
import { execute, executeAt } from '../../lib/ledger/execute.ts';
import type { AppendOutcome, Ledger } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { generation } from '../../lib/plan/generation.ts';
import { asking, CELL, drained, LEDGER } from '../support/ledger-events.ts';

const occasion: Occasion = { at: () => 1_790_000_000_000, by: 'operator:ana' };
const thawed: LedgerEvent = { type: 'CellThawed' };
const rejected: LedgerEvent = { type: 'PlanRejected', generation: generation(1), reason: 'no' };

/** A ledger whose appends are answered by `answer`; undefined lets one through. */
function answering(answer: (attempt: number) => AppendOutcome | undefined) {
  const ledger = memoryLedger(LEDGER, { missingBodies: 'allow' });
  const seen = { heads: 0, appends: 0 };
  const scripted: Ledger = {
    ...ledger,
    head: (cell) => {
      seen.heads += 1;
      return ledger.head(cell);
    },
    append: async (head, entry) => {
      seen.appends += 1;
      return answer(seen.appends) ?? ledger.append(head, entry);
    },
  };
  return { ledger: scripted, seen };
}

describe('a proposal', () => {
  it('is appended with its time and writer', async () => {
    const { ledger } = answering(() => undefined);
    const outcome = await execute(ledger, CELL, occasion, () => asking(drained('i-1')));
    expect(outcome).toMatchObject({
      type: 'appended',
      head: { number: 1, last: { at: 1_790_000_000_000, by: 'operator:ana', event: drained('i-1') } },
    });
  });

  it('that the log holds, or that is none, leaves it as it is', async () => {
    const { ledger, seen } = answering(() => undefined);
    expect(await execute(ledger, CELL, occasion, () => asking(thawed))).toMatchObject({
      type: 'recorded',
      head: { number: 0 },
    });
    expect(await execute(ledger, CELL, occasion, async () => undefined)).toMatchObject({
      type: 'recorded',
      head: { number: 0 },
    });
    expect(seen).toEqual({ heads: 2, appends: 0 });
  });

  it('that is refused says why', async () => {
    const { ledger, seen } = answering(() => undefined);
    expect(await execute(ledger, CELL, occasion, () => asking(rejected))).toMatchObject({
      type: 'refused',
      reason: 'Only the newest plan can be rejected, and use1-a@1 is not it.',
      head: { number: 0 },
    });
    expect(seen.appends).toBe(0);
  });

  it('that loses is made anew of the head that won', async () => {
    const { ledger, seen } = answering(() => undefined);
    const numbers: number[] = [];
    const outcome = await execute(ledger, CELL, occasion, async (head) => {
      numbers.push(head.number);
      if (numbers.length < 3) await ledger.append(head, { event: thawed, at: 1, by: 'faster' });
      return asking(drained(`i-${head.number}`));
    });
    expect(numbers).toEqual([0, 1, 2]);
    expect(outcome).toMatchObject({ type: 'appended', head: { number: 3, last: { event: drained('i-2') } } });
    expect(seen.heads).toBe(3);
  });

  it('that loses is made anew of the head that won without a read, where the store says it, once', async () => {
    const given = memoryLedger(LEDGER, { missingBodies: 'allow', winners: 'given' });
    let reads = 0;
    const ledger: Ledger = {
      ...given,
      head: (cell) => {
        reads += 1;
        return given.head(cell);
      },
    };
    const numbers: number[] = [];
    const outcome = await execute(ledger, CELL, occasion, async (head) => {
      numbers.push(head.number);
      for (let ahead = 0; ahead < 2 && numbers.length < 3; ahead += 1)
        await given.append(await given.head(CELL), { event: thawed, at: 1, by: 'faster' });
      return asking(drained(`i-${head.number}`));
    });
    expect(numbers).toEqual([0, 1, 4]);
    expect(outcome).toMatchObject({ type: 'appended', head: { number: 5, last: { event: drained('i-4') } } });
    expect(reads).toBe(2);
  });

  it('whose answer is lost is not tried again', async () => {
    const { ledger, seen } = answering(() => ({ type: 'unknown', reason: 'no answer' }));
    expect(await execute(ledger, CELL, occasion, () => asking(drained('i-1')))).toEqual({
      type: 'unknown',
      reason: 'no answer',
    });
    expect(seen).toEqual({ heads: 1, appends: 1 });
  });

  it('gives up after 200 races lost, and not before', async () => {
    const losing = answering(() => ({ type: 'lost' }));
    expect(await execute(losing.ledger, CELL, occasion, () => asking(drained('i-1')))).toEqual({
      type: 'unknown',
      reason: 'lost the race for the next event 200 times in a row',
    });
    expect(losing.seen).toEqual({ heads: 200, appends: 200 });
    const late = answering((attempt) => (attempt < 200 ? { type: 'lost' } : undefined));
    expect(await execute(late.ledger, CELL, occasion, () => asking(drained('i-1')))).toMatchObject({
      type: 'appended',
    });
  });
});

it('at a given head loses when the log has moved on', async () => {
  const { ledger } = answering(() => undefined);
  const head = await ledger.head(CELL);
  await ledger.append(head, { event: thawed, at: 1, by: 'faster' });
  expect(await executeAt(ledger, head, occasion, asking(drained('i-1')))).toEqual({ type: 'lost' });
  expect(await executeAt(ledger, head, occasion, asking(thawed))).toMatchObject({ type: 'recorded', head });
  expect(await executeAt(ledger, head, occasion, asking(rejected))).toMatchObject({ type: 'refused', head });
});
