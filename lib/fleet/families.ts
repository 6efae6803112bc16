import type { FleetTarget } from '../plan/fleet-model.ts';

/** Types of records that hold addresses. */
export type Family = 'A' | 'AAAA';

/** The families in which a target answers with addresses. */
export function familiesOf(target: FleetTarget): readonly Family[] {
  return [
    ...(target.ipv4.length > 0 ? (['A'] as const) : []),
    ...(target.ipv6.length > 0 ? (['AAAA'] as const) : []),
  ];
}

/** Each once, as they are stored. */
export function inOrder(families: readonly Family[]): readonly Family[] {
  return (['A', 'AAAA'] as const).filter((family) => families.includes(family));
}

/** The field of a target that has a family's addresses. */
export function fieldOf(family: Family): string {
  return family === 'A' ? 'ipv4' : 'ipv6';
}
