import { isGroupName } from '../../lease/lease-row.ts';
import type { HearingZone, LeaseTable } from '../../lease/lease-table.ts';
import { cellName } from '../../plan/names.ts';
import type { World } from '../../wiring/world.ts';
import { BadInput } from '../command/failures.ts';

/** The option that names the table where no stack does. */
export const LEASES_OPTION = [
  '--leases <table>',
  'the table of leases in AWS (default: PAWL_LEASES, or the one that the stack names)',
] as const;

/** The world's table of leases. @throws BadInput when nothing names one. */
export function leasesOf({ leases }: World): LeaseTable {
  if (leases !== undefined) return leases;
  throw new BadInput(
    'Nothing names a table of leases: give --leases TABLE, or --stack NAME of a stack that has one, or set PAWL_LEASES.',
  );
}

/** @throws BadInput, InvalidValue. */
export function hearingZone(cell: string, az: string): HearingZone {
  // A zone's id has the characters of a group's name.
  if (!isGroupName(az))
    throw new BadInput(`"${az}" is no availability zone: give its id of 1 to 64 of a-z, 0-9 and "-".`);
  return { cell: cellName(cell), az };
}

/** @throws BadInput. */
export function groupName(text: string): string {
  if (isGroupName(text)) return text;
  throw new BadInput(`"${text}" is not the name of a group: use 1 to 64 of a-z, 0-9 and "-".`);
}
