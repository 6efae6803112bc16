import type { Fence } from '../../plan/fence.ts';
import { boundedReading, readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import { fenceName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Checker } from './zone-history.ts';

/**
 * I1: over well-formed fences of one ledger the generation never goes down, and each seq is its predecessor's + 1, so
 * the fence's history is one linked list; and no fence value ever returns.
 *
 * @param newest the highest generation that the ledger knows: a fence too far above it is malformed.
 */
export function fenceHistory(ledger: string, newest: () => number): Checker {
  let last: Fence | undefined;
  let byHand = false;
  const nonces = new Set<string>();
  const fenceAt = (records: readonly RecordSet[], name: string) =>
    boundedReading(readFenceRecords(records.filter((record) => record.name === name)), newest());
  return {
    name: 'I1 fence history',
    tampered: ({ after, scope }) => {
      const reading = fenceAt(after, fenceName(scope));
      byHand = true;
      last = reading.type === 'fence' && reading.fence.ledger === ledger ? reading.fence : undefined;
      if (last !== undefined) nonces.add(last.nonce);
    },
    check: ({ scope, after }) => {
      const reading = fenceAt(after, fenceName(scope));
      if (reading.type !== 'fence' || reading.fence.ledger !== ledger) return;
      const { fence } = reading;
      if (last !== undefined && last.nonce === fence.nonce) {
        invariant(
          last.seq === fence.seq && last.generation === fence.generation,
          'I1: a fence changed under its nonce',
        );
        return;
      }
      invariant(!nonces.has(fence.nonce), `I1: the fence value n=${fence.nonce} has returned`);
      nonces.add(fence.nonce);
      if (last !== undefined) {
        invariant(
          fence.generation >= last.generation,
          `I1: the fence went back from ${last.generation} to ${fence.generation}`,
        );
        // After a fence that went back by hand, the seq leaps to what the log knows; else it is its predecessor's + 1.
        const isNext = fence.seq === last.seq + 1 || (byHand && fence.seq > last.seq);
        invariant(isNext, `I1: the fence's seq went from ${last.seq} to ${fence.seq}`);
        byHand = false;
      }
      last = fence;
    },
  };
}
