import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FENCE_ROOM } from '../../lib/cell/packing.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import {
  boundedReading,
  FENCE_TTL_S,
  fenceRecord,
  formatFence,
  isRescueFence,
  isWriterName,
  NO_PLAN,
  parseFence,
  readFenceRecords,
} from '../../lib/plan/fence.ts';
import { generation, MAX_GENERATIONS_AHEAD, seq } from '../../lib/plan/generation.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';

const FENCE: Fence = {
  generation: generation(145),
  seq: seq(312),
  plan: '9f3c2a71b0de',
  frozen: false,
  ledger: '5be1c07a',
  by: 'enactor-b',
  nonce: 'k3v9q0xw',
};
const VALUE = '"v1 gen=145 seq=312 plan=9f3c2a71b0de frozen=0 ledger=5be1c07a by=enactor-b n=k3v9q0xw"';
const MARKED: Fence = { ...FENCE, head: { number: 151, digits: '5be1c07ad00d' } };
const MARKED_VALUE =
  '"v2 gen=145 seq=312 plan=9f3c2a71b0de frozen=0 ledger=5be1c07a head=151:5be1c07ad00d by=enactor-b n=k3v9q0xw"';
/** A string of a TXT record (RFC 1035, section 3.3.14), and so the most that a fence may take. */
const TXT_CHARS_MAX = 255;

const counts = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

const unmarked: fc.Arbitrary<Fence> = fc.record({
  generation: counts.map(generation),
  seq: counts.map(seq),
  plan: fc.oneof(hex(12), fc.constant(NO_PLAN)),
  frozen: fc.boolean(),
  ledger: hex(8),
  by: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
  nonce: fc.stringMatching(/^[a-z0-9]{8}$/),
});
const marked = fc
  .record({ fence: unmarked, number: counts, digits: hex(12) })
  .map(({ fence, number, digits }): Fence => ({ ...fence, head: { number, digits } }));
const fences = fc.oneof(unmarked, marked);

describe('a fence value', () => {
  it('is written as the design shows it', () => {
    expect(formatFence(FENCE)).toBe(VALUE);
    expect(parseFence(VALUE)).toEqual(FENCE);
    expect(formatFence(MARKED)).toBe(MARKED_VALUE);
    expect(parseFence(MARKED_VALUE)).toEqual(MARKED);
  });

  it('reads back as the fence it was written from', () => {
    fc.assert(
      fc.property(fences, (fence) => {
        expect(parseFence(formatFence(fence))).toEqual(fence);
      }),
    );
  });

  it('reads any text without throwing, and only into what would be written the same', () => {
    const nearly = fc
      .record({ fence: fences, at: fc.nat(150), drop: fc.nat(3), put: fc.string({ maxLength: 3 }) })
      .map(({ fence, at, drop, put }) => {
        const value = formatFence(fence);
        return value.slice(0, at) + put + value.slice(at + drop);
      });
    const any = fc.uint16Array({ maxLength: 80 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(any, nearly), (text) => {
        const fence = parseFence(text);
        expect(fence === undefined ? text : formatFence(fence)).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['an extra space', VALUE.replace(' seq', '  seq')],
    ['a space before the end', VALUE.replace(/"$/, ' "')],
    ['a line break after it', `${VALUE}\n`],
    ['upper-case digits in a digest', VALUE.replace('9f3c2a71b0de', '9F3C2A71B0DE')],
    ['an upper-case key', VALUE.replace('gen=', 'GEN=')],
    ['a leading zero', VALUE.replace('gen=145', 'gen=0145')],
    ['generation zero', VALUE.replace('gen=145', 'gen=0')],
    ['a negative sequence', VALUE.replace('seq=312', 'seq=-312')],
    ['a generation of 16 digits that no number holds', VALUE.replace('gen=145', 'gen=9007199254740992')],
    ['a sequence of 17 digits', VALUE.replace('seq=312', 'seq=10000000000000000')],
    ['no quotes', VALUE.slice(1, -1)],
    ['one quote', VALUE.slice(0, -1)],
    ['quotes within quotes', `"${VALUE}"`],
    ['two strings in one value', VALUE.replace(' frozen', '" "frozen')],
    ['a version that is not known', VALUE.replace('v1', 'v3')],
    ['the second version and no head', VALUE.replace('v1', 'v2')],
    ['a head in the first version', MARKED_VALUE.replace('v2', 'v1')],
    ['a head before the first event', MARKED_VALUE.replace('head=151', 'head=0')],
    ['a head that no number holds', MARKED_VALUE.replace('head=151', 'head=9007199254740992')],
    ['a head of too few digits', MARKED_VALUE.replace('5be1c07ad00d', '5be1c07ad00')],
    ['a head without digits', MARKED_VALUE.replace(':5be1c07ad00d', '')],
    ['a digest too short', VALUE.replace('9f3c2a71b0de', '9f3c2a71b0d')],
    ['a freeze that is neither 0 nor 1', VALUE.replace('frozen=0', 'frozen=2')],
    ['a writer that ends in a hyphen', VALUE.replace('enactor-b', 'enactor-')],
    ['no writer', VALUE.replace('enactor-b', '')],
    ['a writer of 33 characters', VALUE.replace('enactor-b', 'e'.repeat(33))],
    ['a nonce too long', VALUE.replace('k3v9q0xw', 'k3v9q0xwy')],
    ['fields in another order', VALUE.replace('gen=145 seq=312', 'seq=312 gen=145')],
    ['a field more', VALUE.replace(' n=', ' x=1 n=')],
    ['digits that are not ASCII', VALUE.replace('145', '１４５')],
  ])('is malformed with %s', (_, value) => {
    expect(value).not.toBe(VALUE);
    expect(parseFence(value)).toBeUndefined();
  });

  it('is never written when it could not be read back', () => {
    for (const wrong of [
      { by: 'Ana' },
      { nonce: 'short' },
      { plan: 'xyz' },
      { ledger: '' },
      { by: '' },
      { head: { number: 0, digits: '5be1c07ad00d' } },
    ]) {
      expect(() => formatFence({ ...FENCE, ...wrong })).toThrow(InvariantViolated);
    }
  });

  it('takes at most the room that every batch leaves for it', () => {
    fc.assert(
      fc.property(fences, (fence) => {
        expect(formatFence(fence).length).toBeLessThanOrEqual(FENCE_ROOM.characters / 2);
        expect(formatFence(fence).length - '""'.length).toBeLessThanOrEqual(TXT_CHARS_MAX);
      }),
    );
  });
});

describe('what stands at the name of a fence', () => {
  const record: RecordSet = { name: fenceName(SCOPE), type: 'TXT', ttl: FENCE_TTL_S, values: [VALUE] };
  const weighted: RecordSet = { ...record, setIdentifier: 'a', weight: 1 };
  const alias = { zoneId: 'Z1', name: SCOPE.zone, evaluateTargetHealth: false };

  it('is the record that a cell writes', () => {
    expect(fenceRecord(FENCE, SCOPE)).toEqual(record);
    expect(readFenceRecords([record])).toEqual({ type: 'fence', fence: FENCE, records: [record] });
  });

  it('is missing when there is nothing', () => {
    expect(readFenceRecords([])).toEqual({ type: 'missing', records: [] });
  });

  it('is a fence whatever TTL somebody gave it, because it is deleted exactly as it stands', () => {
    const slow = { ...record, ttl: 86_400 };
    expect(readFenceRecords([slow])).toEqual({ type: 'fence', fence: FENCE, records: [slow] });
  });

  const others: readonly (readonly [string, readonly RecordSet[]])[] = [
    ['two values', [{ ...record, values: [VALUE, '"v=spf1 -all"'] }]],
    ['the same value twice', [{ ...record, values: [VALUE, VALUE] }]],
    ['no value', [{ ...record, values: [] }]],
    ['a weighted TXT', [weighted]],
    ['two weighted TXT', [weighted, { ...weighted, setIdentifier: 'b' }]],
    ['an address', [{ ...record, type: 'A', values: ['192.0.2.1'] }]],
    ['the fence in a CNAME', [{ ...record, type: 'CNAME' }]],
    ['the fence beside an address', [{ ...record, type: 'A', values: ['192.0.2.1'] }, record]],
    ['an alias', [{ name: record.name, type: 'TXT', alias }]],
  ];
  it.each(others)('is malformed with %s, and everything there is kept for an exact DELETE', (_, there) => {
    expect(readFenceRecords(there)).toEqual({ type: 'malformed', records: there });
  });

  it('is malformed when it is further ahead than anybody can have counted, and not one generation sooner', () => {
    const newest = 7;
    const at = (ahead: number) =>
      readFenceRecords([fenceRecord({ ...FENCE, generation: generation(newest + ahead) }, SCOPE)]);
    expect(boundedReading(at(MAX_GENERATIONS_AHEAD), newest).type).toBe('fence');
    const tooFar = at(MAX_GENERATIONS_AHEAD + 1);
    expect(boundedReading(tooFar, newest)).toEqual({ type: 'malformed', records: tooFar.records });
    expect(boundedReading({ type: 'missing', records: [] }, newest)).toEqual({
      type: 'missing',
      records: [],
    });
  });
});

describe('the writer of a fence', () => {
  it('is a rescue only when it froze the cell under a rescue name', () => {
    expect(isRescueFence({ ...FENCE, frozen: true, by: 'rescue-ana' })).toBe(true);
    expect(isRescueFence({ ...FENCE, frozen: false, by: 'rescue-ana' })).toBe(false);
    expect(isRescueFence({ ...FENCE, frozen: true, by: 'operator-ana' })).toBe(false);
  });

  it('can stand in a fence exactly when its name says so', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 34 }), (by) => {
        const value = VALUE.replace('enactor-b', () => by);
        expect(parseFence(value) !== undefined).toBe(isWriterName(by));
      }),
    );
    expect(isWriterName('a')).toBe(true);
    expect(isWriterName('a'.repeat(33))).toBe(false);
  });
});
