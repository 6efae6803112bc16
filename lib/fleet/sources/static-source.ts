import type { Source } from './source.ts';

/** Health and capacity as the fleet file says them, as fresh as the fleet that is asked about. Never blind. */
export function staticSource(): Source {
  return {
    kind: 'declared',
    observe: async (cell) => ({
      type: 'observed',
      observations: Object.fromEntries(
        cell.targets.map(({ id, health, capacity }) => [id, { health, capacity }]),
      ),
    }),
  };
}
