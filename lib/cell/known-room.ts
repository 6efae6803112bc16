import type { ZoneFacts } from '../ledger/decider/events.ts';
import type { EndpointState } from '../ledger/decider/state.ts';
import { stateCharsMax, TREES_MAX } from '../ledger/decider/state.ts';
import { worstStateChars } from '../ledger/decider/state-room.ts';
import type { Finding } from '../plan/findings.ts';
import { nextGeneration } from '../plan/generation.ts';
import type { KnownZone } from '../plan/lint-plan.ts';
import { recordsOfNewRoots, recordsOfNewTree } from '../plan/lint-plan.ts';
import { reusableTree } from '../plan/make-plan.ts';
import type { DnsName } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import { endpointLabels, labelGeneration, planTreeLabel, treeLabelOf } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { plannedEndpoint, rootTypes } from '../plan/plan.ts';
import type { DesiredEndpoint, DesiredNode } from '../plan/tree-nodes.ts';
import { namedNodes, namesOfPlans, nodeContent, nodeSize, nodeSizes, nodesOf } from '../plan/tree-nodes.ts';
import { FENCE_RECORDS } from '../plan/zone-share.ts';
import type { CellKnowledge } from './cell-knowledge.ts';
import { isUnretired } from './cell-knowledge.ts';

/**
 * Whether the goal, what answers now, or one of the other plans has a tree with this answer that no janitor has retired.
 * Pure.
 */
export function hasTree(known: CellKnowledge, others: readonly Plan[], answer: DesiredEndpoint): boolean {
  const { scope, applied, desired, head } = known;
  const isStanding = (endpoint: string, label: TreeLabel): boolean =>
    isUnretired(head.state, endpoint, label);
  return [desired.base, applied, ...others].some(
    (plan) =>
      plan !== undefined && reusableTree(plan, answer, { scope, isUnretired: isStanding }) !== undefined,
  );
}

/**
 * Records that this answer takes of the room of {@link knownZone}: those of nodes that are not counted there, and of new
 * roots, less those of the goal's tree that nobody waits for any more. A node that the answer goes on using neither needs
 * room nor yields. Pure.
 *
 * @param before as the endpoint answers until there is another plan.
 */
export function recordsFor(
  { head: { state }, desired: { base }, applied }: CellKnowledge,
  answer: DesiredEndpoint,
  before: DesiredEndpoint | undefined,
): number {
  const live = applied === undefined ? undefined : plannedEndpoint(applied, answer.name);
  const coming = base === undefined ? undefined : plannedEndpoint(base, answer.name);
  const has = (other: DesiredEndpoint | undefined, { path }: Pick<DesiredNode, 'path'>): boolean =>
    other !== undefined && nodeContent(other, path) === nodeContent(answer, path);
  const made = nodesOf(answer)
    .filter((node) => !has(live, node) && !has(coming, node))
    .reduce((sum, node) => sum + nodeSize(answer, node), recordsOfNewRoots(answer, before));
  // Before format 4 the goal's tree may be among the records that were surveyed, and nobody knows which of them yield.
  if (state.facts?.ours === undefined || coming === undefined) return made;
  const used = new Set(nodesOf(answer).flatMap((node) => (has(coming, node) ? [node.path] : [])));
  const living = namesOfPlans(live === undefined ? [] : [{ endpoints: [live] }]);
  const givenUp = namedNodes(coming).filter(({ path, name }) => !used.has(path) && !living.has(name));
  return made - givenUp.reduce((sum, node) => sum + nodeSize(coming, node), 0);
}

/**
 * The zone as it was surveyed, without what yields: trees that are only retained go as soon as anything needs their room
 * (docs/adr/0060-retention-yields.md). What stays is what is not the cell's, and what the applied plan and the goal hold.
 * Before format 4 nobody knows which records are the cell's, so that everything surveyed counts. Pure.
 */
export function knownZone(known: CellKnowledge): KnownZone | undefined {
  const {
    head: { state },
    desired: { base },
    applied,
  } = known;
  const { facts } = state;
  if (facts === null) return undefined;
  if (facts.ours === undefined) return surveyedZone(known, facts);
  const plans = [base, applied].filter((plan) => plan !== undefined);
  const trees = new Map(
    plans.flatMap(({ endpoints }) => endpoints.map((each) => [each.tree, each] as const)),
  );
  const roots = new Set(
    [...trees.values()].flatMap((endpoint) => rootTypes(endpoint).map((type) => `${endpoint.name} ${type}`)),
  );
  const sizes = new Map([...trees.values()].flatMap((endpoint) => nodeSizes(endpoint)));
  const inTrees = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const foreign = facts.records - facts.ours;
  return { ...facts, foreign, records: foreign + FENCE_RECORDS + inTrees + 2 * roots.size };
}

/** The zone with the records that the goal adds as long as it is not applied. */
function surveyedZone(
  { head: { state }, desired: { base }, scope }: CellKnowledge,
  facts: ZoneFacts,
): KnownZone {
  const { applied } = state;
  const isComing = ({ tree }: PlannedEndpoint): boolean =>
    (labelGeneration(treeLabelOf(tree, scope) ?? '') ?? 0) > (applied?.generation ?? 0);
  const coming = (base?.endpoints ?? []).filter(isComing);
  return { ...facts, records: coming.reduce((sum, each) => sum + recordsOfNewTree(each), facts.records) };
}

/** Why the log has no room for new trees of these endpoints: their number, or what the state may come to with them. Pure. */
export function lacksRoom(
  { head: { state }, scope }: Pick<CellKnowledge, 'head' | 'scope'>,
  names: readonly DnsName[],
): Finding | undefined {
  const subject = scope.cell;
  const label = planTreeLabel(nextGeneration(state.highest));
  const endpoints: Record<string, EndpointState> = { ...state.endpoints };
  for (const name of names) {
    const relative = endpointLabels(name, scope);
    const before = ownValue(endpoints, relative);
    endpoints[relative] = { ...before, trees: [...(before?.trees ?? []), label] };
  }
  const trees = Object.values(endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, 0);
  if (trees > TREES_MAX)
    return { code: 'retained-trees', severity: 'fatal', subject, trees, treesMax: TREES_MAX };
  const characters = worstStateChars({ ...state, endpoints });
  const charactersMax = stateCharsMax(state);
  if (characters > charactersMax)
    return { code: 'state-limit', severity: 'fatal', subject, characters, charactersMax };
  return undefined;
}
