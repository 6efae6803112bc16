import { CLOUDFRONT_ZONE, zoneOfAwsName } from '../plan/aws-alias-zones.ts';
import type { FleetTarget, ObservedBy } from '../plan/fleet-model.ts';
import type { AliasTarget } from '../plan/records.ts';
import { readAddresses } from './addresses.ts';
import { DEFAULT_HEALTH } from './defaults.ts';
import type { ReportMistake } from './mistakes.ts';
import { readDestination } from './name-text.ts';
import type { TargetInput } from './schema.ts';
import { SOURCES } from './sources/sources.ts';
import type { Path } from './wording.ts';
import { quoted, subject } from './wording.ts';

/** Reads a target whose shape is right, and reports every mistake in its values. */
export function readTarget(id: string, input: TargetInput, path: Path, report: ReportMistake): FleetTarget {
  const hostname =
    input.hostname === undefined ? undefined : readDestination(input.hostname, [...path, 'hostname'], report);
  const alias = input.alias === undefined ? undefined : readAlias(input.alias, [...path, 'alias'], report);
  if ([input.ipv4, input.ipv6, input.hostname, input.alias].every((field) => field === undefined)) {
    report(path, `${subject(path)} has nothing to answer with: add ipv4, ipv6, hostname or alias.`);
  }
  const observedBy = readSource(input, path, report);
  return {
    id,
    az: input.az,
    capacity: input.capacity,
    health: input.health ?? DEFAULT_HEALTH,
    ipv4: readAddresses(input.ipv4, 'ipv4', [...path, 'ipv4'], report),
    ipv6: readAddresses(input.ipv6, 'ipv6', [...path, 'ipv6'], report),
    ...(hostname === undefined ? {} : { hostname }),
    ...(alias === undefined ? {} : { alias }),
    ...(input.health_check_id === undefined ? {} : { healthCheckId: input.health_check_id }),
    ...(observedBy === undefined ? {} : { observedBy }),
  };
}

/** The source that the target names, and its reference as the source itself reads it. */
function readSource(input: object, path: Path, report: ReportMistake): ObservedBy | undefined {
  const fields = new Map<string, unknown>(Object.entries(input));
  const named = SOURCES.filter(({ name }) => fields.get(name) !== undefined);
  if (named.length > 1) {
    const names = named.map(({ name }) => name).join(' and ');
    report(path, `${subject(path)} is observed by ${names}: name one source.`);
    return undefined;
  }
  const [source] = named;
  if (source === undefined) return undefined;
  const { name } = source;
  const reference = source.read(fields.get(name), [...path, name], report);
  return reference === undefined ? undefined : { source: name, reference };
}

function readAlias(
  input: NonNullable<TargetInput['alias']>,
  path: Path,
  report: ReportMistake,
): AliasTarget | undefined {
  const name = readDestination(input.name, [...path, 'name'], report);
  const zone = name === undefined ? undefined : zoneOfAwsName(name);
  if (zone !== undefined && zone !== input.zone_id) {
    const at = [...path, 'zone_id'];
    const what = `is ${quoted(input.zone_id)}, but AWS keeps ${quoted(input.name)} in the hosted zone ${zone}`;
    report(at, `${subject(at)} ${what}: use that.`);
  }
  // Route 53 cannot evaluate the health of a distribution (AliasTarget, API reference).
  const cloudFront = input.zone_id === CLOUDFRONT_ZONE;
  if (cloudFront && input.evaluate_target_health === true) {
    const at = [...path, 'evaluate_target_health'];
    report(at, `${subject(at)} is true, which Route 53 refuses for CloudFront: use false.`);
  }
  if (name === undefined) return undefined;
  return { zoneId: input.zone_id, name, evaluateTargetHealth: input.evaluate_target_health ?? !cloudFront };
}
