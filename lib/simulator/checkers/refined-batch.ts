import { cellName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { labelRescueSeq } from '../../plan/owned-names.ts';
import type { Structure } from '../../proof/evaluate.ts';
import { isLeftAsItWas } from './after-hands.ts';
import type { KnownFence } from './refined-batch-fences.ts';
import { fenceLeft, fencesOf, NOBODY, THIS_CHANGE, WRITER } from './refined-batch-fences.ts';
import type { LogKnowledge } from './refined-log.ts';
import { isCoined, plansOf } from './refined-log.ts';
import type { Read, RefinedBatch } from './refined-names.ts';
import { ledTo, namesOf } from './refined-names.ts';
import { isOffered, offerSymbols } from './refined-offers.ts';
import type { RefinedZone } from './refined-zone.ts';
import { cellOf, endpointOf, isForeign, placeOf, targetOf } from './refined-zone.ts';

const EVERYWHERE = 'a change that is everywhere';

/** What the theory asks about a batch, for what its writer may have read. */
export function batchStructure(batch: RefinedBatch, read: Read): Structure {
  const { scopes } = batch;
  const fences = fencesOf(batch);
  const planned = (fences.next.isWhole ? treesOf(batch, fences.next.plan) : undefined) ?? new Map();
  const { nodes, roots } = namesOf(batch, read, planned);
  const changes = (read.log === undefined ? [] : [...read.log.staged]).map(
    (entry) => entry.split(' ')[0] ?? '',
  );
  const [, settled] = read.log?.settled.split(' ') ?? [];
  return {
    members: {
      Cell: scopes.map(({ cell }) => cell),
      Fence: [...new Set([...fences.all.keys(), ...(batch.promised === undefined ? [] : [batch.promised])])],
      Plan: [...new Set([...fences.all.values()].map(({ plan }) => plan))],
      Node: [...nodes],
      Root: [...roots],
      Change: [...new Set([...changes, ...(settled === undefined ? [] : [settled]), EVERYWHERE])],
      Writer: [WRITER],
    },
    symbols: {
      ...fences.symbols,
      ...zoneSymbols(batch, fences.saw.fence?.seq ?? 0),
      ...logSymbols(batch, read, fences.saw),
      ...offerSymbols(batch),
    },
  };
}

function zoneSymbols(batch: RefinedBatch, rescueSeq: number): Structure['symbols'] {
  const { scope, before, after, change } = batch;
  const { makes, drops, moves } = change;
  const below = new Map<string, ReadonlySet<string>>();
  const leads = (node: string): ReadonlySet<string> => {
    const known = below.get(node) ?? ledTo(batch, node);
    below.set(node, known);
    return known;
  };
  return {
    home: (node = '') => cellOf(node, scope) ?? NOBODY,
    foreign: (node = '') => isForeign(node),
    serves: (node = '', root = '') => endpointOf(nodeEndpoint(node), scope) === endpointOf(root, scope),
    rolls: (rollback = '', root = '') =>
      cellOf(rollback, scope) !== undefined &&
      cellOf(root, scope) === undefined &&
      endpointOf(rollback, scope) === endpointOf(root, scope),
    under: (node = '', other = '') => leads(node).has(other),
    there: (node = '') => stands(before, node, scope),
    points: (root = '', node = '') => targetOf(before, root, scope) === node,
    makes: (node = '') => makes.has(node),
    drops: (node = '') => drops.has(node),
    moves: (root = '') => moves.has(root),
    to: (root = '', node = '') => moves.has(root) && targetOf(after, root, scope) === node,
    coined: (node = '') => isCoinedBefore(batch, node, rescueSeq),
    sent: (change = '') => change !== THIS_CHANGE,
  };
}

/** Whether somebody has the name already. A rescue's carries the seq of its own fence. */
function isCoinedBefore({ before, state, scope }: RefinedBatch, node: string, rescueSeq: number): boolean {
  if (isForeign(node)) return false;
  const { owned } = placeOf(node, scope);
  const seq = owned !== undefined && 'label' in owned ? labelRescueSeq(owned.label) : undefined;
  if (seq !== undefined) return before.nodes.has(node) || seq !== rescueSeq;
  return isCoined(node, state, scope);
}

/** What is foreign is of the root at which it stands. */
function nodeEndpoint(node: string): string {
  return isForeign(node) ? node.slice(node.lastIndexOf(' at ') + ' at '.length) : node;
}

function stands(zone: RefinedZone, node: string, scope: CellScope): boolean {
  if (!isForeign(node)) return zone.nodes.has(node);
  return targetOf(zone, nodeEndpoint(node), scope) === node;
}

function logSymbols(batch: RefinedBatch, { log, zone }: Read, saw: KnownFence): Structure['symbols'] {
  const { scope, state, everywhere, handled, isInsync } = batch;
  const listed = listedNames(batch);
  const isListed = (node: string, known: ReadonlySet<string>): boolean =>
    (listed.get(node) ?? [treeOf(node, scope)]).some((tree) => known.has(tree));
  const now = new Set(
    Object.entries(state.endpoints).flatMap(([endpoint, { trees }]) =>
      trees.map((label) => `${label}.${endpoint}`),
    ),
  );
  const isEverywhere = (node: string): boolean => stands(everywhere, node, scope);
  const lists = (node: string): boolean => (log === undefined ? true : isListed(node, log.listed));
  return {
    listed: (node = '') => isListed(node, now),
    lists: (_, node = '') => lists(node),
    staged: (node = '', change = '') =>
      change === EVERYWHERE
        ? (log === undefined || handled.has(endpointOf(node, scope) ?? '')) &&
          lists(node) &&
          isEverywhere(node)
        : log?.staged.has(`${change} ${treeOf(node, scope)}`) === true,
    insync: (change = '') => change === EVERYWHERE || isInsync(change),
    upto: (change = '', node = '') => change === EVERYWHERE && isEverywhere(node),
    settles: (_, change = '') =>
      log === undefined ? change === EVERYWHERE : isSettledBy(log, change, batch.movedAt ?? saw.fence?.seq),
    lends: (_, root = '') => log === undefined || log.lent.has(endpointOf(root, scope) ?? ''),
    // Whatever stands below the cell's own names is the cell's.
    adopted: (_, root = '') =>
      log === undefined || cellOf(root, scope) === scope.cell || log.taken.has(endpointOf(root, scope) ?? ''),
    // A listing of the whole zone leaves nothing behind by which one could tell that it was one.
    looked: () => true,
    sees: (_, node = '') => stands(zone, node, scope),
    knows: (_, root = '', node = '') => targetOf(zone, root, scope) === node,
    tree: (plan = '', root = '', node = '') =>
      treesOf(batch, plan)?.get(root) === node && !isLeftAsItWas(batch, root, node),
  };
}

/** Whether the log has a change that came with the last move of a root, or after it. */
function isSettledBy({ settled }: LogKnowledge, change: string, movedAt = 0): boolean {
  const [seq, settling] = settled.split(' ');
  return settling === change && Number(seq) >= movedAt;
}

/**
 * The trees that each node of a tree is a part of, by the plans that the log names. What is deleted is of use to no plan
 * that is wanted: a tree that is not whole stays listed until it is retired.
 */
function listedNames(batch: RefinedBatch): ReadonlyMap<string, readonly string[]> {
  const { state, planOf, change, scope } = batch;
  const found = new Map<string, string[]>();
  const look = (some: ReadonlySet<string>, digests: Iterable<string>): void => {
    const names = [...some].filter((name) => treeOf(name, scope) === '');
    for (const digest of names.length === 0 ? [] : digests)
      for (const name of names) {
        const tree = planOf(digest)?.parts.get(name);
        if (tree !== undefined) found.set(name, [...(found.get(name) ?? []), tree]);
      }
  };
  const { goal, applied, newest, staging } = state;
  const wanted = [goal, applied, newest, staging].flatMap((ref) => (ref === null ? [] : [ref.digest]));
  const known = [...plansOf(state).values()];
  look(change.drops, wanted);
  look(change.makes, known);
  // Where no body can be read at once, any tree of the endpoint may need what is made.
  if (known.some((digest) => planOf(digest) === undefined))
    for (const name of change.makes) {
      const endpoint = endpointOf(name, scope) ?? '';
      const trees = (state.endpoints[endpoint]?.trees ?? []).map((label) => `${label}.${endpoint}`);
      if (treeOf(name, scope) === '') found.set(name, [...(found.get(name) ?? []), ...trees]);
    }
  return found;
}

/** `label.endpoint` of a tree; empty for a node of one, and for anything else. */
function treeOf(node: string, scope: CellScope): string {
  if (isForeign(node)) return '';
  const { owned } = placeOf(node, scope);
  return owned?.kind === 'tree' ? `${owned.label}.${owned.endpoint}` : '';
}

/** The trees of the plan that a fence names. */
function treesOf({ state, planOf }: RefinedBatch, plan: string): ReadonlyMap<string, string> | undefined {
  for (const [key, digest] of plansOf(state)) if (key.split(' ')[0] === plan) return planOf(digest)?.trees;
  return undefined;
}

/** What has come of each part of the state that the zone shows, in the words of the theory. */
export function zoneAfter(batch: RefinedBatch): Structure['symbols'] {
  const { before, after, scope } = batch;
  return {
    fence: (cell = '') => fenceLeft(batch, cellName(cell), 0).text,
    // Of what is not Pawl's the theory says that it stays, and nobody asks.
    there: (node = '') => stands(isForeign(node) ? before : after, node, scope),
    points: (root = '', node = '') => targetOf(after, root, scope) === node,
    offer: (cell = '', to = '', root = '') => isOffered(after, batch, [cell, to, root]),
    // No freeze that has returned is broken.
    breach: () => false,
  };
}
