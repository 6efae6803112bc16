import type { CellFleet, FleetEndpoint } from './fleet-model.ts';
import { ownValue } from './own-value.ts';

/** The floor that judges an endpoint, of which the declared fleet lowers it or does not have it any more. */
export interface LoweredFloor {
  /** In effect. */
  readonly floor: number;
  /** Lower; absent where the fleet does not declare the endpoint: its removal waits for a person by itself. */
  readonly declared?: number;
}

/** By the endpoint's name. */
export type LoweredFloors = Readonly<Record<string, LoweredFloor>>;

/**
 * The floors that stay in effect after a declaration, because it lowers them or leaves their endpoints out. A floor that
 * it raises, or leaves as it is, is in effect as declared and is not among them. Pure.
 *
 * @param before the fleet that is replaced, and the floors that it had lowered without an approval.
 */
export function loweredFloors(
  before: { readonly fleet: Pick<CellFleet, 'endpoints'>; readonly floors: LoweredFloors },
  declared: Pick<CellFleet, 'endpoints'>,
): LoweredFloors {
  const accepted = new Map<string, number>(before.fleet.endpoints.map(({ name, floor }) => [name, floor]));
  for (const [name, { floor }] of Object.entries(before.floors)) accepted.set(name, floor);
  const next = new Map<string, number>(declared.endpoints.map(({ name, floor }) => [name, floor]));
  return Object.fromEntries(
    [...accepted].flatMap(([name, floor]) => {
      const lower = next.get(name);
      if (lower === undefined) return [[name, { floor }]];
      return lower < floor ? [[name, { floor, declared: lower }]] : [];
    }),
  );
}

/** The floor that judges an endpoint. Pure. */
export function floorOf(
  { name, floor }: Pick<FleetEndpoint, 'name' | 'floor'>,
  floors: LoweredFloors,
): number {
  return ownValue(floors, name)?.floor ?? floor;
}

/** Those that a declaration lowers, and that so wait for a person. */
export function waitingFloors(floors: LoweredFloors): LoweredFloors {
  return Object.fromEntries(Object.entries(floors).filter(([, { declared }]) => declared !== undefined));
}
