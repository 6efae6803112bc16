import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointLabels, ownedSubtree, parseOwnedName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { AnswerIndex } from './alias-index.ts';
import { answerIndex } from './alias-index.ts';
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
    const failing = new Set<string>();
    const dead = deadEnds(indexes, subtree, unproven);
    for (const [version, { aliases }] of indexes.entries()) {
      for (const { key, name, target, needs } of aliases) {
        if (!isWithin(target, subtree) || unproven.has(needs) || !dead.has(needs)) continue;
        // No client asks for a node: what leads to it must not end there.
        if (isInTree(name, scope)) continue;
        if (touched.size > 0 && isDrift(name, target, scope, declared)) continue;
        invariant(
          !promised.has(key),
          `I2: ${key} points at ${target}, where some name server has no answer (version ${version})`,
        );
        failing.add(key);
      }
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

function isInTree(name: DnsName, scope: CellScope): boolean {
  const kind = parseOwnedName(name, scope)?.kind;
  return kind === 'tree' || kind === 'node';
}

/**
 * What some name server cannot answer, `name type`: what is missing in a version that can be answered from, and whatever
 * has an alias to such a thing in one of them.
 */
function deadEnds(
  indexes: readonly AnswerIndex[],
  subtree: DnsName,
  excused: ReadonlySet<string>,
): ReadonlySet<string> {
  const links = indexes.flatMap(({ aliases }) => aliases.filter(({ target }) => isWithin(target, subtree)));
  const needed = new Set(links.map(({ needs }) => needs));
  const dead = new Set([...needed].filter((needs) => !indexes.every(({ there }) => there.has(needs))));
  if (dead.size === 0) return dead;
  for (let known = -1; known !== dead.size; ) {
    known = dead.size;
    for (const { key, needs } of links) if (dead.has(needs) && !excused.has(needs)) dead.add(key);
  }
  return dead;
}

/** Whether Pawl would never let this alias point there. An alias that is not Pawl's may point at any tree. */
function isDrift(name: DnsName, target: DnsName, scope: CellScope, declared: ReadonlySet<DnsName>): boolean {
  const tree = parseOwnedName(target, scope);
  const own = parseOwnedName(name, scope);
  if (tree?.kind === 'node' && (own?.kind === 'tree' || own?.kind === 'node'))
    return own.endpoint !== tree.endpoint;
  if (tree?.kind !== 'tree') return true;
  if (own?.kind === 'rollback') return own.endpoint !== tree.endpoint;
  return declared.has(name) && endpointLabels(name, scope) !== tree.endpoint;
}
