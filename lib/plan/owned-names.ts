import { InvalidValue } from './invariant.ts';
import type { CellName, DnsName } from './names.ts';
import { cellName, dnsName, isCellName, isWithin, NAME_TEXT_MAX, nameCharacters } from './names.ts';

/** A cell and the zone it lives in: what every name that Pawl makes is built from. */
export interface CellScope {
  readonly cell: CellName;
  readonly zone: DnsName;
  /** Route 53's hosted zone id, without `/hostedzone/`. */
  readonly zoneId: string;
}

/** The label of a tree: `g000145` for generation 145, `r000312` for one that a rescue made at fence seq 312. */
export type TreeLabel = string;

/** The purpose of a name below the cell's subtree. `endpoint` is in the relative form of {@link endpointLabels}. */
export type OwnedName =
  | { readonly kind: 'fence' }
  | { readonly kind: 'tree'; readonly label: TreeLabel; readonly endpoint: string }
  /** A set of records within a tree; `path` has its branches from the innermost outwards: `primary.eu-west-1`. */
  | { readonly kind: 'node'; readonly path: string; readonly label: TreeLabel; readonly endpoint: string }
  | { readonly kind: 'rollback'; readonly endpoint: string }
  /** The offer of an endpoint to another cell of the zone. */
  | { readonly kind: 'offer'; readonly endpoint: string }
  | { readonly kind: 'stray' };

const TREE_LABEL = /^([gr])(\d{6,15})$/;
const BRANCH_ID = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const LABEL_DIGITS = 6;
const WILDCARD = '_any';
const APEX = '_apex';
const PAWL = '_pawl';
const ROLLBACK = 'rollback';
/** No branch can have this name, because of its underscore. */
const OFFER = '_offer';

/** Labels an endpoint's name may not hold: they stand for something else in the names Pawl makes, or in JavaScript. */
export const RESERVED_LABELS: readonly string[] = [WILDCARD, APEX, PAWL, '__proto__'];

/** A cache: a scope never changes, and every record of a listing needs its names. */
const subtrees = new WeakMap<CellScope, DnsName>();
const fences = new WeakMap<CellScope, DnsName>();

/** The root of everything the cell owns besides its endpoints: `<cell>._pawl.<zone>`. */
export function ownedSubtree(scope: CellScope): DnsName {
  const known = subtrees.get(scope);
  if (known !== undefined) return known;
  const name = dnsName(`${scope.cell}.${PAWL}.${scope.zone}`);
  subtrees.set(scope, name);
  return name;
}

/** Whether a name is below the place where the cells of a zone keep their own records: `_pawl.<zone>`. */
export function isPawlsSubtree(name: DnsName, { zone }: Pick<CellScope, 'zone'>): boolean {
  return isWithin(name, dnsName(`${PAWL}.${zone}`));
}

/** The name of the cell's one fence record. */
export function fenceName(scope: CellScope): DnsName {
  const known = fences.get(scope);
  if (known !== undefined) return known;
  const name = dnsName(`fence.${ownedSubtree(scope)}`);
  fences.set(scope, name);
  return name;
}

/** The cell of this zone whose subtree a name is in, its own included; undefined when it is in none. */
export function cellOfName(name: DnsName, { zone }: Pick<CellScope, 'zone'>): CellName | undefined {
  const suffix = `.${PAWL}.${zone}`;
  if (!name.endsWith(suffix)) return undefined;
  const end = name.length - suffix.length;
  const label = name.slice(end === 0 ? 0 : name.lastIndexOf('.', end - 1) + 1, end);
  return isCellName(label) ? cellName(label) : undefined;
}

/** The cell of this zone whose fence a name is, its own included; undefined when it is no fence. */
export function cellOfFence(name: DnsName, scope: CellScope): CellName | undefined {
  const cell = cellOfName(name, scope);
  return cell !== undefined && name === `fence.${cell}.${PAWL}.${scope.zone}` ? cell : undefined;
}

/** The tree label of a plan's generation, padded to at least 6 digits so that names line up. */
export function planTreeLabel(generation: number): TreeLabel {
  return `g${String(generation).padStart(LABEL_DIGITS, '0')}`;
}

/** The tree label of a rescue, numbered by the fence seq it was written with. */
export function rescueTreeLabel(seq: number): TreeLabel {
  return `r${String(seq).padStart(LABEL_DIGITS, '0')}`;
}

/** The generation in a plan's tree label; undefined for a rescue's or anything else. */
export function labelGeneration(label: TreeLabel): number | undefined {
  const match = TREE_LABEL.exec(label);
  return match?.[1] === 'g' ? Number(match[2]) : undefined;
}

/** The fence seq in a rescue's tree label; undefined for a plan's or anything else. */
export function labelRescueSeq(label: TreeLabel): number | undefined {
  const match = TREE_LABEL.exec(label);
  return match?.[1] === 'r' ? Number(match[2]) : undefined;
}

/**
 * The endpoint's name relative to its zone, with `*` as `_any` and the apex as `_apex`.
 *
 * @throws InvalidValue when the endpoint is not in the zone.
 */
export function endpointLabels(endpoint: DnsName, scope: CellScope): string {
  if (!isWithin(endpoint, scope.zone))
    throw new InvalidValue(`"${endpoint}" is not in the zone ${scope.zone}.`);
  if (endpoint === scope.zone) return APEX;
  const relative = endpoint.slice(0, -(scope.zone.length + 1));
  return relative.startsWith('*') ? `${WILDCARD}${relative.slice(1)}` : relative;
}

/** The endpoint that a relative form stands for: the inverse of {@link endpointLabels}. @throws InvalidValue when it is none. */
export function endpointOfLabels(relative: string, scope: CellScope): DnsName {
  if (relative === APEX) return scope.zone;
  if (relative === WILDCARD) return dnsName(`*.${scope.zone}`);
  const name = relative.startsWith(`${WILDCARD}.`) ? `*${relative.slice(WILDCARD.length)}` : relative;
  return dnsName(`${name}.${scope.zone}`);
}

/** The name under which an endpoint's tree stands. @throws InvalidValue when the name would be too long for DNS. */
export function treeName(label: TreeLabel, endpoint: DnsName, scope: CellScope): DnsName {
  return dnsName(`${label}.${endpointLabels(endpoint, scope)}.${ownedSubtree(scope)}`);
}

/**
 * The name under which a node of an endpoint's tree stands: that of the tree for an empty path.
 *
 * @param path the node's branches, from the innermost outwards: `primary.eu-west-1`.
 * @throws InvalidValue when the name would be too long for DNS.
 */
export function nodeName(path: string, label: TreeLabel, endpoint: DnsName, scope: CellScope): DnsName {
  const tree = treeName(label, endpoint, scope);
  return path === '' ? tree : dnsName(`${path}.${tree}`);
}

/** The name of an endpoint's rollback root. @throws InvalidValue when the name would be too long for DNS. */
export function rollbackName(endpoint: DnsName, scope: CellScope): DnsName {
  return dnsName(`${ROLLBACK}.${endpointLabels(endpoint, scope)}.${ownedSubtree(scope)}`);
}

/** The name at which a cell offers an endpoint to another cell. @throws InvalidValue when the name would be too long for DNS. */
export function offerName(endpoint: DnsName, scope: CellScope): DnsName {
  return dnsName(`${OFFER}.${endpointLabels(endpoint, scope)}.${ownedSubtree(scope)}`);
}

/**
 * The first of the names of the endpoint's tree and rollback root that is too long for DNS; undefined when all fit.
 *
 * @throws InvalidValue when the endpoint is not in the zone.
 */
export function overlongName(label: TreeLabel, endpoint: DnsName, scope: CellScope): string | undefined {
  const subtree = `${scope.cell}.${PAWL}.${scope.zone}`;
  const labels = endpointLabels(endpoint, scope);
  return [subtree, `${label}.${labels}.${subtree}`, `${ROLLBACK}.${labels}.${subtree}`].find(
    (name) => nameCharacters(name) > NAME_TEXT_MAX,
  );
}

/** The purpose of `name`; undefined when it is not below the cell's subtree. */
export function parseOwnedName(name: DnsName, scope: CellScope): OwnedName | undefined {
  const subtree = ownedSubtree(scope);
  if (!isWithin(name, subtree)) return undefined;
  if (name === subtree) return { kind: 'stray' };
  const relative = name.slice(0, -(subtree.length + 1));
  if (relative === 'fence') return { kind: 'fence' };
  const dot = relative.indexOf('.');
  if (dot < 0) return { kind: 'stray' };
  const label = relative.slice(0, dot);
  const endpoint = relative.slice(dot + 1);
  if (label === ROLLBACK) return { kind: 'rollback', endpoint };
  if (label === OFFER) return { kind: 'offer', endpoint };
  if (TREE_LABEL.test(label)) return { kind: 'tree', label, endpoint };
  return parseNode(relative.split('.'));
}

function parseNode(labels: readonly string[]): OwnedName {
  const at = labels.findIndex((each) => TREE_LABEL.test(each));
  const label = labels[at];
  if (label === undefined || at === labels.length - 1) return { kind: 'stray' };
  return {
    kind: 'node',
    path: labels.slice(0, at).join('.'),
    label,
    endpoint: labels.slice(at + 1).join('.'),
  };
}

/** Whether a branch may have this id, so that no name of a node stands for something else. */
export function isBranchId(id: string): boolean {
  return BRANCH_ID.test(id) && id !== ROLLBACK && !TREE_LABEL.test(id);
}

/** The tree label in a full tree name; undefined when the name is not a tree of this cell. */
export function treeLabelOf(name: DnsName, scope: CellScope): TreeLabel | undefined {
  const owned = parseOwnedName(name, scope);
  return owned?.kind === 'tree' ? owned.label : undefined;
}
