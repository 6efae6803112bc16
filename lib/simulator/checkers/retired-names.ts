import type { CellState } from '../../ledger/decider/state.ts';
import { stateCharsMax, TREES_MAX } from '../../ledger/decider/state.ts';
import { worstStateChars } from '../../ledger/decider/state-room.ts';
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
  /** Records in the zone. */
  readonly standing: number;
}

const NOTHING: Memory = { gone: new Set(), janitors: new Set(), standing: 0 };

/**
 * A tree that a janitor has deleted is never created again under that name. No tree is retired that belongs to the goal,
 * that is staged and goes first, or that is newer than the applied plan; none that the cell's policy
 * retains either, unless zone or log are well filled (docs/adr/0060-retention-yields.md).
 */
export function retiredNames(memory: Memory = NOTHING): Checker {
  let { gone, janitors, standing } = memory;
  const trees = ({ before, after, scope }: Commit, isGone: boolean): readonly DnsName[] => {
    const [from, to] = isGone ? [before, after] : [after, before];
    const there = new Set(to.map(({ name }) => name));
    const names = new Set(from.map(({ name }) => name).filter((name) => !there.has(name)));
    return [...names].filter((name) => parseOwnedName(name, scope)?.kind === 'tree');
  };
  const forget = (commit: Commit): void => {
    standing = commit.after.length;
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
      standing = commit.after.length;
      for (const name of trees(commit, false))
        invariant(!gone.has(name), `the tree ${name} was retired, and is made again`);
      if (janitors.has(commit.by)) gone = new Set([...gone, ...trees(commit, true)]);
    },
    appended: (before: Head, { last }) => {
      if (last?.event.type !== 'TreesRetired') return;
      const { history, goal, staging, fleet, endpoints, refused } = before.state;
      const retained = history.slice(0, 1 + (fleet?.policy.retainGenerations ?? 0));
      // What was staged in part and cannot be completed is nobody's goal any more.
      const isRefused = refused.some((entry) => entry.generation >= (staging?.generation ?? 0));
      const first = staging?.sticky === true && !isRefused ? staging : null;
      const kept = isWellFilled(before.state, standing) ? [] : [...retained, staging];
      const needed = [...kept, goal, first].flatMap((ref) => (ref === null ? [] : [ref.generation]));
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
    clone: () => retiredNames({ gone, janitors, standing }),
    key: () => [...gone].sort().join(),
  };
}

/** Where half of the room is free, there is room for one more tree of every endpoint. */
function isWellFilled(state: CellState, standing: number): boolean {
  const { facts, endpoints } = state;
  const trees = Object.values(endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, 0);
  return (
    (facts !== null && 2 * standing > facts.recordLimit) ||
    2 * trees > TREES_MAX ||
    10 * worstStateChars(state) > 9 * stateCharsMax(state)
  );
}
