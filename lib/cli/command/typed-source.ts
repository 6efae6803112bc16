import type { Source } from '../../fleet/sources/source.ts';
import { staticSource } from '../../fleet/sources/static-source.ts';

/**
 * The source of a planner that a person runs: the observations last recorded under this fleet, else the fleet file. It
 * asks no load balancer. For a fleet that names one, the recorded observations stay valid: the file would put back
 * targets that the planner has observed to be gone.
 */
export function typedSource(): Source {
  const declared = staticSource();
  return {
    kind: declared.kind,
    observe: async (cell, before) =>
      cell.targets.some(({ observedBy }) => observedBy !== undefined)
        ? { type: 'blind', reason: 'the command line asks no load balancer' }
        : declared.observe(cell, before),
  };
}
