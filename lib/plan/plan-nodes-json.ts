import type { Place } from './json-place.ts';
import {
  documentPlace,
  fields,
  integer,
  items,
  made,
  NotAsExpected,
  shown,
  text,
  word,
} from './json-place.ts';
import type { DnsName } from './names.ts';
import { dnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { isBranchId, labelGeneration, nodeName, parseOwnedName, planTreeLabel } from './owned-names.ts';
import { choiceOf } from './place-names.ts';
import type { EndpointKind, Leaf, TreeBranch, TreeNode } from './plan.ts';
import type { BranchRouting } from './routing.ts';
import { branchPath, leavesAt } from './tree-nodes.ts';

/** More than an endpoint of 10,000 leaves needs in groups. */
const NODES_MAX = 1_000;
/** Record sets of one name and type (Route 53 quotas, "Records in a weighted, latency, … group"). */
const BRANCHES_MAX = 100;
const WEIGHT_MAX = 255;
const BIAS_MAX = 99;
const FIELD_CHARS_MAX = 64;

/** What the nodes of an endpoint must fit to. */
export interface NodesContext {
  readonly name: DnsName;
  readonly kind: EndpointKind;
  readonly tree: DnsName;
  readonly leaves: readonly Leaf[];
  readonly scope: CellScope;
  /** The plan's generation: no node is of a later one. */
  readonly number: number;
  /** A person writes no names: each node is then new. */
  readonly isEdited: boolean;
}

/**
 * Reads the nodes of an endpoint: the tree itself first, a node for every branch, leaves at every node without branches.
 *
 * @throws NotAsExpected
 */
export function nodesAt(place: Place, context: NodesContext): readonly TreeNode[] {
  const places = items(place, 1, NODES_MAX);
  const nodes = places.map((each) => nodeAt(each, context));
  const known = new Set(nodes.map(({ path }) => path));
  if (known.size !== nodes.length) throw new NotAsExpected(place, 'Two nodes have one path.');
  if (!known.has(''))
    throw new NotAsExpected(place, 'The node of the tree itself, with the path "", is missing.');
  const reached = new Set(['']);
  nodes.forEach((node, index) => {
    const at = places[index] ?? place;
    for (const branch of node.branches ?? []) {
      const path = branchPath(node, branch);
      if (!known.has(path)) throw new NotAsExpected(at, `The branch "${branch.id}" has no node "${path}".`);
      reached.add(path);
    }
    const count = leavesAt(context, node.path).length;
    if (node.branches === undefined && count === 0)
      throw new NotAsExpected(at, `The node "${node.path}" has neither branches nor leaves.`);
    if (node.branches !== undefined && count > 0)
      throw new NotAsExpected(at, `The node "${node.path}" has branches, so it can have no leaves.`);
  });
  const stray = nodes.find(({ path }) => !reached.has(path));
  if (stray !== undefined) throw new NotAsExpected(place, `No branch leads to the node "${stray.path}".`);
  const lost = context.leaves.find((leaf) => !known.has(leaf.node ?? ''));
  if (lost !== undefined)
    throw new NotAsExpected(
      place,
      `The leaf ${shown(lost.target)} is at the node "${lost.node}", which is not here.`,
    );
  return context.isEdited ? [...nodes].sort((a, b) => (a.path < b.path ? -1 : 1)) : nodes;
}

function nodeAt(place: Place, context: NodesContext): TreeNode {
  const at = fields(place, ['path'], ['name', 'branches', 'answer']);
  const path = pathAt(at.path);
  const name = nameAt(place, at.name, path, context);
  const branches = at.branches === undefined ? {} : { branches: branchesAt(at.branches) };
  if (at.answer === undefined) return { path, name, ...branches };
  const answer = word(at.answer, ['multivalue']);
  if (at.branches !== undefined || context.kind !== 'addresses')
    throw new NotAsExpected(at.answer, 'Only leaves with addresses can be multivalue answers.');
  return { path, name, answer };
}

function pathAt(place: Place): string {
  const { value } = place;
  if (value === '') return '';
  const path = text(place, 253);
  if (path.split('.').every(isBranchId)) return path;
  throw new NotAsExpected(
    place,
    `${shown(path)} is not a path of branches: use ids of a-z, 0-9 and "-", with dots between them.`,
  );
}

function nameAt(
  node: Place,
  place: Place | undefined,
  path: string,
  { name, tree, scope, number, isEdited }: NodesContext,
): DnsName {
  if (path === '' && (place === undefined || place.value === tree)) return tree;
  if (place === undefined) {
    if (!isEdited) throw new NotAsExpected(node, 'The key "name" is missing.');
    return made(node, () => nodeName(path, planTreeLabel(number), name, scope));
  }
  const written = text(place, 1_024);
  const owned = parseOwnedName(
    made(place, () => dnsName(written)),
    scope,
  );
  const label = owned?.kind === 'node' ? owned.label : undefined;
  if (label === undefined || made(place, () => nodeName(path, label, name, scope)) !== written)
    throw new NotAsExpected(
      place,
      `${shown(written)} is not the name of the node "${path}" of ${name} in cell ${scope.cell}.`,
    );
  if ((labelGeneration(label) ?? 0) > number)
    throw new NotAsExpected(
      place,
      `${shown(written)} is a node of a generation above the plan's own, ${number}.`,
    );
  return dnsName(written);
}

function branchesAt(place: Place): readonly TreeBranch[] {
  const branches = items(place, 1, BRANCHES_MAX).map(branchAt);
  const ids = new Set(branches.map(({ id }) => id));
  if (ids.size !== branches.length) throw new NotAsExpected(place, 'Two branches have one id.');
  const policies = new Set(branches.map(({ routing }) => Object.keys(routing).join()));
  if (policies.size > 1)
    throw new NotAsExpected(place, 'The branches of one node are of one routing policy.');
  const places = new Map<string, string>();
  for (const { id, routing } of branches) {
    const what = choiceOf(routing);
    const other = what === undefined ? undefined : places.get(what);
    if (other !== undefined)
      throw new NotAsExpected(
        place,
        `The branches "${other}" and "${id}" are for the same clients: keep one.`,
      );
    if (what !== undefined) places.set(what, id);
  }
  return branches;
}

function branchAt(place: Place): TreeBranch {
  const at = fields(place, ['id', 'routing']);
  const id = text(at.id, FIELD_CHARS_MAX);
  if (!isBranchId(id))
    throw new NotAsExpected(at.id, `${shown(id)} is not a branch's id: use 1 to 32 of a-z, 0-9 and "-".`);
  return { id, routing: routingAt(at.routing) };
}

/** The routing of a record as a branch has it; undefined for one that no branch of a plan can have. */
export function branchRouting(routing: unknown): BranchRouting | undefined {
  try {
    return routingAt(documentPlace(routing));
  } catch (error) {
    if (error instanceof NotAsExpected) return undefined;
    throw error;
  }
}

function routingAt(place: Place): BranchRouting {
  const known = [
    'weight',
    'Region',
    'GeoLocation',
    'GeoProximityLocation',
    'Failover',
    'CidrRoutingConfig',
  ] as const;
  const at = fields(place, [], known);
  const given = known.filter((key) => at[key] !== undefined);
  if (given.length !== 1)
    throw new NotAsExpected(place, `Exactly one of ${known.join(', ')} is needed here.`);
  const field = (each: Place): string => text(each, FIELD_CHARS_MAX);
  if (at.weight !== undefined) return { weight: integer(at.weight, 1, WEIGHT_MAX) };
  if (at.Region !== undefined) return { Region: field(at.Region) };
  if (at.Failover !== undefined) return { Failover: word(at.Failover, ['PRIMARY', 'SECONDARY']) };
  if (at.CidrRoutingConfig !== undefined) {
    const cidr = fields(at.CidrRoutingConfig, ['CollectionId', 'LocationName']);
    return {
      CidrRoutingConfig: { CollectionId: field(cidr.CollectionId), LocationName: field(cidr.LocationName) },
    };
  }
  if (at.GeoLocation !== undefined) return { GeoLocation: geoLocationAt(at.GeoLocation) };
  return { GeoProximityLocation: proximityAt(at.GeoProximityLocation ?? place) };
}

function geoLocationAt(place: Place): Extract<BranchRouting, { GeoLocation: unknown }>['GeoLocation'] {
  const at = fields(place, [], ['ContinentCode', 'CountryCode', 'SubdivisionCode']);
  if (at.ContinentCode !== undefined) {
    if (at.CountryCode !== undefined || at.SubdivisionCode !== undefined)
      throw new NotAsExpected(place, 'A continent stands alone.');
    return { ContinentCode: text(at.ContinentCode, FIELD_CHARS_MAX) };
  }
  if (at.CountryCode === undefined)
    throw new NotAsExpected(place, 'A continent or a country is needed here.');
  const country = { CountryCode: text(at.CountryCode, FIELD_CHARS_MAX) };
  return at.SubdivisionCode === undefined
    ? country
    : { ...country, SubdivisionCode: text(at.SubdivisionCode, FIELD_CHARS_MAX) };
}

function proximityAt(
  place: Place,
): Extract<BranchRouting, { GeoProximityLocation: unknown }>['GeoProximityLocation'] {
  const at = fields(place, [], ['AWSRegion', 'Coordinates', 'Bias']);
  const bias = at.Bias === undefined ? {} : { Bias: integer(at.Bias, -BIAS_MAX, BIAS_MAX) };
  if ((at.AWSRegion === undefined) === (at.Coordinates === undefined))
    throw new NotAsExpected(place, 'A Region or coordinates are needed here, not both.');
  if (at.AWSRegion !== undefined) return { AWSRegion: text(at.AWSRegion, FIELD_CHARS_MAX), ...bias };
  const point = fields(at.Coordinates ?? place, ['Latitude', 'Longitude']);
  const Coordinates = { Latitude: text(point.Latitude, 7), Longitude: text(point.Longitude, 7) };
  return { Coordinates, ...bias };
}
