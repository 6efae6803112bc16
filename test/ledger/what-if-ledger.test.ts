import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { whatIfLedger } from '../../lib/ledger/what-if-ledger.ts';
import { cellName } from '../../lib/plan/names.ts';
import { asking } from '../support/ledger-events.ts';

const CELL = cellName('use1-a');
const ANA = { at: () => 1_000, by: 'operator-ana' };
const paused: LedgerEvent = { type: 'PlannerPaused', reason: 'looking' };
const resumed: LedgerEvent = { type: 'PlannerResumed' };

async function stage() {
  const real = memoryLedger('5be1c07a');
  await execute(real, CELL, ANA, () => asking(paused));
  const told: LedgerEvent[] = [];
  return { real, told, ledger: whatIfLedger(real, (_, event) => told.push(event)) };
}

describe('a ledger that only might be', () => {
  it('appends to itself alone, and folds the state as the real one would', async () => {
    const { real, told, ledger } = await stage();
    const before = await real.head(CELL);
    await execute(ledger, CELL, ANA, () => asking(resumed));
    expect(told).toEqual([resumed]);
    expect(await real.head(CELL)).toEqual(before);
    const would = await ledger.head(CELL);
    await execute(real, CELL, ANA, () => asking(resumed));
    const is = await real.head(CELL);
    expect({ ...would.state, number: would.number }).toEqual({ ...is.state, number: is.number });
  });

  it('loses an append behind its own head', async () => {
    const { ledger, told } = await stage();
    const head = await ledger.head(CELL);
    expect((await ledger.append(head, { event: resumed, at: 1, by: 'a' })).type).toBe('appended');
    expect(await ledger.append(head, { event: resumed, at: 1, by: 'b' })).toEqual({ type: 'lost' });
    expect(told).toHaveLength(1);
  });

  it('lists its own events after the real ones, in both orders and within the limit', async () => {
    const { ledger } = await stage();
    await execute(ledger, CELL, ANA, () => asking(resumed));
    const types = async (order: 'forward' | 'backward', limit: number, after = 0) =>
      (await ledger.events(CELL, { after, limit, order })).map(({ event }) => event.type);
    expect(await types('forward', 10)).toEqual(['PlannerPaused', 'PlannerResumed']);
    expect(await types('backward', 10)).toEqual(['PlannerResumed', 'PlannerPaused']);
    expect(await types('forward', 1)).toEqual(['PlannerPaused']);
    expect(await types('backward', 1)).toEqual(['PlannerResumed']);
    expect(await types('forward', 10, 1)).toEqual(['PlannerResumed']);
  });

  it('keeps bodies to itself and reads the real ones', async () => {
    const { real, ledger } = await stage();
    const stored = await real.putBody(CELL, 'stored');
    const kept = await ledger.putBody(CELL, 'kept');
    expect(await ledger.getBody(CELL, stored)).toBe('stored');
    expect(await ledger.getBody(CELL, kept)).toBe('kept');
    await expect(real.getBody(CELL, kept)).rejects.toThrow('is missing');
  });
});
