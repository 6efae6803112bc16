import { BATCH_CHARACTERS_MAX, BATCH_ELEMENTS_MAX, sizeOf } from './batches.ts';
import type { Finding } from './findings.ts';
import type { CellFleet, FleetTarget } from './fleet-model.ts';
import { MAX_ENDPOINTS_A_CELL } from './fleet-model.ts';
import type { Generation } from './generation.ts';
import { InvalidValue } from './invariant.ts';
import { lintAnswers } from './lint-answers.ts';
import { withNames } from './make-plan.ts';
import type { CellName, DnsName } from './names.ts';
import { isWithin, NAME_TEXT_MAX, nameCharacters } from './names.ts';
import type { CellScope, TreeLabel } from './owned-names.ts';
import { nodeName, overlongName, planTreeLabel, RESERVED_LABELS, treeName } from './owned-names.ts';
import { rootTypes } from './plan.ts';
import { create, remove } from './records.ts';
import type { DesiredEndpoint, NodeRecords } from './tree-nodes.ts';
import { nodeContent, nodeRecords, nodeSize, nodesOf } from './tree-nodes.ts';

/** Weighted record sets a name and type (Route 53 quotas). See docs/adr/0004-too-many-leaves-is-fatal.md. */
const LEAVES_A_TYPE_MAX = 100;
/** Negative answers that resolvers cache for longer than this are worth a note, seconds. */
const NEGATIVE_TTL_NOTE_S = 900;

/** Facts about the zone, when the auditor has recorded any. */
export interface KnownZone {
  /** Records that stand there and cannot yield, and those of the goal that are still to come. */
  readonly records: number;
  /** Records that are not the cell's; absent where nobody knows. */
  readonly foreign?: number;
  readonly recordLimit: number;
  readonly negativeTtlS: number;
  readonly delegations: readonly DnsName[];
  readonly conflicts: readonly DnsName[];
}

/** What an endpoint is judged by. */
export interface EndpointLintInput {
  readonly scope: CellScope;
  readonly generation: Generation;
  /** Endpoints that need a tree of their own in this plan. */
  readonly newTrees: ReadonlySet<DnsName>;
  readonly zone: KnownZone | undefined;
  /** Names that other cells declare, and which cell. */
  readonly claimed: ReadonlyMap<DnsName, CellName>;
}

export interface LintInput extends EndpointLintInput {
  readonly fleet: Pick<CellFleet, 'cell' | 'endpoints' | 'targets'>;
  readonly endpoints: readonly DesiredEndpoint[];
}

/** Findings about a plan by itself, without its predecessor: names, records and limits. Pure. */
export function lintPlan(input: LintInput): readonly Finding[] {
  const findings = input.endpoints.flatMap((endpoint) => lintEndpoint(endpoint, input));
  const undefinedTargets = input.fleet.endpoints.flatMap(({ name }) => lintTargets(name, input));
  return [...findings, ...undefinedTargets, ...lintLimits(input), ...lintZone(input)];
}

/** Findings about one endpoint by itself: its name, and its records. Pure. */
export function lintEndpoint(endpoint: DesiredEndpoint, input: EndpointLintInput): readonly Finding[] {
  return [...lintName(endpoint, input), ...lintTree(endpoint, input)];
}

function lintName(
  { name, kind }: DesiredEndpoint,
  { scope, zone, claimed, generation }: EndpointLintInput,
): readonly Finding[] {
  if (!isWithin(name, scope.zone)) {
    return [{ code: 'outside-zone', severity: 'fatal', subject: name, zone: scope.zone }];
  }
  const found: Finding[] = [];
  const label = name.split('.').find((each) => RESERVED_LABELS.includes(each));
  if (label !== undefined) found.push({ code: 'reserved-name', severity: 'fatal', subject: name, label });
  if (kind === 'hostname' && name === scope.zone) {
    found.push({ code: 'apex-cname', severity: 'fatal', subject: name });
  }
  const delegation = zone?.delegations.find((child) => isWithin(name, child));
  if (delegation !== undefined) {
    found.push({ code: 'delegated', severity: 'fatal', subject: name, delegation });
  }
  const otherCell = claimed.get(name);
  if (otherCell !== undefined) {
    found.push({ code: 'name-claimed-twice', severity: 'fatal', subject: name, otherCell });
  }
  const madeName = overlongName(planTreeLabel(generation), name, scope);
  if (madeName !== undefined) {
    const characters = nameCharacters(madeName);
    found.push({
      code: 'name-too-long',
      severity: 'fatal',
      subject: name,
      madeName,
      characters,
      charactersMax: NAME_TEXT_MAX,
    });
  }
  return found;
}

function lintTree(
  endpoint: DesiredEndpoint,
  { scope, generation, newTrees, zone }: EndpointLintInput,
): readonly Finding[] {
  const { name, leaves } = endpoint;
  if (leaves.length === 0) return [{ code: 'no-answer', severity: 'fatal', subject: name }];
  const found: Finding[] = [];
  const label = planTreeLabel(generation);
  found.push(...lintNodeNames(endpoint, label, scope));
  const most = largestSet(endpoint);
  if (most > LEAVES_A_TYPE_MAX) {
    found.push({
      code: 'too-many-leaves',
      severity: 'fatal',
      subject: name,
      leaves: most,
      leavesMax: LEAVES_A_TYPE_MAX,
    });
  }
  if (
    newTrees.has(name) &&
    isWithin(name, scope.zone) &&
    !found.some(({ severity }) => severity === 'fatal')
  ) {
    const named = withNames(endpoint, (path) => safeNodeName(path, label, name, scope));
    const large = nodeRecords(named, scope)
      .map(tooLargeToAssert)
      .find((records) => records !== undefined);
    if (large !== undefined)
      found.push({ code: 'batch-limit', severity: 'fatal', subject: name, records: large });
  }
  found.push(...lintAnswers(endpoint));
  if (zone?.conflicts.includes(name) === true) {
    found.push({ code: 'conflicting-record', severity: 'note', subject: name });
  }
  return found;
}

/**
 * Records that an endpoint with a new tree adds to the zone: those of its nodes that are not as before, and roots and
 * rollback roots of those types that it did not have before.
 *
 * @param before as the endpoint stands; undefined: it is not there yet.
 */
export function recordsOfNewTree(endpoint: DesiredEndpoint, before?: DesiredEndpoint): number {
  const fresh = nodesOf(endpoint).filter(
    ({ path }) =>
      path === '' || before === undefined || nodeContent(endpoint, path) !== nodeContent(before, path),
  );
  const made = fresh.reduce((sum, node) => sum + nodeSize(endpoint, node), 0);
  return made + recordsOfNewRoots(endpoint, before);
}

/** Roots and rollback roots of those types that an endpoint did not have before. */
export function recordsOfNewRoots(endpoint: DesiredEndpoint, before?: DesiredEndpoint): number {
  const known = before === undefined ? [] : rootTypes(before);
  return 2 * rootTypes(endpoint).filter((type) => !known.includes(type)).length;
}

/** The first name of a node that is too long for DNS, although that of its tree is not. */
function lintNodeNames(endpoint: DesiredEndpoint, label: TreeLabel, scope: CellScope): readonly Finding[] {
  const { name: subject } = endpoint;
  if (!isWithin(subject, scope.zone) || overlongName(label, subject, scope) !== undefined) return [];
  const tree = treeName(label, subject, scope);
  const madeName = nodesOf(endpoint)
    .map(({ path }) => `${path}.${tree}`)
    .find((name) => nameCharacters(name) > NAME_TEXT_MAX);
  if (madeName === undefined) return [];
  const characters = nameCharacters(madeName);
  return [
    { code: 'name-too-long', severity: 'fatal', subject, madeName, characters, charactersMax: NAME_TEXT_MAX },
  ];
}

/** The most records of one name and type. */
function largestSet(endpoint: DesiredEndpoint): number {
  const counts = new Map<string, number>();
  for (const { node, type } of endpoint.leaves) {
    const set = `${type} ${node ?? ''}`;
    counts.set(set, (counts.get(set) ?? 0) + 1);
  }
  const branches = nodesOf(endpoint).map((each) => each.branches?.length ?? 0);
  return Math.max(0, ...counts.values(), ...branches);
}

/** A node may have to be asserted again: deleted and created in one batch. How many records it has, if it cannot be. */
function tooLargeToAssert({ records }: NodeRecords): number | undefined {
  const { elements, characters } = sizeOf(records.flatMap((record) => [remove(record), create(record)]));
  const isTooLarge = elements > BATCH_ELEMENTS_MAX - 2 || characters > BATCH_CHARACTERS_MAX - 400;
  return isTooLarge ? elements / 2 : undefined;
}

function safeNodeName(path: string, label: TreeLabel, name: DnsName, scope: CellScope): DnsName {
  try {
    return nodeName(path, label, name, scope);
  } catch (error) {
    if (error instanceof InvalidValue) return name;
    throw error;
  }
}

/** Targets that an endpoint of the fleet names and its cell does not have. Pure. */
export function lintTargets(name: DnsName, { fleet }: Pick<LintInput, 'fleet'>): readonly Finding[] {
  const declared = fleet.endpoints.find((endpoint) => endpoint.name === name);
  const known = idsOf(fleet.targets);
  const missing = declared?.targets.filter((id) => !known.has(id)) ?? [];
  return missing.map((target) => {
    return { code: 'missing-target', severity: 'fatal', subject: name, target, cell: fleet.cell };
  });
}

const ids = new WeakMap<readonly FleetTarget[], ReadonlySet<string>>();

/** Every endpoint of a fleet asks for the ids of all of its targets. */
function idsOf(targets: readonly FleetTarget[]): ReadonlySet<string> {
  const known = ids.get(targets) ?? new Set(targets.map(({ id }) => id));
  ids.set(targets, known);
  return known;
}

function lintLimits({ endpoints, scope, newTrees, zone }: LintInput): readonly Finding[] {
  const found: Finding[] = [];
  if (endpoints.length > MAX_ENDPOINTS_A_CELL) {
    found.push({
      code: 'too-many-endpoints',
      severity: 'fatal',
      subject: scope.cell,
      endpoints: endpoints.length,
      endpointsMax: MAX_ENDPOINTS_A_CELL,
    });
  }
  if (zone !== undefined) {
    const { recordLimit } = zone;
    const more = endpoints
      .filter(({ name }) => newTrees.has(name))
      .reduce((sum, endpoint) => sum + recordsOfNewTree(endpoint), 0);
    const records = zone.records + more;
    if (records > recordLimit) {
      found.push({ code: 'zone-limit', severity: 'fatal', subject: scope.zone, records, recordLimit });
    }
  }
  return found;
}

/** Findings about the zone as a whole. Pure. */
export function lintZone({ scope, zone }: Pick<LintInput, 'scope' | 'zone'>): readonly Finding[] {
  if (zone === undefined || zone.negativeTtlS <= NEGATIVE_TTL_NOTE_S) return [];
  const { negativeTtlS } = zone;
  return [{ code: 'negative-ttl', severity: 'note', subject: scope.zone, negativeTtlS }];
}
