import { expect, it } from 'vitest';
import { LedgerUnusable } from '../../../lib/ledger/ledger.ts';
import { cellName } from '../../../lib/plan/names.ts';
import type { World } from '../../../lib/wiring/world.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged } from '../rehearsal.ts';

const CELL = cellName('use1-a');

/** The same world, with one event of the cell that no reader of a page gets past. */
function damaged({ ledger }: Rehearsal, number: number): Partial<World> {
  return {
    ledger: async () => ({
      ...ledger,
      events: async (cell, range) => {
        const found = await ledger.events(cell, range);
        if (found.some((each) => each.number === number))
          throw new LedgerUnusable(`Event ${number} of cell ${cell} cannot be read: it is not JSON.`);
        return found;
      },
    }),
  };
}

async function numbersIn(stage: Rehearsal, line: string, number: number) {
  const { exit, out, err } = await stage.pawl(`history --json ${line}`, { world: damaged(stage, number) });
  const { events, unreadable } = JSON.parse(out);
  return { exit, err, numbers: events.map((each: { number: number }) => each.number), unreadable };
}

it('an old event that is damaged does not hide the newer ones that were asked for', async () => {
  const stage = await converged();
  const { number } = await stage.ledger.head(CELL);
  const { exit, numbers, err, unreadable } = await numbersIn(stage, '--limit 3', 2);
  expect([exit, numbers, unreadable]).toEqual([0, [number - 2, number - 1, number], undefined]);
  expect(err).toBe('rehearsal world\n');
});

it('a damaged event among those that were asked for is said, and the others are shown', async () => {
  const stage = await converged();
  const { number } = await stage.ledger.head(CELL);
  const { exit, numbers, err, unreadable } = await numbersIn(stage, '--limit 100', 2);
  expect(exit).toBe(1);
  expect(numbers).toEqual(
    Array.from({ length: number }, (_, index) => index + 1).filter((each) => each !== 2),
  );
  expect(err).toContain('Event 2 of cell use1-a cannot be read');
  expect(unreadable).toMatchObject([{ cell: 'use1-a', number: 2 }]);
});

it('a ledger that is away is no damaged event', async () => {
  const stage = await converged();
  stage.killLedger();
  expect((await stage.pawl('history')).exit).toBe(3);
});
