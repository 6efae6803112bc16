import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Checker } from './zone-history.ts';

interface Root {
  readonly key: string;
  readonly type: string;
  readonly target: DnsName;
}

/**
 * I2: every root resolves to at least one answer after every single write, at every name server, however far behind. A
 * root in any version that some server may still answer with must find its tree in every other such version, because
 * servers take changes in at their own pace. Names that fail when the rule begins count from when they resolve.
 */
export function answersEverywhere(): Checker {
  const healthy = new Set<string>();
  let byHand: ReadonlySet<unknown> = new Set();
  return {
    name: 'I2 answers everywhere',
    tampered: ({ answerable }) => {
      healthy.clear();
      byHand = new Set(answerable);
    },
    check: ({ scope, answerable }) => {
      // Promised from a healthy zone on: not while some server still answers from what a hand left behind.
      if (answerable.some((version) => byHand.has(version))) return;
      const trees = answerable.map(treeTypes);
      const failing = new Set<string>();
      for (const [index, version] of answerable.entries()) {
        for (const root of rootsOf(version, scope)) {
          if (trees.every((there) => there.has(`${root.target} ${root.type}`))) continue;
          invariant(
            !healthy.has(root.key),
            `I2: ${root.key} points at ${root.target}, where some name server has no answer (version ${index})`,
          );
          failing.add(root.key);
        }
      }
      for (const { key } of rootsOf(answerable.at(-1) ?? [], scope)) if (!failing.has(key)) healthy.add(key);
      const last = new Set(rootsOf(answerable.at(-1) ?? [], scope).map(({ key }) => key));
      // A root that a plan removes is not owed an answer any more.
      for (const key of healthy) if (!last.has(key)) healthy.delete(key);
    },
  };
}

function treeTypes(records: readonly RecordSet[]): ReadonlySet<string> {
  return new Set(records.map(({ name, type }) => `${name} ${type}`));
}

function rootsOf(records: readonly RecordSet[], scope: CellScope): readonly Root[] {
  const subtree = ownedSubtree(scope);
  return records.flatMap(({ name, type, alias }) =>
    alias !== undefined && isWithin(alias.name, subtree)
      ? [{ key: `${name} ${type}`, type, target: alias.name }]
      : [],
  );
}
