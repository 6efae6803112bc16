import type { CellName } from '../plan/names.ts';
import { sameRecords } from '../plan/records.ts';
import type { NotDone } from './operator.ts';
import { refused, unknown } from './operator.ts';
import type { RescueReading } from './rescue-reading.ts';
import type { Unwritten } from './rescue-writes.ts';

/** What the batches of a rescue have met so far. */
export interface RescueAttempts {
  /** Takes note of a batch that did not surely go through. */
  failed(batch: Unwritten): void;
  /**
   * The end of the rescue, when another attempt cannot help: Route 53 refuses, or gives no answer that counts.
   *
   * @param read what was read after the last batch.
   */
  end(read: RescueReading): NotDone | undefined;
}

/**
 * Refusals under a fence that nobody moved. The first may rest on a record that a hand changed since it was read; the
 * second was decided on a new reading.
 */
const REFUSALS_MAX = 2;
/** Batches without an answer that counts. */
const DOUBTS_MAX = 3;

/** Distinguishes a refusal and a silence from a race, which alone is worth another attempt. */
export function rescueAttempts(cell: CellName): RescueAttempts {
  let last: Unwritten | undefined;
  let refusals = 0;
  let doubts = 0;
  return {
    failed: (batch) => {
      last = batch;
      if (batch.type === 'unknown') doubts += 1;
    },
    end: ({ reading }) => {
      if (last === undefined) return undefined;
      const { type, reason, replaced } = last;
      last = undefined;
      const words = reason.replace(/\.$/, '');
      if (type === 'lost' && sameRecords(reading.records, replaced)) refusals += 1;
      if (refusals === REFUSALS_MAX) {
        return refused(
          `Route 53 refused a batch of the rescue of cell ${cell}, and nobody else has moved its fence (${words}): mend what these words name, then rescue again.`,
        );
      }
      if (doubts === DOUBTS_MAX) {
        return unknown(
          `Route 53 gave no answer that counts to ${DOUBTS_MAX} batches of the rescue of cell ${cell} (${words}): rescue again.`,
        );
      }
      return undefined;
    },
  };
}
