import { canonicalJson, sha256 } from './canonical.ts';
import type { CellPolicy } from './fleet-model.ts';
import type { LoweredFloors } from './lowered-floors.ts';
import { shortDigest } from './plan.ts';

/** Which value of a field lets less happen without a person. `none`: the field guards nothing. */
type Stricter = 'lower' | 'higher' | 'none';

/** Complete by its type: a field of the policy that has no direction does not compile. */
const STRICTER: { readonly [Field in keyof CellPolicy]: Stricter } = {
  // It only groups routine changes: nothing goes by a short one that would not go by a long one.
  coalesceS: 'none',
  capacityRemovedPercent: 'lower',
  // What was taken counts for longer.
  capacityWindowS: 'higher',
  endpointsChangedPercent: 'lower',
  blindPercent: 'lower',
  // What a rollback can go back to.
  retainGenerations: 'higher',
  retainMinutes: 'higher',
  // A change that nobody knows of is waited for.
  unknownChangeS: 'higher',
};

const FIELDS = Object.keys(STRICTER) as readonly (keyof CellPolicy)[];

/** A field of which a declared policy is looser than the one in effect, or a floor that is declared lower. */
export interface LooserField {
  readonly field: keyof CellPolicy | 'floor';
  /** Whose floor. */
  readonly endpoint?: string;
  readonly inEffect: number;
  readonly declared: number;
}

/**
 * The policy that lets nothing happen without a person that either of two would not: field by field the stricter value,
 * and of a field that guards nothing the declared one. Pure.
 *
 * @param inEffect what a person accepted, or what was stricter since.
 */
export function stricterPolicy(inEffect: CellPolicy, declared: CellPolicy): CellPolicy {
  const stricter = { ...declared };
  for (const field of FIELDS) stricter[field] = stricterValue(field, inEffect[field], declared[field]);
  return stricter;
}

function stricterValue(field: keyof CellPolicy, inEffect: number, declared: number): number {
  switch (STRICTER[field]) {
    case 'lower':
      return Math.min(inEffect, declared);
    case 'higher':
      return Math.max(inEffect, declared);
    case 'none':
      return declared;
  }
}

/** The fields of a declared policy that are looser than those in effect; none when it takes effect as a whole. Pure. */
export function looserFields(inEffect: CellPolicy, declared: CellPolicy): readonly LooserField[] {
  return FIELDS.filter(
    (field) => stricterValue(field, inEffect[field], declared[field]) !== declared[field],
  ).map((field) => ({ field, inEffect: inEffect[field], declared: declared[field] }));
}

/** The floors that are declared lower than what is in effect, in order of name. Pure. */
export function lowerFloors(floors: LoweredFloors): readonly LooserField[] {
  return Object.entries(floors)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([endpoint, { floor, declared }]) =>
      declared === undefined ? [] : [{ field: 'floor' as const, endpoint, inEffect: floor, declared }],
    );
}

/** The 12 digits by which a person decides about exactly the looser fields that they have seen. */
export function looseningDigest(fields: readonly LooserField[]): string {
  return shortDigest(sha256(canonicalJson(fields)));
}

/** More floors than this are counted, not named. */
const FLOORS_NAMED_MAX = 10;

/** `capacityRemovedPercent 34 -> 100, floor of api.example.com 3 -> 1`. */
export function looseningText(fields: readonly LooserField[]): string {
  const floors = fields.filter(({ field }) => field === 'floor');
  const named = new Set(floors.slice(0, FLOORS_NAMED_MAX));
  const texts = fields
    .filter((each) => each.field !== 'floor' || named.has(each))
    .map(({ field, endpoint, inEffect, declared }) => {
      const what = endpoint === undefined ? field : `${field} of ${endpoint}`;
      return `${what} ${inEffect} -> ${declared}`;
    });
  const more = floors.length - named.size;
  return [...texts, ...(more === 0 ? [] : [`${more} more floors`])].join(', ');
}
