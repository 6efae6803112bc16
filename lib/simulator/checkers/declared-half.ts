import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { servingTargets } from './serving-targets.ts';
import type { Checker } from './zone-history.ts';

/**
 * No sequence of observations brings an endpoint under half of its declared capacity without a person
 * (docs/adr/0058-what-a-guard-counts.md). It counts the targets in the tree that the root points at, and knows nothing of
 * how a planner counts. What a hand does is a person's doing.
 *
 * @param declared the number of targets, all of one capacity, of each endpoint to which the bound applies.
 */
export function declaredHalf(declared: ReadonlyMap<DnsName, number> = new Map()): Checker {
  return {
    name: 'half of the declared capacity',
    check: ({ before, after }) => {
      for (const [name, targets] of declared) {
        const serving = servingTargets(name, after);
        invariant(
          2 * serving >= targets || serving >= servingTargets(name, before),
          `${name} answers with ${serving} of ${targets} declared targets, and no person was asked`,
        );
      }
    },
    tampered: () => undefined,
    clone: () => declaredHalf(declared),
    key: () => '',
  };
}
