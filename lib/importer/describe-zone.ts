import { parseFleet } from '../fleet/parse-fleet.ts';
import { MAX_ENDPOINTS_A_CELL } from '../plan/fleet-model.ts';
import { invariant } from '../plan/invariant.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { cellName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { zoneView } from '../plan/zone-view.ts';
import type {
  DescribedZone,
  EndpointDraft,
  ImportedZone,
  Surroundings,
  Unexpressed,
} from './described-zone.ts';
import { evaluatedNames } from './evaluated-names.ts';
import { expressName } from './express-name.ts';
import type { CellDraft } from './fleet-yaml.ts';
import { fleetYaml, hostedZoneText } from './fleet-yaml.ts';
import { pawlsNames } from './foreign-reason.ts';
import { refusals } from './refusals.ts';
import { slug, targetIds } from './target-ids.ts';

export interface DescribeOptions {
  /** The cell of the file; made from the zone's name unless given. With over 120 names the next ones are numbered. */
  readonly cell?: CellName | undefined;
  /** Only these names; all names of the zone when absent. */
  readonly names?: readonly DnsName[] | undefined;
  /** What answers so, as the first line of the file names it; the hosted zone unless given. */
  readonly origin?: string | undefined;
  /** Names that others lead to and nobody asked for: they are neither endpoints nor listed. */
  readonly inner?: ReadonlySet<DnsName> | undefined;
  /** What else is left, beside the records: it is listed with them. */
  readonly left?: readonly Unexpressed[] | undefined;
  /** What the owner of the file must know of a name. */
  readonly remarks?: ReadonlyMap<DnsName, readonly string[]> | undefined;
}

const CELL_NAME_MAX = 32;
/** Room for the number of a cell. */
const CELL_NUMBER_CHARS = 4;

/**
 * The fleet file that answers as a zone does. It holds the records of A, AAAA and CNAME, however they are routed; a
 * list has every other record with the reason. The file is read back before it is returned, so that it has no mistake
 * and no plan of it has a fatal finding. Pure.
 *
 * @param records every record set of the zone.
 */
export function describeZone(
  records: Iterable<RecordSet>,
  zone: ImportedZone,
  options: DescribeOptions = {},
): DescribedZone {
  const view = zoneView(records);
  const delegations = [...view]
    .filter(([name, there]) => name !== zone.name && there.some(({ type }) => type === 'NS'))
    .map(([name]) => name);
  const around: Surroundings = { zone, view, delegations, ids: targetIds() };
  const first = options.cell ?? cellOf(zone);
  const wanted = options.names === undefined ? undefined : new Set(options.names);
  const drafts: EndpointDraft[] = [];
  const followed = new Map<DnsName, ReadonlySet<string>>();
  const isWanted = (name: DnsName) => wanted?.has(name) !== false && options.inner?.has(name) !== true;
  const unexpressed = (options.left ?? []).filter(({ name }) => isWanted(name));
  for (const [name, there] of view) {
    // Clients ask for no fence, tree or rollback root.
    if (!isWanted(name) || name.endsWith(pawlsNames(zone))) continue;
    const expression = expressName(name, there, around);
    unexpressed.push(...expression.unexpressed);
    if (expression.endpoint === undefined) continue;
    const { endpoint } = expression;
    drafts.push({ ...endpoint, remarks: [...endpoint.remarks, ...(options.remarks?.get(name) ?? [])] });
    followed.set(name, expression.followed ?? new Set());
  }
  const refused = new Map(refusals(drafts, zone, numbered(first, CELLS_MAX)));
  const refuse = (found: ReadonlyMap<DnsName, string>) => {
    for (const [name, reason] of found) refused.set(name, reason);
  };
  const kept = () => drafts.filter(({ name }) => !refused.has(name));
  refuse(evaluatedNames(kept(), around));
  if (wanted === undefined) {
    refuse(inner(kept(), followed));
    // What was inner is left, with all its aliases.
    refuse(evaluatedNames(kept(), around));
  }
  for (const [name, reason] of refused)
    for (const type of answerTypes(view.get(name) ?? [])) unexpressed.push({ name, type, reason });
  return described(kept(), unexpressed, zone, first, options.origin);
}

/** Names that are answered for in the route of another: they are no endpoints of their own, unless someone asks for them. */
function inner(
  kept: readonly EndpointDraft[],
  followed: ReadonlyMap<DnsName, ReadonlySet<string>>,
): ReadonlyMap<DnsName, string> {
  const behind = (name: DnsName) => [...(followed.get(name) ?? [])];
  const reached = new Set(kept.flatMap(({ name }) => behind(name)));
  const owners = new Map<string, DnsName>();
  for (const { name } of kept.filter((each) => !reached.has(each.name)))
    for (const id of behind(name)) if (!owners.has(id)) owners.set(id, name);
  const found = new Map<DnsName, string>();
  for (const { name } of kept) {
    const owner = owners.get(name);
    if (owner !== undefined)
      found.set(name, `its answers are in the route of ${owner}: give it to --name to take it over as well`);
  }
  return found;
}

/**
 * The text of the file for endpoints that have nothing in them which its reader refuses. Pure.
 *
 * @param first the name of the cell, or of the first one.
 * @param origin what answered so before.
 */
export function described(
  endpoints: readonly EndpointDraft[],
  unexpressed: readonly Unexpressed[],
  zone: ImportedZone,
  first: CellName,
  origin = hostedZoneText(zone),
): DescribedZone {
  const cells = intoCells(endpoints, first);
  if (cells.length === 0) return { cells: [], unexpressed, lowered: [] };
  const yaml = fleetYaml(cells, zone, unexpressed, origin);
  const parsed = parseFleet(yaml, 'fleet');
  const [mistake] = parsed.type === 'invalid' ? parsed.mistakes : [];
  invariant(mistake === undefined, `an imported fleet cannot be read: ${mistake?.message}`);
  const lowered = endpoints.flatMap(({ name, ttl: toS, loweredFromS: fromS }) =>
    toS === undefined || fromS === undefined ? [] : [{ name, fromS, toS }],
  );
  return {
    yaml,
    cells: cells.map((each) => ({
      cell: each.cell,
      endpoints: each.endpoints.map(({ name }) => name),
    })),
    unexpressed,
    lowered,
  };
}

/** A zone with as many names as Route 53 allows records has fewer cells than this. */
const CELLS_MAX = 999;

/** The name of a zone's cell. */
export function cellOf(zone: ImportedZone): CellName {
  const name = slug(zone.name).slice(0, CELL_NAME_MAX - CELL_NUMBER_CHARS);
  return cellName(name.replace(/-+$/, ''));
}

function numbered(first: CellName, number: number): CellName {
  if (number === 1) return first;
  const stem = first.slice(0, CELL_NAME_MAX - CELL_NUMBER_CHARS).replace(/-+$/, '');
  return cellName(`${stem}-${number}`);
}

function intoCells(endpoints: readonly EndpointDraft[], first: CellName): readonly CellDraft[] {
  const cells: CellDraft[] = [];
  for (let from = 0; from < endpoints.length; from += MAX_ENDPOINTS_A_CELL) {
    const cell = numbered(first, cells.length + 1);
    cells.push({ cell, endpoints: endpoints.slice(from, from + MAX_ENDPOINTS_A_CELL) });
  }
  return cells;
}

function answerTypes(records: readonly RecordSet[]): readonly string[] {
  const types = new Set(records.map(({ type }) => type));
  return ['A', 'AAAA', 'CNAME'].filter((type) => types.has(type));
}
