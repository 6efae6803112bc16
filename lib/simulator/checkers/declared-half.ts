import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { servingInBranch, servingTargets } from './serving-targets.ts';
import type { Checker } from './zone-history.ts';

/** How many targets an endpoint is declared with, all of one capacity. */
export interface DeclaredTargets {
  readonly targets: number;
  /** The same of each branch of its route, by id. */
  readonly branches: ReadonlyMap<string, number>;
  /** The branches, by id, for clients who get nothing where it is not there. */
  readonly owed: ReadonlySet<string>;
}

/**
 * No sequence of observations brings an endpoint under half of its declared capacity without a person
 * (docs/adr/0058-what-a-guard-counts.md), nor a branch of its route that still answers
 * (docs/adr/0066-what-is-left-of-a-branch.md), nor takes the answer of a place away. It counts the targets in the tree that the root points at, and knows
 * nothing of how a planner counts. What a hand does is a person's doing.
 *
 * @param declared of each endpoint to which the bound applies.
 */
export function declaredHalf(declared: ReadonlyMap<DnsName, DeclaredTargets> = new Map()): Checker {
  return {
    name: 'half of the declared capacity',
    check: ({ before, after }) => {
      for (const [name, { targets, branches, owed }] of declared) {
        const serving = servingTargets(name, after);
        invariant(
          2 * serving >= targets || serving >= servingTargets(name, before),
          `${name} answers with ${serving} of ${targets} declared targets, and no person was asked`,
        );
        for (const [branch, count] of branches) {
          const inBranch = (records: readonly RecordSet[]): number => servingInBranch(name, branch, records);
          const left = inBranch(after);
          invariant(
            left > 0 || !owed.has(branch) || inBranch(before) === 0,
            `${name} has nothing in ${branch} for clients who get no other answer, and no person was asked`,
          );
          invariant(
            left === 0 || 2 * left >= count || left >= inBranch(before),
            `${name} answers in ${branch} with ${left} of ${count} declared targets, and no person was asked`,
          );
        }
      }
    },
    tampered: () => undefined,
    clone: () => declaredHalf(declared),
    key: () => '',
  };
}
