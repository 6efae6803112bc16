import { expect, it } from 'vitest';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { sha256 } from '../../lib/plan/canonical.ts';
import { CELL, drained, fleetDeclared, LEDGER } from '../support/ledger-events.ts';

async function drain(ledger: MemoryLedger, ...targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    const outcome = await ledger.append(ledger.peek(CELL), { event: drained(target), at: 1, by: 'operator' });
    expect(outcome.type).toBe('appended');
  }
}

const events = async (ledger: MemoryLedger) =>
  (await ledger.events(CELL, { after: 0, limit: 100, order: 'forward' })).map(({ event }) =>
    event.type === 'TargetDrained' ? event.target : event.type,
  );

it.each(['sha256', 'counted'] as const)(
  'goes on from a clone without touching the original (%s)',
  async (hashing) => {
    const ledger = memoryLedger(LEDGER, { hashing });
    await drain(ledger, 'a', 'b');
    const clone = ledger.clone();
    const another = ledger.clone();
    await drain(clone, 'c');
    await drain(ledger, 'd', 'e');
    await drain(another, 'f');
    expect(await events(ledger)).toEqual(['a', 'b', 'd', 'e']);
    expect(await events(clone)).toEqual(['a', 'b', 'c']);
    expect(await events(another)).toEqual(['a', 'b', 'f']);
    expect(clone.peek(CELL).state.drained).toEqual(['a', 'b', 'c']);
  },
);

it('keeps what a clone stores from the original, and shares what was there', async () => {
  const ledger = memoryLedger(LEDGER);
  const early = await ledger.putBody(CELL, 'early');
  const clone = ledger.clone();
  const late = await clone.putBody(CELL, 'late');
  const own = await ledger.putBody(CELL, 'own');
  expect(await clone.getBody(CELL, early)).toBe('early');
  await expect(ledger.getBody(CELL, late)).rejects.toMatchObject({ name: 'BodyDamaged' });
  await expect(clone.getBody(CELL, own)).rejects.toMatchObject({ name: 'BodyDamaged' });
});

it('refuses an event that names a body nobody stored, unless told otherwise', async () => {
  const entry = { event: fleetDeclared(sha256('fleet')), at: 1, by: 'operator' };
  const strict = memoryLedger(LEDGER);
  await expect(strict.append(strict.peek(CELL), entry)).rejects.toMatchObject({ name: 'InvariantViolated' });
  await strict.putBody(CELL, 'fleet');
  expect((await strict.append(strict.peek(CELL), entry)).type).toBe('appended');
  const lax = memoryLedger(LEDGER, { missingBodies: 'allow' });
  expect((await lax.append(lax.peek(CELL), entry)).type).toBe('appended');
});

it('refuses a head with the right number and another history', async () => {
  const ledger = memoryLedger(LEDGER);
  const other = memoryLedger(LEDGER);
  await drain(ledger, 'a');
  await drain(other, 'b');
  const entry = { event: drained('c'), at: 1, by: 'operator' };
  await expect(ledger.append(other.peek(CELL), entry)).rejects.toMatchObject({ name: 'InvariantViolated' });
});

it.each([
  { event: drained('a'), at: -1, by: 'operator' },
  { event: drained('a'), at: 0.5, by: 'operator' },
  { event: drained('a'), at: 1, by: '' },
])('refuses the entry %o', async (entry) => {
  const ledger = memoryLedger(LEDGER);
  await expect(ledger.append(ledger.peek(CELL), entry)).rejects.toMatchObject({ name: 'InvariantViolated' });
});

it('needs an identity of eight hexadecimal digits', () => {
  expect(() => memoryLedger('not-hex')).toThrow(/is not a ledger's identity/);
});
