import { MEMBERS_MAX } from '../../lease/lease-row.ts';
import type { HearingZone } from '../../lease/lease-table.ts';
import { cellName } from '../../plan/names.ts';

/** A group of members, one row of the table. */
export interface Group {
  readonly zone: HearingZone;
  readonly name: string;
  /** One byte a member: all of them serve with all that they have. */
  readonly members: readonly number[];
}

const ZONES: readonly HearingZone[] = ['use1-az1', 'use1-az2', 'use1-az3'].map((az) => ({
  cell: cellName('use1-a'),
  az,
}));
/** So many groups a zone has at least, so that the share that may be missing means something. */
const GROUPS_MIN = 20;
const WHOLE = 255;

/** Members in three zones, evenly, in groups of as many as a row has at most. @param count of members, 60 or more. */
export function groupsOf(count: number): readonly Group[] {
  return shares(count, ZONES.length).flatMap((inZone, index) => {
    const zone = ZONES[index];
    if (zone === undefined) return [];
    return shares(inZone, Math.max(GROUPS_MIN, Math.ceil(inZone / MEMBERS_MAX))).map((size, at) => ({
      zone,
      name: `rack-${String(at).padStart(4, '0')}`,
      members: new Array<number>(size).fill(WHOLE),
    }));
  });
}

/** A whole number in parts that differ by one at most. */
function shares(whole: number, parts: number): readonly number[] {
  return Array.from(
    { length: parts },
    (_, at) => Math.floor((whole * (at + 1)) / parts) - Math.floor((whole * at) / parts),
  );
}
