import { formatFence, MARK_DIGITS, parseFence } from '../../plan/fence.ts';
import type { Change, RecordSet } from '../../plan/records.ts';

/** How a hash begins in a log whose events are counted and not hashed. */
const COUNTED_DIGITS = '0'.repeat(MARK_DIGITS);

/** Fences in a search, by what was written. A record never changes, so each is parsed once. */
const unmarkedFences = new WeakMap<RecordSet, RecordSet>();

/**
 * The change as a search writes it: a fence that names an event of the log names its first one. Otherwise two states
 * would differ in nothing but in which head somebody had read before the write. A mark of a log that is not the
 * search's own, which a hand wrote, stays.
 */
export function unmarked<Written extends Change>(change: Written): Written {
  const { record } = change;
  if (record.type !== 'TXT') return change;
  const known = unmarkedFences.get(record) ?? unmarkedFence(record);
  unmarkedFences.set(record, known);
  return { ...change, record: known };
}

function unmarkedFence(record: RecordSet): RecordSet {
  const [value = '', ...others] = record.values ?? [];
  const fence = parseFence(value);
  if (fence?.head?.digits !== COUNTED_DIGITS) return record;
  const first = formatFence({ ...fence, head: { number: 1, digits: COUNTED_DIGITS } });
  return { ...record, values: [first, ...others] };
}
