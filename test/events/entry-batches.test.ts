import { expect, it } from 'vitest';
import { BATCH_BYTES_MAX, entryBatches, entryBytes } from '../../lib/events/entry-batches.ts';
import type { ToldEvent } from '../../lib/events/told-event.ts';
import { toldEvent } from '../../lib/events/told-event.ts';
import { cellName } from '../../lib/plan/names.ts';

function sent(number: number, bytes = 0): ToldEvent {
  const of = { cell: cellName('use1-a'), number, at: 1, by: 'x', previous: '', hash: '' };
  const event = toldEvent({ ...of, event: { type: 'CellThawed' } }, { stack: 'pawl', zone: null });
  if (event === undefined) throw new Error('it is told');
  return { ...event, detail: { ...event.detail, filling: 'ü'.repeat(bytes / 2) } };
}

const numbers = (batches: readonly (readonly ToldEvent[])[]) =>
  batches.map((batch) => batch.map(({ detail }) => detail.event));

it('puts ten entries into a request at most, in their order', () => {
  const batches = entryBatches(Array.from({ length: 23 }, (_, index) => sent(index + 1)));
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 3]);
  expect(numbers(batches).flat()).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
});

it('puts 256 KB into a request at most, counted in octets', () => {
  const batches = entryBatches([1, 2, 3, 4].map((number) => sent(number, 100_000)));
  expect(numbers(batches)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  for (const batch of batches)
    expect(batch.reduce((sum, each) => sum + entryBytes(each), 0)).toBeLessThanOrEqual(BATCH_BYTES_MAX);
});

it('counts as EventBridge does: the time, the source, the kind and the detail', () => {
  const event = sent(1);
  expect(entryBytes(event)).toBe(14 + 4 + 'CellThawed'.length + JSON.stringify(event.detail).length);
});

it('makes no request of nothing', () => {
  expect(entryBatches([])).toEqual([]);
});
