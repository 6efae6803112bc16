import { invariant } from '../../plan/invariant.ts';
import { isWithin } from '../../plan/names.ts';
import { ownedSubtree, treeLabelOf } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { answerIndex } from './alias-index.ts';
import type { Checker } from './zone-history.ts';

/**
 * I2: every root resolves to at least one answer after every single write, at every name server, however far behind. A
 * root in any version that some server may still answer with must find its tree in every other such version, because
 * servers take changes in at their own pace. Names that fail when the rule begins count from when they resolve. Nothing
 * is promised of an alias that a hand pointed at what is no tree: that is drift, and whatever it points at may go with
 * the batch that repairs it. Nor of a tree that a hand has taken away: when an enactor dies between putting it back and
 * saying so, nobody knows since when it stands (docs/verification.md).
 */
export function answersEverywhere(
  healthy: ReadonlySet<string> = new Set(),
  byHand: ReadonlySet<readonly RecordSet[]> = new Set(),
  handled: ReadonlySet<string> = new Set(),
): Checker {
  let promised = healthy;
  let touched = byHand;
  let unproven = handled;
  return {
    name: 'I2 answers everywhere',
    tampered: ({ before, after, answerable }) => {
      const there = answerIndex(after).there;
      const gone = [...answerIndex(before).there].filter((key) => !there.has(key));
      unproven = new Set([...unproven, ...gone]);
      promised = new Set();
      touched = new Set(answerable);
    },
    check: ({ scope, answerable }) => {
      // Promised from a healthy zone on: not while some server still answers from what a hand left behind.
      if (touched.size > 0 && answerable.some((version) => touched.has(version))) return;
      const subtree = ownedSubtree(scope);
      const indexes = answerable.map(answerIndex);
      const failing = new Set<string>();
      for (const [version, { aliases }] of indexes.entries()) {
        for (const { key, target, needs } of aliases) {
          if (!isWithin(target, subtree) || unproven.has(needs)) continue;
          if (indexes.every(({ there }) => there.has(needs))) continue;
          if (touched.size > 0 && treeLabelOf(target, scope) === undefined) continue;
          invariant(
            !promised.has(key),
            `I2: ${key} points at ${target}, where some name server has no answer (version ${version})`,
          );
          failing.add(key);
        }
      }
      // A root that a plan removes is not owed an answer any more; one that a plan makes is, from now on.
      const last = indexes.at(-1)?.aliases ?? [];
      const kept = last.filter(({ key, target }) => !failing.has(key) && isWithin(target, subtree));
      promised = new Set(kept.map(({ key }) => key));
    },
    clone: () => answersEverywhere(promised, touched, unproven),
    key: () => [...promised].sort().join(),
  };
}
