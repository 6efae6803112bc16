import type { Source } from '../../fleet/sources/source.ts';
import { SOURCES } from '../../fleet/sources/sources.ts';
import { staticSource } from '../../fleet/sources/static-source.ts';
import type { CellFleet, Observation, Observations } from '../../plan/fleet-model.ts';
import { ownValue } from '../../plan/own-value.ts';

const REASON = 'the command line asks no load balancer';

/**
 * The source of a planner that a person runs: the observations last recorded under this fleet, else the fleet file. It
 * asks no load balancer and hears no lease. For a fleet that names one, the recorded observations stay valid: the file
 * would put back targets that the planner has observed to be gone. Nor does it bring in a target that serves only once it
 * was heard.
 */
export function typedSource(): Source {
  const declared = staticSource();
  return {
    kind: declared.kind,
    observe: async (cell, before) => {
      if (!cell.targets.some(({ observedBy }) => observedBy !== undefined))
        return declared.observe(cell, before);
      const observations = unheard(cell, before);
      if (Object.keys(observations).length === 0) return { type: 'blind', reason: REASON };
      const targets = cell.targets.map(({ id }) => id);
      return { type: 'observed', observations, blind: [{ source: 'all', reason: REASON, targets }] };
    },
  };
}

/** Targets that were never observed, of sources that say what such a target is. */
function unheard({ targets }: CellFleet, before: Observations): Observations {
  return Object.fromEntries(
    targets.flatMap(({ id, capacity, observedBy }): readonly (readonly [string, Observation])[] => {
      const health = SOURCES.find(({ name }) => name === observedBy?.source)?.unobserved;
      return health === undefined || ownValue(before, id) !== undefined ? [] : [[id, { health, capacity }]];
    }),
  );
}
