import type { FleetTarget, Observations } from '../../plan/fleet-model.ts';
import type { Source } from './source.ts';

/** Health and capacity as the fleet file says them, as fresh as the fleet that is asked about. Never blind. */
export function staticSource(): Source {
  return {
    kind: 'declared',
    observe: async ({ targets }) => ({ type: 'observed', observations: asDeclared(targets) }),
  };
}

/** What the fleet file says of these targets. */
export function asDeclared(targets: readonly FleetTarget[]): Observations {
  return Object.fromEntries(targets.map(({ id, health, capacity }) => [id, { health, capacity }]));
}
