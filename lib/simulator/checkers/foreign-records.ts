import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { recordKey } from '../../plan/records.ts';
import { recordsFingerprint } from '../fingerprint.ts';
import type { Checker } from './zone-history.ts';

const OWNED_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/**
 * Foreign records are never touched. A record is foreign when it is outside of the subtrees of the zone's cells, except for A, AAAA
 * and CNAME records at the names that the fleet declares.
 */
export function foreignRecords(declared: ReadonlySet<DnsName>, others: readonly CellScope[] = []): Checker {
  const foreign = (records: readonly RecordSet[], scope: CellScope): readonly RecordSet[] => {
    const subtrees = [scope, ...others].map(ownedSubtree);
    return records.filter(
      ({ name, type }) =>
        !subtrees.some((subtree) => isWithin(name, subtree)) &&
        !(declared.has(name) && OWNED_TYPES.has(type)),
    );
  };
  return {
    name: 'foreign records',
    tampered: () => undefined,
    check: ({ scope, before, after }) => {
      const earlier = foreign(before, scope);
      const now = foreign(after, scope);
      if (recordsFingerprint(earlier) === recordsFingerprint(now)) return;
      const keys = new Set(now.map(recordKey));
      const gone = earlier.find((record) => !keys.has(recordKey(record)));
      invariant(
        false,
        `foreign records were touched${gone === undefined ? '' : `: ${recordKey(gone)} is gone`}`,
      );
    },
    clone: () => foreignRecords(declared, others),
    key: () => '',
  };
}
