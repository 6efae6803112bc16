import { invariant } from '../../plan/invariant.ts';
import { isWithin } from '../../plan/names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { answerIndex } from '../../rules/alias-index.ts';
import { recordsFingerprint } from '../fingerprint.ts';
import type { Checker, Commit } from './zone-history.ts';

/**
 * I8: when the planner, the ledger and every function are dead, the zone stays as the last commit left it, and every
 * root that answered then still answers.
 */
export function standingZone(memory: readonly RecordSet[] | undefined = undefined): Checker {
  let last = memory;
  const look = ({ after }: Commit): void => {
    last = after;
  };
  return {
    name: 'I8 standing zone',
    check: look,
    tampered: look,
    returned: look,
    rested: ({ scope, after }) => {
      if (last === undefined) return;
      invariant(recordsFingerprint(last) === recordsFingerprint(after), 'I8: the zone changed by itself');
      const before = answerIndex(last);
      const { there } = answerIndex(after);
      for (const { key, target, needs } of before.aliases) {
        const answered = isWithin(target, ownedSubtree(scope)) && before.there.has(needs);
        invariant(!answered || there.has(needs), `I8: ${key} has stopped answering`);
      }
    },
    clone: () => standingZone(last),
    key: () => '',
  };
}
