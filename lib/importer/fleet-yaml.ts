import type { CellName } from '../plan/names.ts';
import { HOSTED_ZONE_ID } from '../plan/names.ts';
import type { AliasTarget } from '../plan/records.ts';
import type { EndpointDraft, ImportedZone, TargetDraft, Unexpressed } from './described-zone.ts';
import { endpointRouteLines } from './route-yaml.ts';
import { comment, indented, oneOrList, quoted, scalar, tame } from './yaml-scalars.ts';

/** A cell with its endpoints and targets. */
export interface CellDraft {
  readonly cell: CellName;
  readonly endpoints: readonly EndpointDraft[];
}

const LEFT_OUT_MAX = 500;

/**
 * The text of a fleet file of one cell or more.
 *
 * @param origin what answered so before.
 */
export function fleetYaml(
  cells: readonly CellDraft[],
  zone: ImportedZone,
  unexpressed: readonly Unexpressed[],
  origin = hostedZoneText(zone),
): string {
  return lines(
    header(origin, cells),
    'version: 1',
    'cells:',
    cells.flatMap((cell) => indented(cellLines(cell, zone))),
    footer(unexpressed),
  );
}

/** A hosted zone as the first line of its file names it. */
export function hostedZoneText({ name, id }: ImportedZone): string {
  return `the hosted zone ${name}${id === '' ? '' : ` (${id})`}`;
}

function header(origin: string, cells: readonly CellDraft[]): readonly string[] {
  const names = cells.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  return [
    `# What ${origin} answers with: ${names === 1 ? '1 name' : `${names} names`}. Made by "pawl import".`,
    '#',
    '# Read it, change what you like, then:',
    '#   pawl fleet push FILE      hands it to the planner; nothing changes in the zone yet',
    "#   pawl adopt NAME           once a name: what stands there is Pawl's to replace",
    '# The next flip then puts roots in the place of all of them at once.',
    '#',
    '# A zone does not know availability zones: every az is "unknown" here. Give each target its own, so that one can',
    '# be evacuated. Capacities are the weights that the records had; any unit will do.',
    '',
  ];
}

function cellLines({ cell, endpoints }: CellDraft, zone: ImportedZone): readonly string[] {
  return [
    `${scalar(cell)}:`,
    ...indented([
      `zone: ${scalar(zone.name)}`,
      ...(HOSTED_ZONE_ID.test(zone.id) ? [`zone_id: ${scalar(zone.id)}`] : []),
      'targets:',
      ...indented(endpoints.flatMap(({ targets }) => targets.map(targetLine))),
      'endpoints:',
      ...indented(endpoints.flatMap(endpointLines)),
    ]),
  ];
}

function targetLine(target: TargetDraft): string {
  const fields = [
    'az: unknown',
    `capacity: ${target.capacity}`,
    ...(target.idle ? ['health: unhealthy'] : []),
    ...(target.ipv4 === undefined ? [] : [`ipv4: ${oneOrList(target.ipv4)}`]),
    ...(target.ipv6 === undefined ? [] : [`ipv6: ${oneOrList(target.ipv6)}`]),
    ...(target.hostname === undefined ? [] : [`hostname: ${scalar(target.hostname)}`]),
    ...(target.alias === undefined ? [] : [`alias: ${aliasText(target.alias)}`]),
    ...(target.healthCheckId === undefined ? [] : [`health_check_id: ${quoted(target.healthCheckId)}`]),
  ];
  return `${scalar(target.id)}: { ${fields.join(', ')} }${comment(target.remark)}`;
}

function aliasText({ zoneId, name, evaluateTargetHealth }: AliasTarget): string {
  return `{ zone_id: ${scalar(zoneId)}, name: ${scalar(name)}, evaluate_target_health: ${evaluateTargetHealth} }`;
}

function endpointLines({
  name,
  kind,
  ttl,
  families,
  targets,
  route,
  remarks,
}: EndpointDraft): readonly string[] {
  return [
    ...remarks.map((remark) => `# ${tame(remark)}`),
    `${scalar(name)}:`,
    ...indented([
      `kind: ${kind}`,
      ...(families.length === 0 ? [] : [`families: [${families.join(', ')}]`]),
      ...(ttl === undefined ? [] : [`ttl_s: ${ttl}`]),
      ...(route === undefined
        ? [`targets: [${targets.map(({ id }) => scalar(id)).join(', ')}]`]
        : endpointRouteLines(route)),
    ]),
  ];
}

function footer(unexpressed: readonly Unexpressed[]): readonly string[] {
  if (unexpressed.length === 0) return [];
  const shown = unexpressed.slice(0, LEFT_OUT_MAX);
  const more = unexpressed.length - shown.length;
  return [
    '',
    '# Not in this file, and left as it is:',
    ...shown.map(({ name, type, reason }) => `#   ${tame(name)} ${tame(type)}: ${tame(reason)}`),
    ...(more === 0 ? [] : [`#   and ${more} more`]),
  ];
}

function lines(...parts: readonly (string | readonly string[])[]): string {
  return parts
    .flat()
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
