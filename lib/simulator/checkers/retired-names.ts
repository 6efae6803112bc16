import type { Head } from '../../ledger/ledger.ts';
import { generation } from '../../plan/generation.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { parseOwnedName } from '../../plan/owned-names.ts';
import type { Actor, Checker, Commit } from './zone-history.ts';

interface Memory {
  /** Names of trees that a janitor has deleted. */
  readonly gone: ReadonlySet<string>;
  readonly janitors: ReadonlySet<string>;
}

const NOTHING: Memory = { gone: new Set(), janitors: new Set() };

/**
 * A tree that a janitor has deleted is never created again under that name. No tree is retired that the cell's policy
 * retains, that belongs to the goal, that is staged, or that is newer than the applied plan.
 */
export function retiredNames(memory: Memory = NOTHING): Checker {
  let { gone, janitors } = memory;
  const trees = ({ before, after, scope }: Commit, isGone: boolean): readonly DnsName[] => {
    const [from, to] = isGone ? [before, after] : [after, before];
    const there = new Set(to.map(({ name }) => name));
    const names = new Set(from.map(({ name }) => name).filter((name) => !there.has(name)));
    return [...names].filter((name) => parseOwnedName(name, scope)?.kind === 'tree');
  };
  const forget = (commit: Commit): void => {
    const back = new Set<string>(trees(commit, false));
    gone = new Set([...gone].filter((name) => !back.has(name)));
  };
  return {
    name: 'retired names',
    started: ({ name, role }: Actor) => {
      if (role === 'janitor') janitors = new Set([...janitors, name]);
    },
    // A tree that a hand creates again, or that comes back with the zone, no longer counts as deleted.
    tampered: forget,
    returned: forget,
    check: (commit) => {
      for (const name of trees(commit, false))
        invariant(!gone.has(name), `the tree ${name} was retired, and is made again`);
      if (janitors.has(commit.by)) gone = new Set([...gone, ...trees(commit, true)]);
    },
    appended: (before: Head, { last }) => {
      if (last?.event.type !== 'TreesRetired') return;
      const { history, goal, staging, fleet, endpoints } = before.state;
      const retained = history.slice(0, 1 + (fleet?.policy.retainGenerations ?? 0));
      const needed = [...retained, goal, staging].flatMap((ref) => (ref === null ? [] : [ref.generation]));
      for (const tree of last.event.trees) {
        const [, digits, endpoint = ''] = /^g(\d+)\.(.+)$/.exec(tree) ?? [];
        if (endpoints[endpoint] === undefined) continue;
        const retired = generation(Number(digits));
        invariant(
          !needed.includes(retired),
          `the tree ${tree} was retired while generation ${retired} needs it`,
        );
      }
    },
    clone: () => retiredNames({ gone, janitors }),
    key: () => [...gone].sort().join(),
  };
}
