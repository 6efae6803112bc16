/** Capacity moves in steps of 5 %, so that one member of many does not make a plan. */
const STEPS = 20;
/** The byte of a member that serves with all of its capacity. */
const WHOLE = 255;

/**
 * The capacity that a group's members have together: whole steps of 5 % of what is declared, rounded down, and at least
 * one step while any member serves. A capacity that is one step or less away from the last one stays: it moves when the
 * members' share is a whole step away.
 *
 * @param members one byte a member: 0 out, 1 to 255 a share of its capacity.
 * @param declared the target's declared capacity, 1 or more.
 * @param before the capacity that was observed last; undefined for none.
 * @returns 0 when no member serves; else 1 to `declared`.
 */
export function steppedCapacity(
  members: readonly number[],
  declared: number,
  before: number | undefined,
): number {
  const sum = members.reduce((all, member) => all + member, 0);
  if (sum === 0) return 0;
  const exact = (sum / (members.length * WHOLE)) * STEPS;
  const last = before === undefined ? undefined : Math.round((before / declared) * STEPS);
  const stays = last !== undefined && last >= 1 && last <= STEPS && Math.abs(exact - last) < 1;
  const steps = stays ? last : Math.max(1, Math.floor(exact));
  return Math.max(1, Math.round((declared * steps) / STEPS));
}
