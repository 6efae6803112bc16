/**
 * What a group of members says of itself, in one row. Only its holder writes it, whole, once a period. A row without
 * members is released: its group was forgotten, and what stays is its epoch, which never goes down.
 */
export interface LeaseRow {
  /** 1 to 64 of `a-z0-9-`. */
  readonly group: string;
  /** The epoch: one more at each take-over. Whatever its holder does elsewhere carries it, as a fencing token. 1 or more. */
  readonly e: number;
  /** One more at each write, whoever writes. 1 or more. */
  readonly s: number;
  /** The tick that the holder read just before it wrote. */
  readonly t: number;
  /** The `t` of the epoch's first write. */
  readonly since: number;
  /** One byte a member, 1 to 750 of them: 0 out, 1 to 255 a share of its capacity. None in a released row. */
  readonly members: readonly number[];
  /** Who holds it, 1 to 32 of `a-z0-9-`. Two machines never share a name. */
  readonly by: string;
  /** Periods without a success before this write. */
  readonly tries: number;
}

/** So many members fit into one write unit of DynamoDB (1 KB) with everything else of a row, whatever its names are. */
export const MEMBERS_MAX = 750;
const GROUP_NAME = /^[a-z0-9-]{1,64}$/;

const BYTE_MAX = 255;
const HOLDER_NAME = /^[a-z0-9-]{1,32}$/;

export function isGroupName(text: string): boolean {
  return GROUP_NAME.test(text);
}

export function isHolderName(text: string): boolean {
  return HOLDER_NAME.test(text);
}

export function isReleased({ members }: LeaseRow): boolean {
  return members.length === 0;
}

/** What is wrong with a row that somebody is about to write, or that was read; undefined when nothing is. */
export function rowProblem(row: LeaseRow): string | undefined {
  const { group, e, s, t, since, members, by, tries } = row;
  if (!isGroupName(group)) return `"${group}" is not the name of a group`;
  if (!isHolderName(by)) return `"${by}" is not the name of a holder`;
  if (![e, s, t, since].every((value) => isWhole(value, 1))) return 'e, s, t or since is no number above 0';
  if (since > t) return `it is held since tick ${since}, which is after its own, ${t}`;
  if (!isWhole(tries, 0)) return 'its tries are no number';
  if (members.length > MEMBERS_MAX) return `it has ${members.length} members, more than ${MEMBERS_MAX}`;
  return members.every((member) => isWhole(member, 0) && member <= BYTE_MAX)
    ? undefined
    : 'a member is no byte';
}

function isWhole(value: number, min: number): boolean {
  return Number.isSafeInteger(value) && value >= min;
}
