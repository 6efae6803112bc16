import type { z } from 'zod';
import type { Complaint, LinePosition } from '../../fleet/mistakes.ts';
import type { Path } from '../../fleet/wording.ts';
import { quoted, shown } from '../../fleet/wording.ts';
import { parseYaml } from '../../fleet/yaml-text.ts';
import { yamlTree } from '../../fleet/yaml-tree.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { ANSWER_TYPES } from '../answer-nodes.ts';
import type { Unexpressed } from '../described-zone.ts';
import type { AskedZone, DeclaredZone, DeclaredZones, GivenFile } from './declared-zone.ts';
import { inBounds, shapeMistakes } from './file-mistakes.ts';
import { asciiName } from './idn-name.ts';
import type { RecordReading } from './octodns-record.ts';
import { keptFromRoute53, readAlias, readAnswer } from './octodns-record.ts';
import { aliasSchema, answerSchema, recordSchema } from './octodns-schema.ts';

const ROUTE53_ALIAS = 'Route53Provider/ALIAS';
const ANSWERS: ReadonlySet<string> = new Set(ANSWER_TYPES);

/** A zone as it grows, file by file. */
interface GrowingZone {
  readonly name: DnsName;
  readonly records: RecordSet[];
  readonly inner: Set<DnsName>;
  readonly left: Unexpressed[];
  readonly remarks: Map<DnsName, readonly string[]>;
}

type Report = (path: Path, message: string, part?: 'key' | 'value') => void;

/**
 * Reads zone files of OctoDNS's YAML provider. The name of a file, or of a folder that ends with a full stop, is the
 * zone's; several files of one zone are one zone. Pure; never throws.
 */
export function readOctoDns(files: readonly GivenFile[], asked: AskedZone): DeclaredZones {
  const zones = new Map<string, GrowingZone>();
  const mistakes = files.flatMap((file) => {
    const name = asked.name ?? zoneOfPath(file.path);
    if (name === undefined) {
      const what = `${file.path}: The file's name is no zone's`;
      return [`${what}: call it as OctoDNS does (example.com.yaml), or give the zone's name to --zone.`];
    }
    const zone = zones.get(name) ?? {
      ...{ name, records: [], inner: new Set<DnsName>(), left: [] },
      remarks: new Map<DnsName, readonly string[]>(),
    };
    zones.set(name, zone);
    return inBounds(readFile(file, zone), file.path);
  });
  if (mistakes.length > 0) return { type: 'invalid', mistakes };
  return { type: 'zones', zones: [...zones.values()] satisfies readonly DeclaredZone[] };
}

/** `zones/example.com.yaml`, `zones/example.com./www.yaml`, `zones/example.com.tst/$example.com.yaml`. */
function zoneOfPath(path: string): DnsName | undefined {
  const [file = '', folder = ''] = path.split(/[/\\]/).reverse();
  // `.` and `..` are folders of every path.
  const isZone = folder.endsWith('.') && !/^[.]+$/.test(folder);
  const name = asciiName(isZone ? folder : file.replace(/^\$/, '').replace(/[.]ya?ml$/, ''));
  return name.includes('.') && dnsNameProblem(name) === undefined ? dnsName(name) : undefined;
}

/** Adds a file's records to its zone. @returns the mistakes, each with its place. */
function readFile({ path: file, text }: GivenFile, zone: GrowingZone): readonly string[] {
  const include = /^[^#\n]*\s!include\b/m.exec(text);
  const yaml = parseYaml(text);
  const complaints: Complaint[] = [];
  if (include !== null) {
    const message = 'This line includes another file (!include): give the zone as octodns-dump writes it.';
    complaints.push({ path: [], offset: include.index, message });
  } else if (yaml.document === undefined) complaints.push(...yaml.complaints);
  else {
    const tree = yamlTree(yaml.document);
    complaints.push(...tree.complaints);
    const report: Report = (path, message, part = 'value') => {
      complaints.push({ path, offset: tree.offsetOf(path, part), message });
    };
    if (tree.whole) readRecords(tree.value, zone, report);
  }
  return placed(file, complaints, yaml.place);
}

function placed(
  file: string,
  complaints: readonly Complaint[],
  place: (offset: number) => LinePosition,
): readonly string[] {
  return [...complaints]
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => {
      const { line, column } = place(offset);
      return `${file}:${line}:${column}: ${message}`;
    });
}

function readRecords(value: unknown, zone: GrowingZone, report: Report): void {
  // An empty file is a zone without records.
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value)) {
    report([], `The file is ${shown(value)}: give a map of names with their records.`);
    return;
  }
  for (const [key, found] of Object.entries(value)) {
    const text = [asciiName(key), zone.name].filter((part) => part !== '').join('.');
    const why = dnsNameProblem(text);
    if (why !== undefined) {
      report([key], `The name ${quoted(key)} cannot stand in the zone ${zone.name}: ${why}.`, 'key');
      continue;
    }
    const records: readonly (readonly [Path, unknown])[] = Array.isArray(found)
      ? found.map((each, index) => [[key, index], each])
      : [[[key], found]];
    for (const [path, record] of records) readRecord(dnsName(text), path, record, zone, report);
  }
}

function readRecord(name: DnsName, path: Path, value: unknown, zone: GrowingZone, report: Report): void {
  const record = checked(recordSchema, value, path, report);
  if (record === undefined) return;
  const { type } = record;
  if (ANSWERS.has(type)) {
    const answer = checked(answerSchema, value, path, report);
    if (answer !== undefined) add(readAnswer(name, type, answer), name, [type], zone);
  } else if (type === ROUTE53_ALIAS) {
    const alias = checked(aliasSchema, value, path, report);
    if (alias === undefined) return;
    const types = [...(alias.values ?? []), ...(alias.value === undefined ? [] : [alias.value])];
    add(
      readAlias(name, zone.name, alias),
      name,
      types.map((each) => each.type),
      zone,
    );
  } else {
    const reason =
      keptFromRoute53(record.octodns) ??
      (type === 'ALIAS' ? 'Route 53 has no records of type ALIAS' : undefined);
    // Whatever it holds, it stays as it is.
    if (reason === undefined) zone.records.push({ name, type, ttl: 0, values: [] });
    else zone.left.push({ name, type, reason });
  }
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: Path,
  report: Report,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path: below, message } of shapeMistakes(parsed.error.issues, value, path))
    report(below, message);
  return undefined;
}

function add(reading: RecordReading, name: DnsName, types: readonly string[], zone: GrowingZone): void {
  const { records, inner = [], left, remarks = [] } = reading;
  zone.records.push(...records);
  for (const each of inner) zone.inner.add(each);
  if (left !== undefined) for (const type of types) zone.left.push({ name, type, reason: left });
  if (remarks.length > 0)
    zone.remarks.set(name, [...new Set([...(zone.remarks.get(name) ?? []), ...remarks])]);
}
