import type { DnsName } from '../plan/names.ts';
import { checkCircles, checkNamesOnce, checkZoneIds } from './between-cells.ts';
import { MAX_FLEET_FILE_BYTES } from './bounds.ts';
import type { ReadCell } from './cell-reading.ts';
import { fieldsOf, readCell } from './cell-reading.ts';
import type { DeclaredCell, FleetFile } from './declared-fleet.ts';
import type { Complaint, FleetMistake, ReportMistake } from './mistakes.ts';
import { inFileOrder, wholeFileMistake } from './mistakes.ts';
import { readRollout } from './rollout-reading.ts';
import { defaultsSchema, fleetSchema } from './schema.ts';
import { reportShape } from './shape-mistakes.ts';
import { subject } from './wording.ts';
import { parseYaml } from './yaml-text.ts';
import { yamlTree } from './yaml-tree.ts';

export type ParsedFleet =
  | { readonly type: 'fleet'; readonly fleet: FleetFile }
  | { readonly type: 'invalid'; readonly mistakes: readonly FleetMistake[] };

/**
 * Reads the text of a fleet file. Never throws: it returns all mistakes, in the order of the file.
 *
 * @param file the file's name as the mistakes show it.
 */
export function parseFleet(text: string, file: string): ParsedFleet {
  if (Buffer.byteLength(text) > MAX_FLEET_FILE_BYTES) return refused(file, tooLarge(Buffer.byteLength(text)));
  const yaml = parseYaml(text);
  if (yaml.document === undefined)
    return { type: 'invalid', mistakes: inFileOrder(file, yaml.complaints, yaml.place) };
  const tree = yamlTree(yaml.document);
  const complaints: Complaint[] = [...tree.complaints];
  const report: ReportMistake = (path, message, part = 'value') => {
    complaints.push({ path, offset: tree.offsetOf(path, part), message });
  };
  const fleet = tree.whole ? readFleet(tree.value, report) : { cells: [] };
  if (complaints.length === 0) return { type: 'fleet', fleet };
  return { type: 'invalid', mistakes: inFileOrder(file, complaints, yaml.place) };
}

/** A file that is refused before it is parsed. */
export function refused(file: string, message: string): ParsedFleet {
  return { type: 'invalid', mistakes: [wholeFileMistake(file, message)] };
}

/** The message for a file over the bound. */
export function tooLarge(bytes: number): string {
  // Rounded up, so that one byte too many does not read as "16 MB, more than 16 MB".
  const mb = (count: number) => Math.ceil((count / 1024 / 1024) * 10) / 10;
  return `The file has ${mb(bytes)} MB, more than ${mb(MAX_FLEET_FILE_BYTES)} MB: check that it is a fleet file.`;
}

function readFleet(given: unknown, report: ReportMistake): FleetFile {
  const value = withoutExtensions(given);
  const shape = fleetSchema.safeParse(value);
  if (!shape.success) reportShape(shape.error.issues, value, report);
  const fields = fieldsOf(value);
  const cells = fieldsOf(fields?.get('cells'));
  if (cells?.size === 0) report(['cells'], `${subject(['cells'])} is empty: declare at least one cell.`);
  const defaults = defaultsSchema.strip().safeParse(fields?.get('defaults')).data ?? {};
  const readings = [...(cells ?? [])].flatMap(([key, raw]) => readCell(key, raw, defaults, report) ?? []);
  checkNamesOnce(readings, report);
  checkCircles(readings, report);
  const zoneIds = checkZoneIds(readings, report);
  const rollout = readRollout(fields?.get('rollout'), [...(cells?.keys() ?? [])], report);
  return {
    cells: readings
      .flatMap((reading) => declared(reading, zoneIds))
      .sort((a, b) => (a.cell < b.cell ? -1 : 1)),
    ...(rollout === undefined ? {} : { rollout }),
  };
}

/** Blocks at the top whose names begin with "x-" are the author's own: a place for what anchors name. */
function withoutExtensions(value: unknown): unknown {
  if (fieldsOf(value) === undefined) return value;
  const fields = Object.entries(value as object);
  return Object.fromEntries(fields.filter(([key]) => !key.startsWith('x-')));
}

/** A cell that gives no zone id has the one that another cell of its zone gives. */
function declared(reading: ReadCell, zoneIds: ReadonlyMap<DnsName, string>): readonly DeclaredCell[] {
  const { cell, zone, policy, targets } = reading;
  if (cell === undefined || zone === undefined) return [];
  const zoneId = zoneIds.get(zone);
  const endpoints = reading.endpoints
    .map(({ endpoint }) => endpoint)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [{ cell, zone, zoneId, policy, endpoints, targets }];
}
