import { createHash } from 'node:crypto';
import type { RecordSet } from '../plan/records.ts';
import type { CidrBlock } from './dns/answer-source.ts';
import { ipBlock } from './places/ip-block.ts';
import { invalidInput, Route53Error } from './route53-error.ts';
import type { CidrCollectionState, Route53State } from './route53-state.ts';
import { admit, freshId } from './route53-state.ts';
import { allRecords } from './zone-contents.ts';

/** One element of a ChangeCidrCollection request: a location's networks are added or taken away. */
export interface CidrChange {
  readonly location: string;
  readonly action: 'PUT' | 'DELETE_IF_EXISTS';
  readonly blocks: readonly string[];
}

/** CIDR collections, which IP-based records refer to (Developer Guide, "IP-based routing"). */
export interface CidrVerbs {
  /** The same name and caller reference again give the same collection. @throws Route53Error CidrCollectionAlreadyExistsException, InvalidInput. */
  createCidrCollection(request: {
    readonly name: string;
    readonly callerReference: string;
  }): CidrCollectionState;
  /**
   * All or nothing, at once for every name server.
   *
   * @param version what the collection must be at; absent: any.
   * @throws Route53Error NoSuchCidrCollectionException, CidrCollectionVersionMismatchException, InvalidInput,
   * CidrBlockInUseException also when a location that a record names would have no network any more.
   */
  changeCidrCollection(id: string, changes: readonly CidrChange[], version?: number): CidrCollectionState;
  /** Only an empty collection that no record names can be deleted. @throws Route53Error NoSuchCidrCollectionException, CidrCollectionInUseException. */
  deleteCidrCollection(id: string): void;
  listCidrCollections(): readonly CidrCollectionState[];
  /** @throws Route53Error NoSuchCidrCollectionException. */
  getCidrCollection(id: string): CidrCollectionState;
}

/** What a name server knows of a collection; costs no request. */
export interface CidrInspection {
  /** None of a collection that does not exist. */
  cidrBlocks(collectionId: string): readonly CidrBlock[];
}

const NAME = /^[0-9A-Za-z_-]{1,64}$/;
const LOCATION = /^[0-9A-Za-z_-]{1,16}$/;
const DEFAULT_LOCATION = '*';
const CALLER_REFERENCE_MAX = 64;
/** The smallest networks that a collection takes (Developer Guide, "IP-based routing"). */
const PREFIX_MAX = { 1: 24, 2: 48 } as const;
/** Changes of one request, and networks of one change (ChangeCidrCollection, API reference). */
const CHANGES_MAX = 1_000;

export function cidrVerbs(state: Route53State): CidrVerbs {
  return {
    createCidrCollection(request) {
      admit(state);
      return create(state, request);
    },
    changeCidrCollection(id, changes, version) {
      admit(state);
      const collection = known(state, id);
      if (version !== undefined && version !== collection.version) {
        throw new Route53Error(
          'CidrCollectionVersionMismatchException',
          `The collection is at version ${collection.version}, not ${version}.`,
          409,
        );
      }
      const locations = applied(collection, changes);
      assertNamedStay(state, collection, locations);
      const changed = { ...collection, version: collection.version + 1, locations };
      state.cidrCollections.set(id, changed);
      state.deps.changed?.();
      return changed;
    },
    deleteCidrCollection(id) {
      admit(state);
      if (known(state, id).locations.size > 0 || namedLocations(state, id).size > 0) {
        throw new Route53Error(
          'CidrCollectionInUseException',
          'This CIDR collection is in use, and is not empty.',
        );
      }
      state.cidrCollections.delete(id);
      state.deps.changed?.();
    },
    listCidrCollections() {
      admit(state);
      return [...state.cidrCollections.values()];
    },
    getCidrCollection(id) {
      admit(state);
      return known(state, id);
    },
  };
}

export function cidrInspection(state: Route53State): CidrInspection {
  return {
    cidrBlocks: (collectionId) =>
      [...(state.cidrCollections.get(collectionId)?.locations ?? [])].flatMap(([location, networks]) =>
        networks.flatMap((network) => {
          const block = ipBlock(network);
          return block === undefined ? [] : [{ location, block }];
        }),
      ),
  };
}

function create(
  state: Route53State,
  { name, callerReference }: Parameters<CidrVerbs['createCidrCollection']>[0],
): CidrCollectionState {
  if (!NAME.test(name)) throw invalidInput(`'${name}' is not the name of a CIDR collection.`);
  if (callerReference.length < 1 || callerReference.length > CALLER_REFERENCE_MAX) {
    throw invalidInput(`A caller reference has 1 to ${CALLER_REFERENCE_MAX} characters.`);
  }
  for (const collection of state.cidrCollections.values()) {
    if (collection.name !== name) continue;
    if (collection.callerReference === callerReference) return collection;
    throw new Route53Error(
      'CidrCollectionAlreadyExistsException',
      'A CIDR collection with this name and a different caller reference already exists in this account.',
    );
  }
  const id = uuidOf(freshId(state, 'R', state.cidrCollections));
  const made = { id, name, callerReference, version: 1, locations: new Map() };
  state.cidrCollections.set(id, made);
  state.deps.changed?.();
  return made;
}

/** Ids of collections are UUIDs (CreateCidrCollection, API reference). */
function uuidOf(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  return [0, 8, 12, 16, 20].map((from, index) => digits.slice(from, [8, 12, 16, 20, 32][index])).join('-');
}

function applied(
  collection: CidrCollectionState,
  changes: readonly CidrChange[],
): CidrCollectionState['locations'] {
  if (changes.length < 1 || changes.length > CHANGES_MAX) {
    throw invalidInput(`A request has 1 to ${CHANGES_MAX} changes, not ${changes.length}.`);
  }
  const locations = new Map(collection.locations);
  for (const { location, action, blocks } of changes) {
    if (!LOCATION.test(location)) throw invalidInput(`'${location}' is not the name of a CIDR location.`);
    const named = new Set(blocks.map(checkedBlock));
    const there = locations.get(location) ?? [];
    const rest = there.filter((block) => !named.has(block));
    const left = action === 'PUT' ? [...rest, ...named] : rest;
    if (left.length === 0) locations.delete(location);
    else locations.set(location, left);
  }
  assertEachOnce(locations);
  return locations;
}

function checkedBlock(text: string): string {
  const block = ipBlock(text);
  if (block === undefined || !text.includes('/')) throw invalidInput(`'${text}' is not a CIDR block.`);
  if (block.prefix < 1 || block.prefix > PREFIX_MAX[block.family]) {
    throw invalidInput(
      `The CIDR block '${text}' has a prefix that is not 1 to ${PREFIX_MAX[block.family]} bits.`,
    );
  }
  return text;
}

/** One network belongs to one location; a smaller one within it may belong to another. */
function assertEachOnce(locations: CidrCollectionState['locations']): void {
  const seen = new Map<string, string>();
  for (const [location, blocks] of locations) {
    for (const text of blocks) {
      const block = ipBlock(text);
      const key = `${block?.family} ${block?.number} ${block?.prefix}`;
      if (seen.has(key)) {
        throw new Route53Error(
          'CidrBlockInUseException',
          `The CIDR block '${text}' is already in use in the location '${seen.get(key)}'.`,
        );
      }
      seen.set(key, location);
    }
  }
}

/**
 * ChangeCidrCollection (API reference) has no CidrCollectionInUseException among its errors: for a location in use it is
 * the error of a network in use.
 */
function assertNamedStay(
  state: Route53State,
  { id, locations: before }: CidrCollectionState,
  locations: CidrCollectionState['locations'],
): void {
  const named = namedLocations(state, id);
  const gone = [...before.keys()].find((location) => !locations.has(location) && named.has(location));
  if (gone === undefined) return;
  throw new Route53Error(
    'CidrBlockInUseException',
    `The CIDR location '${gone}' is in use by a resource record set.`,
  );
}

/** The locations of the collection that records of any zone name, the default `*` among them. */
function namedLocations({ zones }: Route53State, id: string): ReadonlySet<string> {
  const configs = [...zones.values()].flatMap(({ contents }) =>
    allRecords(contents).flatMap((record) => cidrConfig(record) ?? []),
  );
  return new Set(configs.filter(({ collection }) => collection === id).map(({ location }) => location));
}

/**
 * Why a record cannot name its CIDR collection or location; a phrase. The default location `*` is in every collection
 * (CidrRoutingConfig, API reference).
 */
export function unknownCidr({ cidrCollections }: Route53State, record: RecordSet): string | undefined {
  const config = cidrConfig(record);
  if (config === undefined) return undefined;
  const { collection, location } = config;
  const found = cidrCollections.get(collection);
  if (found === undefined) return `no CIDR collection exists with the ID '${collection}'`;
  if (location === DEFAULT_LOCATION || found.locations.has(location)) return undefined;
  return `the CIDR collection '${collection}' has no location '${location}'`;
}

function cidrConfig({ routing }: RecordSet): { collection: string; location: string } | undefined {
  const config = routing?.['CidrRoutingConfig'];
  if (typeof config !== 'object' || config === null) return undefined;
  const { CollectionId, LocationName } = config as Readonly<Record<string, unknown>>;
  return { collection: String(CollectionId), location: String(LocationName) };
}

function known(state: Route53State, id: string): CidrCollectionState {
  const collection = state.cidrCollections.get(id);
  if (collection !== undefined) return collection;
  throw new Route53Error(
    'NoSuchCidrCollectionException',
    `No CIDR collection exists with the specified ID: ${id}`,
    404,
  );
}
