import type { CellPolicy, FleetEndpoint, FleetTarget } from '../plan/fleet-model.ts';
import { DEFAULT_POLICY, MAX_ENDPOINTS_A_CELL } from '../plan/fleet-model.ts';
import { InvalidValue } from '../plan/invariant.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { cellName, dnsName, isWithin } from '../plan/names.ts';
import { planTreeLabel, RESERVED_LABELS, rollbackName, treeName } from '../plan/owned-names.ts';
import type { EndpointSurroundings } from './endpoint-reading.ts';
import { readEndpoint } from './endpoint-reading.ts';
import type { ReportMistake } from './mistakes.ts';
import { nameProblem, readZone } from './name-text.ts';
import type { DefaultsInput, PolicyInput } from './schema.ts';
import { cellSchema, endpointSchema, policySchema, targetSchema } from './schema.ts';
import { SOURCES } from './sources/sources.ts';
import { readTarget } from './target-reading.ts';
import type { Path } from './wording.ts';
import { subject } from './wording.ts';

/** An endpoint and the place where its name stands, for the checks between cells. */
export interface PlacedEndpoint {
  readonly endpoint: FleetEndpoint;
  readonly path: Path;
}

/** As much of a cell as could be read. */
export interface ReadCell {
  /** Absent when the name is itself a mistake. */
  readonly cell: CellName | undefined;
  /** The name as the file has it. */
  readonly key: string;
  readonly path: Path;
  readonly zone: DnsName | undefined;
  readonly zoneId: string | undefined;
  readonly policy: CellPolicy;
  readonly targets: readonly FleetTarget[];
  readonly endpoints: readonly PlacedEndpoint[];
}

/** A generation with as many digits as the ledger's event numbers, so that the longest possible names are checked. */
const LONGEST_GENERATION = 999_999_999_999;

// Made once: zod compiles a schema at its first use, which takes longer than to read a target.
const knownOfPolicy = policySchema.strip();
const knownOfTarget = targetSchema.strip();
const knownOfEndpoint = endpointSchema.strip();

/**
 * Reads one cell. It leaves out the parts whose shape is wrong, which the schema's check has reported along with unknown
 * keys, and reads the others, so that one mistake does not hide the next.
 */
export function readCell(
  key: string,
  raw: unknown,
  defaults: DefaultsInput,
  report: ReportMistake,
): ReadCell | undefined {
  const path = ['cells', key];
  const fields = fieldsOf(raw);
  if (fields === undefined) return undefined;
  const cell = cellNameOf(key);
  const zoneText = cellSchema.shape.zone.safeParse(fields.get('zone')).data;
  const zone = zoneText === undefined ? undefined : readZone(zoneText, [...path, 'zone'], report);
  const targets = readTargets(fields.get('targets'), [...path, 'targets'], report);
  const around = { zone, defaults, targets };
  return {
    cell,
    key,
    path,
    zone,
    zoneId: cellSchema.shape.zone_id.safeParse(fields.get('zone_id')).data,
    policy: readPolicy(defaults.policy ?? {}, knownOfPolicy.safeParse(fields.get('policy')).data ?? {}),
    targets: [...targets.values()].flatMap((target) => target ?? []).sort((a, b) => (a.id < b.id ? -1 : 1)),
    endpoints: readEndpoints(cell, fields.get('endpoints'), [...path, 'endpoints'], around, report),
  };
}

/** The entries of a map in the file; undefined when `raw` is no map. */
export function fieldsOf(raw: unknown): ReadonlyMap<string, unknown> | undefined {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) return undefined;
  return new Map<string, unknown>(Object.entries(raw));
}

function readTargets(
  raw: unknown,
  path: Path,
  report: ReportMistake,
): ReadonlyMap<string, FleetTarget | undefined> {
  const targets = new Map<string, FleetTarget | undefined>();
  for (const [id, value] of fieldsOf(raw) ?? []) {
    const input = knownOfTarget.safeParse(value).data;
    let sound = input !== undefined;
    const target =
      input === undefined
        ? undefined
        : readTarget(id, input, [...path, id], (...mistake) => {
            sound = false;
            report(...mistake);
          });
    targets.set(id, sound ? target : undefined);
  }
  reportLimits([...targets.values()], path, report);
  return targets;
}

/** What is too much for a source in the targets that name it. */
function reportLimits(
  targets: readonly (FleetTarget | undefined)[],
  path: Path,
  report: ReportMistake,
): void {
  for (const { name, limit } of SOURCES) {
    const own = targets.flatMap((target) =>
      target?.observedBy?.source === name ? [{ az: target.az, reference: target.observedBy.reference }] : [],
    );
    const problem = own.length === 0 ? undefined : limit?.(own);
    if (problem !== undefined) report(path, `${subject(path)}: ${problem}`, 'key');
  }
}

function readEndpoints(
  cell: CellName | undefined,
  raw: unknown,
  path: Path,
  around: EndpointSurroundings,
  report: ReportMistake,
): readonly PlacedEndpoint[] {
  const entries = fieldsOf(raw) ?? new Map<string, unknown>();
  if (entries.size > MAX_ENDPOINTS_A_CELL) {
    report(
      path,
      `${subject(path)} holds ${entries.size} endpoints, more than ${MAX_ENDPOINTS_A_CELL}: split the cell.`,
      'key',
    );
  }
  const endpoints: PlacedEndpoint[] = [];
  for (const [key, value] of entries) {
    const at = [...path, key];
    const name = readEndpointName(cell, key, at, around.zone, report);
    const input = knownOfEndpoint.safeParse(value).data;
    if (name === undefined || input === undefined) continue;
    endpoints.push({ endpoint: readEndpoint(name, input, at, around, report), path: at });
  }
  return endpoints;
}

function readEndpointName(
  cell: CellName | undefined,
  key: string,
  at: Path,
  zone: DnsName | undefined,
  report: ReportMistake,
): DnsName | undefined {
  // The schema's check has reported an empty or overlong key.
  if (!cellSchema.shape.endpoints.keyType.safeParse(key).success) return undefined;
  const problem = nameProblem(key, 'allowed');
  if (problem !== undefined) {
    report(
      at,
      `${subject(at)} is not a DNS name (${problem}): use a full name, such as api.example.test.`,
      'key',
    );
    return undefined;
  }
  const name = dnsName(key);
  if (zone === undefined) return name;
  const trouble = isWithin(name, zone) ? ownNamesTrouble(cell, name, zone) : outside(zone);
  if (trouble !== undefined) report(at, `${subject(at)} ${trouble}.`, 'key');
  return name;
}

function outside(zone: DnsName): string {
  return `is outside its cell's zone ${zone}: use a name that ends in ".${zone}", or move it to a cell of its zone`;
}

function ownNamesTrouble(cell: CellName | undefined, name: DnsName, zone: DnsName): string | undefined {
  const labels = name === zone ? [] : name.slice(0, -(zone.length + 1)).split('.');
  if (labels.includes('_pawl')) return 'is under "_pawl", where Pawl keeps its own records: use another name';
  const reserved = labels.find((label) => RESERVED_LABELS.includes(label));
  if (reserved !== undefined)
    return `holds the label "${reserved}", which Pawl keeps for itself: use another name`;
  if (cell === undefined) return undefined;
  const scope = { cell, zone, zoneId: '' };
  try {
    treeName(planTreeLabel(LONGEST_GENERATION), name, scope);
    rollbackName(name, scope);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return 'is too long for the names that Pawl makes of it (over 253 characters): shorten it, or the name of the cell';
  }
}

function readPolicy(defaults: PolicyInput, own: PolicyInput): CellPolicy {
  const given = { ...defaults, ...own };
  return {
    coalesceS: given.coalesce_s ?? DEFAULT_POLICY.coalesceS,
    capacityRemovedPercent: given.capacity_removed_percent ?? DEFAULT_POLICY.capacityRemovedPercent,
    capacityWindowS: given.capacity_window_s ?? DEFAULT_POLICY.capacityWindowS,
    endpointsChangedPercent: given.endpoints_changed_percent ?? DEFAULT_POLICY.endpointsChangedPercent,
    blindPercent: given.blind_percent ?? DEFAULT_POLICY.blindPercent,
    retainGenerations: given.retain_generations ?? DEFAULT_POLICY.retainGenerations,
    retainMinutes: given.retain_min ?? DEFAULT_POLICY.retainMinutes,
    unknownChangeS: given.unknown_change_s ?? DEFAULT_POLICY.unknownChangeS,
  };
}

function cellNameOf(key: string): CellName | undefined {
  try {
    return cellName(key);
  } catch (error) {
    if (error instanceof InvalidValue) return undefined;
    throw error;
  }
}
