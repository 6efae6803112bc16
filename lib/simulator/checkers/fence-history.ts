import type { Fence } from '../../plan/fence.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import { fenceName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Checker } from './zone-history.ts';

/**
 * I1: over well-formed fences of one ledger the generation never goes down, and each seq is its predecessor's + 1, so
 * the fence's history is one linked list; and no fence value ever returns.
 */
export function fenceHistory(ledger: string): Checker {
  let last: Fence | undefined;
  const nonces = new Set<string>();
  const fenceAt = (records: readonly RecordSet[], name: string) =>
    readFenceRecords(records.filter((record) => record.name === name));
  return {
    name: 'I1 fence history',
    tampered: () => {
      last = undefined;
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
        invariant(fence.seq === last.seq + 1, `I1: the fence's seq went from ${last.seq} to ${fence.seq}`);
      }
      last = fence;
    },
  };
}
