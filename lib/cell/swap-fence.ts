import { sameRecords } from '../plan/records.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { countedWrite } from './counted-write.ts';
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
 * Puts the next fence in the place of the one that was read, by one compare-and-swap whose lost answer is looked into.
 *
 * @throws ZoneUnavailable when Route 53 cannot be reached; the fence may then have been swapped.
 */
export function swapFence(
  deps: { readonly writer: Writer; readonly telemetry: Telemetry },
  { kind, reading, next, verb }: FenceSwap,
): Promise<WriteOutcome> {
  const { scope, name } = deps.writer;
  const comment = `pawl ${verb} ${scope.cell} by ${name}`;
  return countedWrite(deps, { kind, reading, next, changes: [], comment }, signedWrite);
}

/**
 * A fenced write whose lost answer is looked into once. The nonce is drawn here, so that the fence that stands
 * afterwards shows the outcome. If it carries the nonce, the batch landed. If it is still the one that was read, the
 * batch may land yet (`unknown`). If it is any other, the batch can never land (`lost`).
 *
 * @throws ZoneUnavailable when Route 53 cannot be reached; the batch may then have landed.
 * @throws InvariantViolated before anything is sent, when the batch holds what its kind may not contain.
 */
async function signedWrite(writer: Writer, write: FencedWrite): Promise<WriteOutcome> {
  const nonce = writer.randomness.nonce();
  const { randomness } = writer;
  const signing: Writer = {
    ...writer,
    randomness: { nonce: () => nonce, fraction: () => randomness.fraction() },
  };
  const outcome = await fencedWrite(signing, write);
  if (outcome.type !== 'unknown') return outcome;
  const after = await readFence(writer.zone, writer.scope);
  if (after.type === 'fence' && after.fence.nonce === nonce) {
    return { type: 'applied', changeId: '', fence: after.fence };
  }
  const mayLandYet = sameRecords(after.records, write.reading.records);
  return mayLandYet ? outcome : { type: 'lost', reason: outcome.reason };
}
