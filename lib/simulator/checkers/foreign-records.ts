import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { recordKey, sameRecord } from '../../plan/records.ts';
import type { Checker } from './zone-history.ts';

const OWNED_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/**
 * Foreign records are never touched: everything outside the cell's subtree, but for A, AAAA and CNAME at the names
 * that the fleet declares.
 */
export function foreignRecords(declared: ReadonlySet<DnsName>): Checker {
  const foreign = (records: readonly RecordSet[], scope: CellScope) =>
    records.filter(
      ({ name, type }) =>
        !isWithin(name, ownedSubtree(scope)) && !(declared.has(name) && OWNED_TYPES.has(type)),
    );
  return {
    name: 'foreign records',
    tampered: () => undefined,
    check: ({ scope, before, after }) => {
      const now = new Map(foreign(after, scope).map((record) => [recordKey(record), record]));
      for (const record of foreign(before, scope)) {
        const there = now.get(recordKey(record));
        invariant(
          there !== undefined && sameRecord(there, record),
          `the foreign record ${recordKey(record)} was touched`,
        );
      }
      invariant(
        now.size === foreign(before, scope).length,
        'a record was made outside of what the cell owns',
      );
    },
  };
}
