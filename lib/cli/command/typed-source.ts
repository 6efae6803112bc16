import { cellSource } from '../../fleet/sources/cell-observations.ts';
import type { Source, TargetSource } from '../../fleet/sources/source.ts';
import { SOURCES } from '../../fleet/sources/sources.ts';
import { staticSource } from '../../fleet/sources/static-source.ts';

const unasked: TargetSource = {
  look: async () => ({ type: 'blind', reason: 'the command line does not ask it' }),
};

/**
 * The source of a planner that a person runs: the observations last recorded under this fleet, else the fleet file. It
 * asks no load balancer and hears no lease, as if both were blind: what was recorded of their targets stays valid, where
 * the file would put back targets that the planner has observed to be gone.
 */
export function typedSource(): Source {
  const { observe } = cellSource(Object.fromEntries(SOURCES.map(({ name }) => [name, unasked])));
  return { kind: staticSource().kind, observe };
}
