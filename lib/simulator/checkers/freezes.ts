import { invariant } from '../../plan/invariant.ts';
import { fenceName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { sameRecords } from '../../plan/records.ts';
import type { Actor, Checker } from './zone-history.ts';

interface Memory {
  /** A freeze has returned, and nobody has thawed since. */
  readonly frozen: boolean;
  /** Thaws that began after the last freeze's fence stood; only these may end it. */
  readonly thaws: readonly string[];
  readonly roles: ReadonlyMap<string, string>;
}

const NOTHING: Memory = { frozen: false, thaws: [], roles: new Map() };

/**
 * I7: after a freeze has returned no write to the zone commits until a thaw that has seen it. A rescue is a person's
 * own hand, and a fence that was changed by hand is no longer the freeze's.
 */
export function freezes(memory: Memory = NOTHING): Checker {
  let { frozen, thaws, roles } = memory;
  return {
    name: 'I7 freezes',
    started: ({ name, role }: Actor) => {
      roles = new Map([...roles, [name, role]]);
      if (role === 'thaw') thaws = [...thaws, name];
    },
    ended: ({ role }, outcome) => {
      if (role !== 'freeze' || !isDone(outcome)) return;
      frozen = true;
    },
    check: ({ by }) => {
      // A thaw that read a fence from before this freeze has not seen why the cell was frozen.
      if (roles.get(by) === 'freeze') thaws = [];
      if (!frozen || roles.get(by) === 'rescue' || roles.get(by) === 'freeze') return;
      invariant(thaws.includes(by), `I7: a batch of ${by} went through a cell that was frozen`);
      frozen = false;
      thaws = [];
    },
    tampered: ({ scope, before, after }) => {
      const fenceOf = (records: readonly RecordSet[]) =>
        records.filter(({ name }) => name === fenceName(scope));
      if (!sameRecords(fenceOf(before), fenceOf(after))) frozen = false;
    },
    clone: () => freezes({ frozen, thaws, roles }),
    key: () => `${frozen}${thaws.join()}`,
  };
}

function isDone(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'type' in outcome && outcome.type === 'done';
}
