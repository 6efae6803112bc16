import type { Elbv2Reference, FleetTarget } from '../plan/fleet-model.ts';
import type { AliasTarget } from '../plan/records.ts';
import { readAddresses } from './addresses.ts';
import { DEFAULT_HEALTH } from './defaults.ts';
import type { Report } from './mistakes.ts';
import { readDestination } from './name-text.ts';
import type { TargetInput } from './schema.ts';
import type { Path } from './wording.ts';
import { subject } from './wording.ts';

/** The hosted zone of every CloudFront distribution, whose health Route 53 cannot evaluate (AliasTarget, API reference). */
const CLOUDFRONT_ZONE_ID = 'Z2FDTNDATAQYW2';

/** Reads a target whose shape is right; whatever is wrong with its values is reported. */
export function readTarget(id: string, input: TargetInput, path: Path, report: Report): FleetTarget {
  const hostname =
    input.hostname === undefined ? undefined : readDestination(input.hostname, [...path, 'hostname'], report);
  const alias = input.alias === undefined ? undefined : readAlias(input.alias, [...path, 'alias'], report);
  if ([input.ipv4, input.ipv6, input.hostname, input.alias].every((field) => field === undefined)) {
    report(path, `${subject(path)} has nothing to answer with: add ipv4, ipv6, hostname or alias.`);
  }
  const elbv2 = input.elbv2 === undefined ? undefined : readElbv2(input.elbv2, [...path, 'elbv2'], report);
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
    ...(elbv2 === undefined ? {} : { elbv2 }),
  };
}

function readElbv2(
  { target_group, load_balancer }: NonNullable<TargetInput['elbv2']>,
  path: Path,
  report: Report,
): Elbv2Reference | undefined {
  if (target_group !== undefined && load_balancer === undefined)
    return { kind: 'target-group', arn: target_group };
  if (load_balancer !== undefined && target_group === undefined) {
    return { kind: 'load-balancer', arn: load_balancer };
  }
  const said = target_group === undefined ? 'neither' : 'both';
  report(path, `${subject(path)} names ${said} of target_group and load_balancer: name one of them.`);
  return undefined;
}

function readAlias(
  input: NonNullable<TargetInput['alias']>,
  path: Path,
  report: Report,
): AliasTarget | undefined {
  const name = readDestination(input.name, [...path, 'name'], report);
  const cloudFront = input.zone_id === CLOUDFRONT_ZONE_ID;
  if (cloudFront && input.evaluate_target_health === true) {
    const at = [...path, 'evaluate_target_health'];
    report(at, `${subject(at)} is true, which Route 53 refuses for CloudFront: use false.`);
  }
  if (name === undefined) return undefined;
  return { zoneId: input.zone_id, name, evaluateTargetHealth: input.evaluate_target_health ?? !cloudFront };
}
