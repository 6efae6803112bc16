import type { Generation, Seq } from './generation.ts';
import { generation, MAX_GENERATIONS_AHEAD, seq } from './generation.ts';
import { invariant } from './invariant.ts';
import type { CellScope } from './owned-names.ts';
import { fenceName } from './owned-names.ts';
import { SHORT_DIGEST_LENGTH } from './plan.ts';
import type { RecordSet } from './records.ts';

/**
 * An event of a log as an anchor knows it. An anchor is another service that remembers where a log was, so that a log
 * that was rewritten since can be told from the one that was written (docs/adr/0054-anchors-of-the-log.md).
 */
export interface HeadMark {
  /** Of the event, 1 or more. */
  readonly number: number;
  /** The first {@link MARK_DIGITS} digits of its hash. */
  readonly digits: string;
}

/** Digits of a hash in a mark: 48 bits, as many as Pawl shows of any digest. Nobody finds another event that has them by chance. */
export const MARK_DIGITS = 12;

/** What the fence record says. */
export interface Fence {
  readonly generation: Generation;
  readonly seq: Seq;
  /** First 12 digits of the applied plan's digest; twelve zeros when no plan has been applied under this fence. */
  readonly plan: string;
  readonly frozen: boolean;
  /** The ledger's identity, 8 hexadecimal digits. */
  readonly ledger: string;
  /**
   * The head of the ledger on which the last write that advanced the fence was decided. Absent in version 1, which is
   * written in cells whose log is of a format before 4: releases before 0.4.0 read no other.
   */
  readonly head?: HeadMark;
  /** Who wrote it: 1 to 32 of `a-z0-9-`. */
  readonly by: string;
  /** 8 of `a-z0-9`, fresh at every write, so that no fence value ever returns. */
  readonly nonce: string;
}

/** The digest of a fence under which no plan has been applied yet. See docs/adr/0002-fresh-fence.md. */
export const NO_PLAN = '0'.repeat(SHORT_DIGEST_LENGTH);

/** The ledger of a fence that a rescue made where it could read none. It is always frozen; a thaw gives it an owner. */
export const NO_LEDGER = '00000000';

/** The prefix of a rescue's name in the fences it writes. Automation distinguishes a rescue from a freeze by it. */
export const RESCUE_PREFIX = 'rescue-';

/** Seconds. The fence is read through the API, never resolved, so its TTL serves people with `dig` only. */
export const FENCE_TTL_S = 5;

const WRITER = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const VALUE =
  /^"v([12]) gen=([1-9]\d{0,15}) seq=([1-9]\d{0,15}) plan=([0-9a-f]{12}) frozen=([01]) ledger=([0-9a-f]{8})(?: head=([1-9]\d{0,15}):([0-9a-f]{12}))? by=([a-z0-9-]{1,32}) n=([a-z0-9]{8})"$/;

/**
 * What was read at the fence's name. `records` is everything there, as it was read, for an exact DELETE.
 * `malformed`: not exactly one plain TXT value that parses, or a generation too high to be a real one.
 */
export type FenceReading =
  | { readonly type: 'missing'; readonly records: readonly [] }
  | { readonly type: 'malformed'; readonly records: readonly RecordSet[] }
  | { readonly type: 'fence'; readonly fence: Fence; readonly records: readonly RecordSet[] };

/** The TXT value of a fence, quotes included. @throws InvariantViolated when a field could not be read back. */
export function formatFence(fence: Fence): string {
  const { head } = fence;
  const [version, mark] = head === undefined ? [1, ''] : [2, ` head=${head.number}:${head.digits}`];
  const value = `"v${version} gen=${fence.generation} seq=${fence.seq} plan=${fence.plan} frozen=${fence.frozen ? 1 : 0} ledger=${fence.ledger}${mark} by=${fence.by} n=${fence.nonce}"`;
  invariant(parseFence(value) !== undefined, `the fence ${value} cannot be read back`);
  return value;
}

/** The values that were parsed last: whoever checks a batch parses its two fences again, and the next batch begins with one. */
const PARSED_MAX = 4;
const parsed: { readonly value: string; readonly fence: Fence | undefined }[] = [];
let place = 0;

/** Parses a fence's TXT value; undefined when it is not exactly what {@link formatFence} writes. */
export function parseFence(value: string): Fence | undefined {
  for (const known of parsed) if (known.value === value) return known.fence;
  const fence = fenceOf(value);
  parsed[place] = { value, fence };
  place = (place + 1) % PARSED_MAX;
  return fence;
}

function fenceOf(value: string): Fence | undefined {
  const match = VALUE.exec(value);
  if (match === null) return undefined;
  const [, version, gen, seqText, plan = '', frozen, ledger = '', event, digits = '', by = '', nonce = ''] =
    match;
  const numbers = [Number(gen), Number(seqText), Number(event ?? 1)] as const;
  if (!numbers.every(Number.isSafeInteger) || !WRITER.test(by)) return undefined;
  if ((version === '2') !== (event !== undefined)) return undefined;
  return {
    generation: generation(numbers[0]),
    seq: seq(numbers[1]),
    plan,
    frozen: frozen === '1',
    ledger,
    ...(event === undefined ? {} : { head: { number: numbers[2], digits } }),
    by,
    nonce,
  };
}

/** The fence as a record of its cell. */
export function fenceRecord(fence: Fence, scope: CellScope): RecordSet {
  return { name: fenceName(scope), type: 'TXT', ttl: FENCE_TTL_S, values: [formatFence(fence)] };
}

/** Reads what stands at the fence's name (every type). */
export function readFenceRecords(records: readonly RecordSet[]): FenceReading {
  const [only, ...others] = records;
  if (only === undefined) return { type: 'missing', records: [] };
  const [value, ...more] = only.values ?? [];
  const plain =
    others.length === 0 && only.type === 'TXT' && only.setIdentifier === undefined && more.length === 0;
  const fence = plain && value !== undefined ? parseFence(value) : undefined;
  return fence === undefined ? { type: 'malformed', records } : { type: 'fence', fence, records };
}

/** The fence after this writer's own batch, as a reading would show it. If anything was written since, the next batch fails. */
export function writtenReading(fence: Fence, scope: CellScope): Extract<FenceReading, { type: 'fence' }> {
  return { type: 'fence', fence, records: [fenceRecord(fence, scope)] };
}

/** The same reading, but `malformed` when its generation is more than {@link MAX_GENERATIONS_AHEAD} above `newest`. */
export function boundedReading(reading: FenceReading, newest: number): FenceReading {
  if (reading.type !== 'fence' || reading.fence.generation <= newest + MAX_GENERATIONS_AHEAD) return reading;
  return { type: 'malformed', records: reading.records };
}

/** True for a frozen fence that a rescue wrote. Its plan is in a file, not in the ledger, and the rescue made its trees. */
export function isRescueFence(fence: Fence): boolean {
  return fence.frozen && fence.by.startsWith(RESCUE_PREFIX);
}

/** True when a text can stand in a fence as its writer. */
export function isWriterName(text: string): boolean {
  return WRITER.test(text);
}
