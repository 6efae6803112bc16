import { sameRecords } from '../plan/records.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { readFence } from './fence-reader.ts';
import type { FencedWrite, WriteOutcome, Writer } from './fenced-write.ts';
import { fencedWrite } from './fenced-write.ts';

/** A batch that holds nothing but the next fence. */
export interface FenceSwap extends Pick<FencedWrite, 'reading' | 'next'> {
  readonly kind: 'fence' | 'freeze';
  /** The name that people use for it: the first word after `pawl` in Route 53's own change log. */
  readonly verb: string;
}

/**
 * `refused`: Route 53 rejected the batch, and the fence is still the one that was read. No other writer came in
 * between, so the same batch would be rejected again. The reason is Route 53's own words, for people.
 */
export type SwapOutcome = WriteOutcome | { readonly type: 'refused'; readonly reason: string };

/**
 * Puts the next fence in the place of the one that was read, by one compare-and-swap. What a rejection or a lost answer
 * means is looked into once, at the fence that stands afterwards.
 *
 * @throws ZoneUnavailable when Route 53 cannot be reached; the fence may then have been swapped.
 * @throws InvariantViolated before anything is sent, when the batch holds what its kind may not contain.
 */
export async function swapFence(
  { writer, telemetry }: { readonly writer: Writer; readonly telemetry: Telemetry },
  { kind, reading, next, verb }: FenceSwap,
): Promise<SwapOutcome> {
  const comment = `pawl ${verb} ${writer.scope.cell} by ${writer.name}`;
  const outcome = await signedWrite(writer, { kind, reading, next, changes: [], comment });
  telemetry.count(METRICS.batchesSent, 1, { kind, outcome: outcome.type });
  return outcome;
}

/**
 * The nonce is drawn here, so that the fence that stands afterwards shows the outcome. After a lost answer: if it
 * carries the nonce, the batch landed; if it is still the one that was read, the batch may land yet (`unknown`); if it
 * is any other, the batch can never land (`lost`). After a rejection: if it is still the one that was read, nobody was
 * faster (`refused`).
 */
async function signedWrite(writer: Writer, write: FencedWrite): Promise<SwapOutcome> {
  const nonce = writer.randomness.nonce();
  const { randomness } = writer;
  const signing: Writer = {
    ...writer,
    randomness: { nonce: () => nonce, fraction: () => randomness.fraction() },
  };
  const outcome = await fencedWrite(signing, write);
  if (outcome.type === 'applied') return outcome;
  const { type, reason } = outcome;
  const after = await readFence(writer.zone, writer.scope);
  const stands = sameRecords(after.records, write.reading.records);
  if (type === 'lost') return stands ? { type: 'refused', reason } : outcome;
  if (after.type === 'fence' && after.fence.nonce === nonce) {
    return { type: 'applied', changeId: '', fence: after.fence };
  }
  return stands ? outcome : { type: 'lost', reason };
}
