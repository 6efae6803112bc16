import type { z } from 'zod';
import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem, isWithin } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Unexpressed } from '../described-zone.ts';
import type { AskedZone, DeclaredZone, DeclaredZones, GivenFile } from './declared-zone.ts';
import { inBounds, parseJson, shapeMistakes } from './file-mistakes.ts';
import { readResource, recordName } from './terraform-record.ts';
import type { Module, RecordValues, Resource } from './terraform-schema.ts';
import { recordValues, shownSchema, zoneValues } from './terraform-schema.ts';

const RECORD = 'aws_route53_record';
const ZONE = 'aws_route53_zone';

interface FoundRecord {
  readonly address: string;
  readonly values: RecordValues;
}

/** What one file holds of Route 53. */
interface FoundResources {
  readonly records: FoundRecord[];
  /** The names of zones by their id. */
  readonly zones: Map<string, DnsName>;
  /** Names of zones, also of those that have no id yet. */
  readonly names: Set<DnsName>;
}

/**
 * Reads what `terraform show -json` prints, of a state or of a plan (as it would be then). A zone's name is that of a
 * resource or data source aws_route53_zone, or the name that was asked for. Pure; never throws.
 */
export function readTerraform(files: readonly GivenFile[], asked: AskedZone): DeclaredZones {
  const found: FoundResources = { records: [], zones: new Map(), names: new Set() };
  const mistakes = files.flatMap((file) => inBounds(readFile(file, found), file.path));
  if (mistakes.length > 0) return { type: 'invalid', mistakes };
  const nowhere = withoutZone(found, asked);
  if (nowhere !== undefined) {
    const paths = files.map(({ path }) => path).join(', ');
    return { type: 'invalid', mistakes: [`${paths}: ${nowhere}`] };
  }
  return { type: 'zones', zones: zonesOf(found, asked) };
}

/** What a person has to say of the zones of all records, where files do not. */
function withoutZone(found: FoundResources, asked: AskedZone): string | undefined {
  if (asked.name !== undefined) return undefined;
  const ids = found.records.flatMap(({ values }) => (isUnnamed(values, found) ? [values.zone_id] : []));
  const unnamed = [...new Set(ids)].filter((id) => asked.id === undefined || asked.id === id);
  if (unnamed.length > 0) {
    const which = unnamed.length === 1 ? `zone ${unnamed[0]}` : `zones ${unnamed.join(', ')}`;
    return `Records of the ${which} are there and its name is not: give the name to --zone, and the id to --zone-id.`;
  }
  const lost = found.records.find(
    (record) => !hasId(record.values) && zoneAround(record, found, asked) === undefined,
  );
  return lost === undefined
    ? undefined
    : `The zone of ${lost.address} is not known before it is applied: give its name to --zone.`;
}

function hasId({ zone_id: id }: RecordValues): boolean {
  return id != null && id !== '';
}

function isUnnamed({ zone_id: id }: RecordValues, { zones }: FoundResources): boolean {
  return id != null && id !== '' && !zones.has(id);
}

/** Adds what a file holds. @returns the mistakes, each with its place. */
function readFile({ path, text }: GivenFile, found: FoundResources): readonly string[] {
  const parsed = parseJson(text);
  if ('mistake' in parsed) return [`${path}: ${parsed.mistake}`];
  const shown = shownSchema.safeParse(parsed.value);
  if (!shown.success)
    return shapeMistakes(shown.error.issues, parsed.value).map(({ message }) => `${path}: ${message}`);
  const { values, planned_values: planned, prior_state: prior } = shown.data;
  const mistakes: string[] = [];
  const resources = resourcesOf((planned ?? values)?.root_module);
  for (const resource of [...resources, ...resourcesOf(prior?.values?.root_module)])
    if (resource.type === ZONE) {
      const zone = checked(zoneValues, resource, path, mistakes);
      if (zone?.name == null || dnsNameProblem(zone.name) !== undefined) continue;
      const name = dnsName(zone.name);
      found.names.add(name);
      for (const id of [zone.zone_id, zone.id]) if (id != null && id !== '') found.zones.set(id, name);
    }
  for (const resource of resources)
    if (resource.type === RECORD && resource.mode !== 'data') {
      const record = checked(recordValues, resource, path, mistakes);
      if (record !== undefined) found.records.push({ address: resource.address, values: record });
    }
  return mistakes;
}

function resourcesOf(root: Module | undefined): readonly Resource[] {
  if (root === undefined) return [];
  return [...(root.resources ?? []), ...(root.child_modules ?? []).flatMap((child) => resourcesOf(child))];
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  { address, values }: Resource,
  path: string,
  mistakes: string[],
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  for (const { message } of shapeMistakes(parsed.error.issues, values))
    mistakes.push(`${path}: ${address}: ${message}`);
  return undefined;
}

/** The zones of the file, each with its records. */
function zonesOf(found: FoundResources, asked: AskedZone): readonly DeclaredZone[] {
  const zones = new Map<string, { name: DnsName; id: string | undefined; of: FoundRecord[] }>();
  const add = (name: DnsName, id: string | undefined, record?: FoundRecord) => {
    const key = `${name} ${id ?? ''}`;
    const zone = zones.get(key) ?? { name, id, of: [] };
    zones.set(key, zone);
    if (record !== undefined) zone.of.push(record);
  };
  for (const [id, name] of found.zones) add(name, id);
  for (const record of found.records) {
    const id = record.values.zone_id;
    if (id != null && id !== '') {
      const name = found.zones.get(id) ?? asked.name;
      if (name !== undefined) add(name, id, record);
    } else {
      const name = zoneAround(record, found, asked);
      if (name !== undefined) add(name, idOf(name, found), record);
    }
  }
  return [...zones.values()].map(({ name, id, of }) => declaredZone(name, id, of));
}

/** A record of a zone that is made by the same plan has no id of it yet: its name says where it belongs. */
function zoneAround(
  { values }: FoundRecord,
  { names }: FoundResources,
  asked: AskedZone,
): DnsName | undefined {
  if (dnsNameProblem(values.name) !== undefined) return asked.name;
  const name = dnsName(values.name);
  const around = [...names].filter((zone) => isWithin(name, zone)).sort((a, b) => b.length - a.length);
  return around[0] ?? asked.name ?? (names.size === 1 ? [...names][0] : undefined);
}

function idOf(name: DnsName, { zones }: FoundResources): string | undefined {
  return [...zones].find(([, each]) => each === name)?.[0];
}

function declaredZone(name: DnsName, id: string | undefined, of: readonly FoundRecord[]): DeclaredZone {
  const records: RecordSet[] = [];
  const left: Unexpressed[] = [];
  for (const { address, values } of of) {
    const text = recordName(values, name);
    const why = dnsNameProblem(text);
    if (why !== undefined) {
      left.push({ name, type: values.type, reason: `${address} has the name "${text}": ${why}` });
      continue;
    }
    const reading = readResource(dnsName(text), values);
    if (reading.type === 'record') records.push(reading.record);
    else left.push({ name: dnsName(text), type: values.type, reason: reading.reason });
  }
  return { name, ...(id === undefined ? {} : { id }), records, inner: new Set(), left, remarks: new Map() };
}
