import { expect, test } from 'vitest';
import { inOrder } from '../../../lib/cli/look/newest-log.ts';
import type { RecordedEvent } from '../../../lib/ledger/decider/events.ts';
import { cellName } from '../../../lib/plan/names.ts';

const DAY_MS = 86_400_000;

/** The events of a cell, by number from 1, at these times. */
function eventsOf(cell: string, ...times: readonly number[]): readonly RecordedEvent[] {
  return times.map((at, index) => ({
    cell: cellName(cell),
    number: index + 1,
    at,
    by: 'planner',
    hash: '',
    previous: '',
    event: { type: 'CellThawed' },
  }));
}

const shown = (events: readonly RecordedEvent[]) => events.map(({ cell, number }) => `${cell}#${number}`);

test('a cell whose clock was a day ahead for a while is shown by number, in its place among the others', () => {
  const ahead = eventsOf('c1', DAY_MS + 10, DAY_MS + 20, 30, 50);
  const others = eventsOf('c2', 20, 40);
  expect(shown(inOrder([ahead, others]))).toEqual(['c2#1', 'c1#1', 'c1#2', 'c1#3', 'c2#2', 'c1#4']);
});

test('a cell whose clock went back, and stayed there, is shown by number', () => {
  expect(shown(inOrder([eventsOf('c1', 500, 400, 300)]))).toEqual(['c1#1', 'c1#2', 'c1#3']);
});

test('events of one moment are shown by cell', () => {
  expect(shown(inOrder([eventsOf('c2', 7), eventsOf('c1', 7, 7)]))).toEqual(['c1#1', 'c1#2', 'c2#1']);
});
