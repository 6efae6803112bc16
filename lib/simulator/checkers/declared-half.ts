import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import type { Checker, Commit } from './zone-history.ts';

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
        const serving = servingAt(name, after);
        invariant(
          2 * serving >= targets || serving >= servingAt(name, before),
          `${name} answers with ${serving} of ${targets} declared targets, and no person was asked`,
        );
      }
    },
    tampered: () => undefined,
    clone: () => declaredHalf(declared),
    key: () => '',
  };
}

/** The number of targets that an endpoint answers with. */
function servingAt(name: DnsName, records: Commit['after']): number {
  const tree = records.find((record) => record.name === name)?.alias?.name;
  const leaves = records.filter((record) => record.name === tree);
  return new Set(leaves.map(({ setIdentifier }) => setIdentifier)).size;
}
