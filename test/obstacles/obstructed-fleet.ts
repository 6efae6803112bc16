import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';

export interface AddressSketch {
  readonly addresses: readonly string[];
  /** Of every target. */
  readonly healthCheckId?: string;
}

/**
 * What an endpoint of a test's fleet answers. Its targets are `LABEL-1`, `LABEL-2` and so on, in the availability zones
 * az1, az2 and so on.
 */
export type Sketch =
  | AddressSketch
  | { readonly hostnames: readonly string[] }
  /** The name of an endpoint of the same fleet. */
  | { readonly aliasOf: string }
  /** The DNS names of Application Load Balancers in us-east-1. */
  | { readonly balancers: readonly string[] };

/** The hosted zone that AWS keeps for Application Load Balancers in us-east-1. */
export const BALANCER_ZONE = 'Z35SXDOTRQ7X7K';

/** The endpoints of a cell by their label in example.test. */
export type Sketches = Readonly<Record<string, Sketch>>;

/** An endpoint of three addresses in three availability zones, which differ from one version to the next. */
export function addresses(endpoint: number, version = 1): AddressSketch {
  return { addresses: [1, 2, 3].map((target) => `192.0.${endpoint}.${version * 10 + target}`) };
}

/** The name of the endpoint with this label. */
export function nameOf(label: string): DnsName {
  return dnsName(`${label}.example.test`);
}

/** The fleet that a test begins with. */
export const FIRST = { api: addresses(1), www: addresses(2), lab: addresses(3) } as const;
/** The same with other addresses for every endpoint but www. */
export const SECOND = { api: addresses(1, 2), www: addresses(2), lab: addresses(3, 2) } as const;

/** A fleet file of the cell use1-a. Nothing but what the test is about keeps anything back. */
export function fleetOf(sketches: Sketches, zoneId: string): string {
  const targets = Object.entries(sketches).flatMap(([label, sketch]) =>
    targetTexts(sketch, zoneId).map(
      (text, index) => `      ${label}-${index + 1}: { az: az${index + 1}, capacity: 100, ${text} }`,
    ),
  );
  const endpoints = Object.entries(sketches).map(([label, sketch]) => {
    const ids = targetTexts(sketch, zoneId).map((_, index) => `${label}-${index + 1}`);
    return `      ${nameOf(label)}: { kind: ${kindOf(sketch)}, targets: [${ids.join(', ')}] }`;
  });
  return [
    'version: 1',
    'defaults:',
    '  policy:',
    '    { coalesce_s: 0, capacity_removed_percent: 100, endpoints_changed_percent: 100, blind_percent: 100,',
    '      retain_generations: 1, retain_min: 0 }',
    'cells:',
    '  use1-a:',
    '    zone: example.test',
    '    targets:',
    ...targets,
    '    endpoints:',
    ...endpoints,
    '',
  ].join('\n');
}

function targetTexts(sketch: Sketch, zoneId: string): readonly string[] {
  if ('hostnames' in sketch) return sketch.hostnames.map((name) => `hostname: ${name}`);
  if ('aliasOf' in sketch) {
    const alias = `zone_id: ${zoneId}, name: ${sketch.aliasOf}, evaluate_target_health: false`;
    return [`alias: { ${alias} }`];
  }
  if ('balancers' in sketch)
    return sketch.balancers.map((name) => `alias: { zone_id: ${BALANCER_ZONE}, name: ${name} }`);
  const check = sketch.healthCheckId === undefined ? '' : `, health_check_id: "${sketch.healthCheckId}"`;
  return sketch.addresses.map((address) => `ipv4: ${address}${check}`);
}

function kindOf(sketch: Sketch): string {
  if ('hostnames' in sketch) return 'hostname';
  return 'aliasOf' in sketch || 'balancers' in sketch ? 'alias' : 'addresses';
}
