import type { CidrChange } from '../cidr-collections.ts';
import type { Route53 } from '../route53.ts';
import { invalidInput, Route53Error } from '../route53-error.ts';
import type { CidrCollectionState } from '../route53-state.ts';
import type { WireRequest } from './request-reader.ts';
import { assertParameters, itemLimit, parameter } from './request-reader.ts';
import type { XmlElement, XmlNode } from './xml.ts';
import { childrenOf, integerOf, listOf, optionalNode, required, textOf, xmlNode } from './xml.ts';
import type { Action } from './zone-actions.ts';
import { ok, rootOf } from './zone-actions.ts';

const PAGE_MAX = 100;

export const createCidrCollection: Action = (core, request) => {
  assertParameters(request, []);
  const root = 'CreateCidrCollectionRequest';
  const children = rootOf(request, root, ['Name', 'CallerReference']);
  const made = core.createCidrCollection({
    name: textOf(required(children, 'Name', root)),
    callerReference: textOf(required(children, 'CallerReference', root)),
  });
  const location = `https://route53.amazonaws.com/2013-04-01/cidrcollection/${made.id}`;
  const answer = xmlNode('CreateCidrCollectionResponse', [xmlNode('Collection', summary(made))]);
  return { status: 201, root: answer, location };
};

export const changeCidrCollection: Action = (core, request, id) => {
  assertParameters(request, []);
  const root = 'ChangeCidrCollectionRequest';
  const children = rootOf(request, root, ['CollectionVersion', 'Changes']);
  const version = children.get('CollectionVersion');
  const changes = listOf(required(children, 'Changes', root), 'member').map(readCidrChange);
  core.changeCidrCollection(id, changes, version === undefined ? undefined : integerOf(version));
  return ok(xmlNode('ChangeCidrCollectionResponse', [xmlNode('Id', id)]));
};

export const deleteCidrCollection: Action = (core, request, id) => {
  assertParameters(request, []);
  core.deleteCidrCollection(id);
  return ok(xmlNode('DeleteCidrCollectionResponse', []));
};

export const listCidrCollections: Action = (core, request) => {
  assertParameters(request, ['maxresults', 'nexttoken']);
  const all = core.listCidrCollections();
  return page(request, 'ListCidrCollectionsResponse', 'CidrCollections', 'member', all.map(summary));
};

export const listCidrLocations: Action = (core, request, id) => {
  assertParameters(request, ['maxresults', 'nexttoken']);
  const names = [...core.getCidrCollection(id).locations.keys()].sort();
  const nodes = names.map((name) => [xmlNode('LocationName', name)]);
  return page(request, 'ListCidrLocationsResponse', 'CidrLocations', 'member', nodes);
};

export const listCidrBlocks: Action = (core, request, id) => {
  assertParameters(request, ['location', 'maxresults', 'nexttoken']);
  const nodes = blocksOf(core, id, parameter(request, 'location')).map(([location, block]) => [
    xmlNode('CidrBlock', block),
    xmlNode('LocationName', location),
  ]);
  return page(request, 'ListCidrBlocksResponse', 'CidrBlocks', 'member', nodes);
};

function readCidrChange(element: XmlElement): CidrChange {
  const children = childrenOf(element, ['LocationName', 'Action', 'CidrList']);
  const action = textOf(required(children, 'Action', element.name));
  if (action !== 'PUT' && action !== 'DELETE_IF_EXISTS') {
    throw invalidInput(
      `1 validation error detected: Value '${action}' at 'changes.member.action' failed to satisfy constraint: Member must satisfy enum value set: [PUT, DELETE_IF_EXISTS]`,
    );
  }
  return {
    action,
    location: textOf(required(children, 'LocationName', element.name)),
    blocks: listOf(required(children, 'CidrList', element.name), 'Cidr').map(textOf),
  };
}

/** Every network and its location, or those of one location. */
function blocksOf(
  core: Route53,
  id: string,
  location: string | undefined,
): readonly (readonly [string, string])[] {
  const { locations } = core.getCidrCollection(id);
  if (location !== undefined && !locations.has(location)) {
    throw new Route53Error(
      'NoSuchCidrLocationException',
      `The collection has no location '${location}'.`,
      404,
    );
  }
  return [...locations]
    .filter(([name]) => location === undefined || name === location)
    .flatMap(([name, blocks]) => blocks.map((block) => [name, block] as const));
}

/** One page; the token is the place at which the next begins. */
function page(
  request: WireRequest,
  root: string,
  list: string,
  item: string,
  items: readonly (readonly XmlNode[])[],
): ReturnType<Action> {
  const token = parameter(request, 'nexttoken');
  if (token !== undefined && !/^\d{1,9}$/.test(token)) throw invalidInput(`'${token}' is no continuation.`);
  const from = Number(token ?? 0);
  const end = from + Math.min(itemLimit(request, 'maxresults') ?? PAGE_MAX, PAGE_MAX);
  const nodes = items.slice(from, end).map((content) => xmlNode(item, content));
  const next = end < items.length ? String(end) : undefined;
  return ok(xmlNode(root, [...optionalNode('NextToken', next), xmlNode(list, nodes)]));
}

function summary({ id, name, version }: CidrCollectionState): readonly XmlNode[] {
  return [
    xmlNode('Arn', `arn:aws:route53:::cidrcollection/${id}`),
    xmlNode('Id', id),
    xmlNode('Name', name),
    xmlNode('Version', version),
  ];
}
