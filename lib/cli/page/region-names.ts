import { AWS_REGIONS } from '../../plan/aws-regions.ts';
import type { CellName } from '../../plan/names.ts';

/**
 * Short names of Regions, as the ids of availability zones begin with them: `use1` of `use1-az1`
 * (https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html).
 */
const BY_SHORT_NAME: ReadonlyMap<string, string> = new Map(
  AWS_REGIONS.map((region) => [shortName(region), region]),
);

/** The Region that a cell's name begins with; null where it begins with none. Pure. */
export function regionOf(cell: CellName): string | null {
  return BY_SHORT_NAME.get(cell.split('-', 1)[0] ?? '') ?? null;
}

/** `us-east-1` is `use1`, `ap-southeast-2` is `apse2`, `us-gov-west-1` is `usgw1`. */
function shortName(region: string): string {
  const [place = '', ...words] = region.split('-');
  const directions = words.map((word) => {
    const [, first = '', second = ''] =
      /^(north|south|central|east|west|[a-z]+|\d+)(east|west)?$/.exec(word) ?? [];
    return /^\d+$/.test(first) ? first : `${first.slice(0, 1)}${second.slice(0, 1)}`;
  });
  return [place, ...directions].join('');
}
