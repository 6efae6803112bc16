import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { servingTargets } from './serving-targets.ts';
import type { Checker } from './zone-history.ts';

/**
 * Nobody of Pawl's brings an endpoint under a floor that is declared lower before a person has accepted that
 * (docs/adr/0059-the-stricter-policy-judges.md). It counts the targets in the tree that the root points at, and knows
 * nothing of what the log says about floors, but that a person approved. What a hand does is a person's doing.
 *
 * @param floors the floors that were accepted, by endpoint.
 */
export function acceptedFloors(floors: ReadonlyMap<DnsName, number> = new Map(), approved = false): Checker {
  let isApproved = approved;
  return {
    name: 'accepted floors',
    check: ({ before, after }) => {
      if (isApproved) return;
      for (const [name, floor] of floors) {
        const serving = servingTargets(name, after);
        invariant(
          serving >= floor || serving >= servingTargets(name, before),
          `${name} answers with ${serving} targets, its accepted floor is ${floor}, and no person was asked`,
        );
      }
    },
    tampered: () => undefined,
    appended: (_, { last }) => {
      if (last?.event.type === 'LooseningApproved') isApproved = true;
    },
    clone: () => acceptedFloors(floors, isApproved),
    key: () => (isApproved ? 'approved' : ''),
  };
}
