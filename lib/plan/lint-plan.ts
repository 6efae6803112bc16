import { BATCH_CHARACTERS_MAX, BATCH_ELEMENTS_MAX, sizeOf } from './batches.ts';
import type { DesiredEndpoint } from './desired.ts';
import type { Finding, FindingCode, Severity } from './findings.ts';
import type { CellFleet } from './fleet-model.ts';
import { MAX_ENDPOINTS_A_CELL } from './fleet-model.ts';
import { InvalidValue } from './invariant.ts';
import type { CellName, DnsName } from './names.ts';
import { isWithin } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { planTreeLabel, RESERVED_LABELS, rollbackName, treeName } from './owned-names.ts';
import type { LeafType } from './plan.ts';
import { rootTypes, treeRecords } from './plan.ts';
import { create, remove } from './records.ts';

/** Weighted record sets a name and type (Route 53 quotas). See docs/adr/0004-too-many-leaves-is-fatal.md. */
const LEAVES_A_TYPE_MAX = 100;
/** What a negative answer may be remembered for before it is worth a note, seconds. */
const NEGATIVE_TTL_NOTE_S = 900;

/** Facts about the zone, when the auditor has recorded any. */
export interface KnownZone {
  readonly records: number;
  readonly recordLimit: number;
  readonly negativeTtlS: number;
  readonly delegations: readonly DnsName[];
  readonly conflicts: readonly DnsName[];
}

export interface LintInput {
  readonly scope: CellScope;
  readonly fleet: Pick<CellFleet, 'cell' | 'endpoints' | 'targets'>;
  readonly generation: number;
  readonly endpoints: readonly DesiredEndpoint[];
  /** Endpoints that need a tree of their own in this plan. */
  readonly newTrees: ReadonlySet<DnsName>;
  readonly zone: KnownZone | undefined;
  /** Names that other cells declare, and which cell. */
  readonly claimed: ReadonlyMap<DnsName, CellName>;
}

/** Findings about what a plan is, whatever was before it: names, records and limits. Pure. */
export function lintPlan(input: LintInput): readonly Finding[] {
  const findings = input.endpoints.flatMap((endpoint) => [
    ...lintName(endpoint, input),
    ...lintTree(endpoint, input),
  ]);
  return [...findings, ...lintTargets(input), ...lintLimits(input), ...lintZone(input)];
}

function finding(code: FindingCode, severity: Severity, subject: string, message: string): Finding {
  return { code, severity, subject, message };
}

function lintName(
  { name, kind }: DesiredEndpoint,
  { scope, zone, claimed, generation }: LintInput,
): readonly Finding[] {
  const found: Finding[] = [];
  if (!isWithin(name, scope.zone)) {
    return [
      finding(
        'outside-zone',
        'fatal',
        name,
        `${name} is not in the zone ${scope.zone}: declare it in a cell of its own zone.`,
      ),
    ];
  }
  const reserved = name.split('.').find((label) => RESERVED_LABELS.includes(label));
  if (reserved !== undefined) {
    found.push(
      finding(
        'reserved-name',
        'fatal',
        name,
        `${name} holds the label "${reserved}", which Pawl uses itself: choose another name.`,
      ),
    );
  }
  if (kind === 'hostname' && name === scope.zone) {
    found.push(
      finding(
        'apex-cname',
        'fatal',
        name,
        `${name} is the zone's apex, where no CNAME can be: declare it with addresses or an alias.`,
      ),
    );
  }
  const delegation = zone?.delegations.find((child) => isWithin(name, child));
  if (delegation !== undefined) {
    found.push(
      finding(
        'delegated',
        'fatal',
        name,
        `${name} is in ${delegation}, which is delegated to other name servers: declare it in a cell of that zone.`,
      ),
    );
  }
  const other = claimed.get(name);
  if (other !== undefined) {
    found.push(
      finding(
        'name-claimed-twice',
        'fatal',
        name,
        `${name} is declared by cell ${other} too: one cell must give it up.`,
      ),
    );
  }
  try {
    treeName(planTreeLabel(generation), name, scope);
    rollbackName(name, scope);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    found.push(
      finding(
        'name-too-long',
        'fatal',
        name,
        `${name} leaves no room for the names of its trees: ${error.message}`,
      ),
    );
  }
  return found;
}

function lintTree(
  endpoint: DesiredEndpoint,
  { scope, generation, newTrees, zone }: LintInput,
): readonly Finding[] {
  const { name, leaves } = endpoint;
  if (leaves.length === 0) {
    return [
      finding('no-answer', 'fatal', name, `${name} would have no answer: not one of its targets serves.`),
    ];
  }
  const found: Finding[] = [];
  const types: readonly LeafType[] = rootTypes(endpoint);
  const most = Math.max(...types.map((type) => leaves.filter((leaf) => leaf.type === type).length));
  if (most > LEAVES_A_TYPE_MAX) {
    found.push(
      finding(
        'too-many-leaves',
        'fatal',
        name,
        `${name} has ${most} targets, more than the ${LEAVES_A_TYPE_MAX} weighted records that Route 53 allows: group them by availability zone, several addresses a target.`,
      ),
    );
  }
  if (
    newTrees.has(name) &&
    isWithin(name, scope.zone) &&
    !found.some(({ severity }) => severity === 'fatal')
  ) {
    const tree = { ...endpoint, tree: safeTreeName(name, scope, generation) };
    // A tree may have to be asserted again: deleted and created in one batch.
    const { elements, characters } = sizeOf(
      treeRecords(tree).flatMap((record) => [remove(record), create(record)]),
    );
    if (elements > BATCH_ELEMENTS_MAX - 2 || characters > BATCH_CHARACTERS_MAX - 400) {
      found.push(
        finding(
          'batch-limit',
          'fatal',
          name,
          `${name} needs ${elements / 2} records in one batch, more than fit: give its targets fewer addresses.`,
        ),
      );
    }
  }
  if (zone?.conflicts.includes(name) === true) {
    found.push(
      finding(
        'conflicting-record',
        'note',
        name,
        `${name} already has a record that is not Pawl's: nothing is enacted before "pawl adopt ${name}".`,
      ),
    );
  }
  return found;
}

function safeTreeName(name: DnsName, scope: CellScope, generation: number): DnsName {
  try {
    return treeName(planTreeLabel(generation), name, scope);
  } catch (error) {
    if (error instanceof InvalidValue) return name;
    throw error;
  }
}

function lintTargets({ fleet }: LintInput): readonly Finding[] {
  const known = new Set(fleet.targets.map(({ id }) => id));
  return fleet.endpoints.flatMap((endpoint) =>
    endpoint.targets
      .filter((id) => !known.has(id))
      .map((id) =>
        finding(
          'missing-target',
          'fatal',
          endpoint.name,
          `${endpoint.name} names the target "${id}", which cell ${fleet.cell} does not have.`,
        ),
      ),
  );
}

function lintLimits({ endpoints, scope, newTrees, zone }: LintInput): readonly Finding[] {
  const found: Finding[] = [];
  if (endpoints.length > MAX_ENDPOINTS_A_CELL) {
    found.push(
      finding(
        'too-many-endpoints',
        'fatal',
        scope.cell,
        `Cell ${scope.cell} has ${endpoints.length} endpoints, more than the ${MAX_ENDPOINTS_A_CELL} that one batch can flip: split the cell.`,
      ),
    );
  }
  if (zone !== undefined) {
    const more = endpoints
      .filter(({ name }) => newTrees.has(name))
      .reduce((sum, endpoint) => sum + endpoint.leaves.length + 2 * rootTypes(endpoint).length, 0);
    if (zone.records + more > zone.recordLimit) {
      found.push(
        finding(
          'zone-limit',
          'fatal',
          scope.zone,
          `The zone ${scope.zone} would hold ${zone.records + more} records with the trees that are retained, more than its ${zone.recordLimit}: retain fewer generations, or have the limit raised.`,
        ),
      );
    }
  }
  return found;
}

function lintZone({ scope, zone }: LintInput): readonly Finding[] {
  if (zone === undefined || zone.negativeTtlS <= NEGATIVE_TTL_NOTE_S) return [];
  return [
    finding(
      'negative-ttl',
      'note',
      scope.zone,
      `Resolvers remember a missing name of ${scope.zone} for ${zone.negativeTtlS} s: lower the SOA's minimum.`,
    ),
  ];
}
