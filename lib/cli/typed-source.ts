import type { Source } from '../fleet/sources/source.ts';
import { staticSource } from '../fleet/sources/static-source.ts';

/**
 * What a planner that is run by hand goes by: what was last recorded under this fleet, else the fleet file. It asks no
 * load balancer itself; for a fleet that names any, the recorded observations stand, because the file's word would
 * put targets back that the planner has seen to be gone.
 */
export function typedSource(): Source {
  const declared = staticSource();
  return {
    kind: declared.kind,
    observe: async (cell) =>
      cell.targets.some(({ observedBy }) => observedBy !== undefined)
        ? { type: 'blind', reason: 'the command line asks no load balancer' }
        : declared.observe(cell),
  };
}
