import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { answerIndex } from '../../rules/alias-index.ts';
import { failingAliases, isInTree } from '../../rules/failing-aliases.ts';
import type { Checker, Commit } from './zone-history.ts';

/**
 * I2: after every single write, every root resolves to at least one answer at every name server, however far behind
 * that server is. Name servers take changes in at their own pace. So a root in any version that some server may still
 * answer with must find its tree in every other such version, and every branch of that tree all the way down: so no place
 * of the world loses its answer, whichever branch Route 53 chooses for it. The rule demands nothing of a name that fails when the
 * rule begins, until that name resolves. The rule demands nothing of an alias that a hand pointed at something other
 * than a tree: such an alias is drift, and the batch that repairs it may delete what it points at. The rule demands
 * nothing of a tree that a hand has deleted: when an enactor dies after it created the tree again and before it
 * recorded that, nobody knows since when the tree stands (docs/verification.md).
 *
 * @param declared the endpoint names that the cell has ever declared.
 */
export function answersEverywhere(
  declared: ReadonlySet<DnsName>,
  healthy: ReadonlySet<string> = new Set(),
  byHand: ReadonlySet<readonly RecordSet[]> = new Set(),
  handled: ReadonlySet<string> = new Set(),
): Checker {
  let promised = healthy;
  let touched = byHand;
  let unproven = handled;
  const look = ({ scope, answerable }: Commit): void => {
    // The rule holds from a healthy zone on. It does not hold while some server still answers from what a hand left.
    if (touched.size > 0 && answerable.some((version) => touched.has(version))) return;
    const subtree = ownedSubtree(scope);
    const indexes = answerable.map(answerIndex);
    const excused = { unproven, declared: touched.size > 0 ? declared : undefined };
    const failing = new Set<string>();
    for (const { key, target, version } of failingAliases(indexes, scope, excused)) {
      invariant(
        !promised.has(key),
        `I2: ${key} points at ${target}, where some name server has no answer (version ${version})`,
      );
      failing.add(key);
    }
    // A root that a plan removes need not answer any more. A root that a plan makes must answer from now on.
    const last = indexes.at(-1)?.aliases ?? [];
    const kept = last.filter(
      ({ key, name, target }) => !failing.has(key) && isWithin(target, subtree) && !isInTree(name, scope),
    );
    promised = new Set(kept.map(({ key }) => key));
  };
  return {
    name: 'I2 answers everywhere',
    tampered: ({ before, after, answerable }) => {
      const there = answerIndex(after).there;
      const gone = [...answerIndex(before).there].filter((key) => !there.has(key));
      unproven = new Set([...unproven, ...gone]);
      promised = new Set();
      touched = new Set(answerable);
    },
    // A return is strict: it takes nothing of what the rule promises.
    returned: look,
    check: look,
    clone: () => answersEverywhere(declared, promised, touched, unproven),
    key: () => [...promised].sort().join(),
  };
}
