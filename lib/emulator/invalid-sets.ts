import { recordKey, sameRecord } from '../plan/records.ts';
import { shownName } from './domain-names.ts';
import type { ReadChange } from './requested-changes.ts';
import type { Weakness } from './settings.ts';

/**
 * Why a batch is refused before it is tried: a message for each record set of which it holds more than one change,
 * unless these are a DELETE and then a CREATE. The words are as users of Route 53 quote them; the API reference
 * (ChangeResourceRecordSets) only says that a batch deletes no record set twice.
 */
export function invalidSets(
  changes: readonly ReadChange[],
  weak: (weakness: Weakness) => boolean,
): readonly string[] {
  const byRecord = new Map<string, ReadChange[]>();
  for (const change of changes) {
    const key = recordKey(change.record);
    const there = byRecord.get(key);
    if (there === undefined) byRecord.set(key, [change]);
    else there.push(change);
  }
  return [...byRecord.values()].flatMap((set) => {
    const [first] = set;
    if (first === undefined || isValidSet(set, weak)) return [];
    const { name, type } = first.record;
    return [
      `The request contains an invalid set of changes for a resource record set '${type} ${shownName(name)}'`,
    ];
  });
}

function isValidSet(set: readonly ReadChange[], weak: (weakness: Weakness) => boolean): boolean {
  const [first, second, ...more] = set;
  if (first === undefined || second === undefined) return true;
  if (more.length > 0 || first.action !== 'DELETE' || second.action !== 'CREATE') return false;
  if (weak('replace-rejected')) return false;
  return !(weak('reassert-rejected') && sameRecord(first.record, second.record));
}
