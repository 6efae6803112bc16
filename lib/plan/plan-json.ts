import { generation } from './generation.ts';
import { isIpv4, isIpv6 } from './ip-addresses.ts';
import type { Place } from './json-place.ts';
import {
  documentPlace,
  fields,
  flag,
  integer,
  items,
  made,
  NotAsExpected,
  quantity,
  shown,
  text,
  word,
} from './json-place.ts';
import type { DnsName } from './names.ts';
import { cellName, dnsName, NAME_TEXT_MAX } from './names.ts';
import type { CellScope } from './owned-names.ts';
import {
  endpointLabels,
  labelGeneration,
  planTreeLabel,
  RESERVED_LABELS,
  treeLabelOf,
  treeName,
} from './owned-names.ts';
import type { EndpointKind, Leaf, LeafType, Plan, PlannedEndpoint } from './plan.ts';
import { planFormat } from './plan.ts';
import { nodesAt } from './plan-nodes-json.ts';
import type { AliasTarget } from './records.ts';
import { readability, writtenBy } from './stored-format.ts';
import { inTreeOrder } from './tree-nodes.ts';

/** A plan, or the place of the first mistake and a sentence about it. */
export type ParsedPlan =
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'invalid'; readonly path: string; readonly message: string };

/** The newest format of plans that is known, and the one that is written. */
const FORMAT = 2;
/** More than any plan within the ledger's bound for a body. */
const TEXT_CHARS_MAX = 10 * 1_024 * 1_024;
const ENDPOINTS_MAX = 1_000;
const LEAVES_MAX = 10_000;
/** RFC 2181, 8. */
const TTL_MAX_S = 2 ** 31 - 1;
/** Route 53: a record set's values, a set identifier, a weight (Developer Guide, "Quotas"; API reference). */
const VALUES_MAX = 400;
const TARGET_CHARS_MAX = 128;
const WEIGHT_MAX = 255;
const CAPACITY_MAX = 1_000_000_000;
const ID_CHARS_MAX = 64;

const LEAF_TYPES: Readonly<Record<EndpointKind, readonly LeafType[]>> = {
  addresses: ['A', 'AAAA'],
  hostname: ['CNAME'],
  alias: ['A', 'AAAA'],
};

/** Parses a stored plan and changes nothing in it, so that its digest is that of the stored text. Total. */
export function parsePlan(json: string): ParsedPlan {
  return parse(json, 'stored');
}

/**
 * Parses a plan that a person edited: endpoints and leaves come in any order, and an endpoint without a `tree` has
 * that of the plan's own generation. Total.
 */
export function parseEditedPlan(json: string): ParsedPlan {
  return parse(json, 'edited');
}

/** The plan as a person reads and edits it: JSON, indented by two spaces, a newline at the end. */
export function formatPlan(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}

type Origin = 'stored' | 'edited';

function parse(json: string, origin: Origin): ParsedPlan {
  if (json.length > TEXT_CHARS_MAX) {
    return invalid('', `The text has ${json.length} characters, more than a plan's ${TEXT_CHARS_MAX}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return invalid('', `This is not JSON: ${oneLine(error)}.`);
  }
  try {
    return { type: 'plan', plan: planAt(documentPlace(value), origin) };
  } catch (error) {
    if (error instanceof NotAsExpected) return invalid(error.path, error.message);
    throw error;
  }
}

function invalid(path: string, message: string): ParsedPlan {
  return { type: 'invalid', path, message };
}

function planAt(place: Place, origin: Origin): Plan {
  refuseNewer(place);
  const at = fields(place, ['format', 'cell', 'zone', 'zoneId', 'generation', 'parent', 'endpoints']);
  if (at.format.value !== 1 && at.format.value !== FORMAT) {
    throw new NotAsExpected(at.format, `A plan's format is 1 or ${FORMAT}, not ${shown(at.format.value)}.`);
  }
  const scope: CellScope = {
    cell: made(at.cell, () => cellName(text(at.cell, ID_CHARS_MAX))),
    zone: nameAt(at.zone, origin),
    zoneId: text(at.zoneId, ID_CHARS_MAX),
  };
  const number = generation(integer(at.generation, 1, Number.MAX_SAFE_INTEGER));
  const parent = integer(at.parent, 0, number - 1);
  const places = items(at.endpoints, 0, ENDPOINTS_MAX);
  const endpoints = places.map((each) => endpointAt(each, scope, number, origin));
  refuseTwins(
    places,
    endpoints.map((endpoint) => endpoint.name),
  );
  if (origin === 'edited') endpoints.sort((a, b) => (a.name < b.name ? -1 : 1));
  const format = planFormat(endpoints);
  // What an older release would refuse to read must say so, and nothing else may.
  if (origin === 'stored' && at.format.value !== format) {
    throw new NotAsExpected(
      at.format,
      `The format of this plan is ${format}, not ${shown(at.format.value)}.`,
    );
  }
  return { format, ...scope, generation: number, parent, endpoints };
}

/** A plan says what the zone will hold: a reader may ignore no part of it, whatever its format permits. */
function refuseNewer(place: Place): void {
  const written = writtenBy(place.value);
  const readable =
    written === undefined ? undefined : readability({ ...written, readableFrom: written.format }, FORMAT);
  if (readable?.type !== 'newer') return;
  throw new NotAsExpected({ value: undefined, key: 'format', within: place }, `${readable.what}.`);
}

function endpointAt(place: Place, scope: CellScope, number: number, origin: Origin): PlannedEndpoint {
  const required = ['name', 'kind', 'ttl', 'leaves'] as const;
  const at = fields(place, required, ['tree', 'nodes']);
  const name = nameAt(at.name, origin);
  made(at.name, () => endpointLabels(name, scope));
  const reserved = RESERVED_LABELS.find((label) => name.split('.').includes(label));
  if (reserved !== undefined) {
    throw new NotAsExpected(at.name, `"${name}" has the label "${reserved}", which Pawl keeps for itself.`);
  }
  const kind = word(at.kind, ['addresses', 'hostname', 'alias']);
  const tree = treeAt(place, at.tree, { name, scope, number, origin });
  const ttl = integer(at.ttl, 0, TTL_MAX_S);
  const places = items(at.leaves, 0, LEAVES_MAX);
  const leaves = places.map((each) => leafAt(each, kind, origin));
  refuseTwins(
    places,
    leaves.map(({ type, target, node }) => `${type} ${target}${node === undefined ? '' : ` at ${node}`}`),
  );
  if (origin === 'edited') {
    leaves.sort(inTreeOrder);
  }
  if (at.nodes === undefined) {
    const stray = leaves.findIndex(({ node }) => node !== undefined);
    if (stray >= 0)
      throw new NotAsExpected(
        places[stray] ?? place,
        'The endpoint has no "nodes", so no leaf has a "node".',
      );
    return { name, kind, tree, ttl, leaves };
  }
  const isEdited = origin === 'edited';
  const nodes = nodesAt(at.nodes, { name, kind, tree, leaves, scope, number, isEdited });
  return { name, kind, tree, ttl, leaves, nodes };
}

interface TreeContext {
  readonly name: DnsName;
  readonly scope: CellScope;
  readonly number: number;
  readonly origin: Origin;
}

function treeAt(endpoint: Place, place: Place | undefined, context: TreeContext): DnsName {
  const { name, scope, number, origin } = context;
  if (place === undefined) {
    if (origin === 'stored') throw new NotAsExpected(endpoint, 'The key "tree" is missing.');
    return made(endpoint, () => treeName(planTreeLabel(number), name, scope));
  }
  const tree = nameAt(place, origin);
  const label = treeLabelOf(tree, scope);
  if (label === undefined || made(place, () => treeName(label, name, scope)) !== tree) {
    throw new NotAsExpected(place, `"${tree}" is not a tree's name of ${name} in cell ${scope.cell}.`);
  }
  if ((labelGeneration(label) ?? 0) > number) {
    throw new NotAsExpected(place, `"${tree}" is a tree of a generation above the plan's own, ${number}.`);
  }
  return tree;
}

function leafAt(place: Place, kind: EndpointKind, origin: Origin): Leaf {
  const optional = ['values', 'alias', 'healthCheckId', 'node'] as const;
  const at = fields(place, ['target', 'type', 'weight', 'capacity'], optional);
  const { values, alias } = at;
  const type = word(at.type, LEAF_TYPES[kind]);
  const leaf = {
    target: text(at.target, TARGET_CHARS_MAX),
    type,
    weight: integer(at.weight, 1, WEIGHT_MAX),
    capacity: quantity(at.capacity, 0, CAPACITY_MAX),
  };
  const health =
    at.healthCheckId === undefined ? {} : { healthCheckId: text(at.healthCheckId, ID_CHARS_MAX) };
  const node = at.node === undefined ? {} : { node: text(at.node, NAME_TEXT_MAX) };
  if (kind === 'alias') {
    if (alias === undefined || values !== undefined)
      throw new NotAsExpected(place, 'A leaf of an alias endpoint has an "alias" and no "values".');
    return { ...leaf, alias: aliasAt(alias, origin), ...health, ...node };
  }
  if (values === undefined || alias !== undefined)
    throw new NotAsExpected(place, `A leaf of this endpoint (${kind}) has "values" and no "alias".`);
  const most = type === 'CNAME' ? 1 : VALUES_MAX;
  return { ...leaf, values: items(values, 1, most).map((each) => valueAt(each, type)), ...health, ...node };
}

function aliasAt(place: Place, origin: Origin): AliasTarget {
  const at = fields(place, ['zoneId', 'name', 'evaluateTargetHealth']);
  return {
    zoneId: text(at.zoneId, ID_CHARS_MAX),
    name: nameAt(at.name, origin),
    evaluateTargetHealth: flag(at.evaluateTargetHealth),
  };
}

function valueAt(place: Place, type: LeafType): string {
  const value = text(place, 255);
  switch (type) {
    case 'A':
      if (!isIpv4(value)) throw new NotAsExpected(place, `${shown(value)} is not an IPv4 address.`);
      return value;
    case 'AAAA':
      if (!isIpv6(value)) throw new NotAsExpected(place, `${shown(value)} is not an IPv6 address.`);
      return value;
    case 'CNAME':
      made(place, () => dnsName(value));
      return value;
  }
}

/** A name. A person may write it in any form; a stored plan has it in canonical form. */
function nameAt(place: Place, origin: Origin): DnsName {
  const written = text(place, 1_024);
  const name = made(place, () => dnsName(written));
  if (origin === 'stored' && name !== written)
    throw new NotAsExpected(place, `${shown(written)} is not as Pawl writes it, "${name}".`);
  return name;
}

function refuseTwins(places: readonly Place[], keys: readonly string[]): void {
  const seen = new Set<string>();
  keys.forEach((key, index) => {
    const place = places[index];
    if (place !== undefined && seen.has(key)) throw new NotAsExpected(place, `${shown(key)} is here twice.`);
    seen.add(key);
  });
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/gu, ' ').replace(/\.$/, '');
}
