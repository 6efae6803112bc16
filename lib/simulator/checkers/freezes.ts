import { invariant } from '../../plan/invariant.ts';
import { isWithin } from '../../plan/names.ts';
import { fenceName, ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { sameRecords } from '../../plan/records.ts';
import type { Checker, Commit } from './zone-history.ts';

interface Memory {
  /** The freeze that returned last, until a thaw ends it. */
  readonly frozenBy: string | undefined;
  /** For each freeze, the thaws that began after it began and after its last write. Only these may end it. */
  readonly thaws: ReadonlyMap<string, readonly string[]>;
  readonly roles: ReadonlyMap<string, string>;
}

const NOTHING: Memory = { frozenBy: undefined, thaws: new Map(), roles: new Map() };

/**
 * I7: after a freeze has returned, no write to the cell commits before a thaw that has seen the freeze. The rule does
 * not apply to a rescue, because a rescue is a person's decision. It ends when a hand changes the fence, because the
 * fence is then no longer the one that the freeze wrote.
 */
export function freezes(memory: Memory = NOTHING): Checker {
  let { frozenBy, thaws, roles } = memory;
  const forgetThaws = (freeze: string): void => {
    thaws = new Map([...thaws, [freeze, []]]);
  };
  return {
    name: 'I7 freezes',
    started: ({ name, role }) => {
      roles = new Map([...roles, [name, role]]);
      if (role === 'freeze') forgetThaws(name);
      if (role === 'thaw') thaws = new Map([...thaws].map(([freeze, known]) => [freeze, [...known, name]]));
    },
    ended: ({ name, role }, outcome) => {
      if (role === 'freeze' && isDone(outcome)) frozenBy = name;
    },
    check: (commit) => {
      const { by } = commit;
      const role = roles.get(by);
      // A thaw that read the fence before this write of the freeze has not seen why the cell was frozen.
      if (role === 'freeze') forgetThaws(by);
      if (frozenBy === undefined || role === 'rescue' || role === 'freeze' || !concerns(commit)) return;
      const isSeen = thaws.get(frozenBy)?.includes(by) === true;
      invariant(isSeen, `I7: a batch of ${by} went through a cell that was frozen`);
      frozenBy = undefined;
    },
    tampered: ({ scope, before, after }) => {
      const fenceOf = (records: readonly RecordSet[]) =>
        records.filter(({ name }) => name === fenceName(scope));
      if (!sameRecords(fenceOf(before), fenceOf(after))) frozenBy = undefined;
    },
    clone: () => freezes({ frozenBy, thaws, roles }),
    key: () =>
      `${frozenBy ?? ''} ${[...thaws].map(([freeze, known]) => `${freeze}=${known.join('+')}`).join()}`,
  };
}

/** Whether a commit changes anything of the cell: its subtree, or what points there. Other cells of the zone go on. */
function concerns({ scope, before, after }: Commit): boolean {
  const subtree = ownedSubtree(scope);
  const own = (records: readonly RecordSet[]) =>
    records.filter(
      ({ name, alias }) => isWithin(name, subtree) || (alias !== undefined && isWithin(alias.name, subtree)),
    );
  return !sameRecords(own(before), own(after));
}

function isDone(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'type' in outcome && outcome.type === 'done';
}
