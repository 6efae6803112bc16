import type { DesiredEndpoint } from './desired.ts';
import type { Generation } from './generation.ts';
import type { DnsName } from './names.ts';
import type { CellScope, TreeLabel } from './owned-names.ts';
import { endpointLabels, planTreeLabel, treeLabelOf, treeName } from './owned-names.ts';
import type { Plan, PlannedEndpoint } from './plan.ts';
import { endpointContent, plannedEndpoint } from './plan.ts';

export interface MakePlanInput {
  readonly scope: CellScope;
  readonly generation: Generation;
  readonly endpoints: readonly DesiredEndpoint[];
  /** The plan this one is made from. An endpoint with the same content keeps its tree. */
  readonly base: Plan | undefined;
  /** Other plans whose trees may be used again (for a rollback), preferred first. */
  readonly others?: readonly Plan[];
  /** Whether a tree, by endpoint in relative form, has never been retired: a retired name is never used again. */
  readonly isUnretired: (endpoint: string, label: TreeLabel) => boolean;
}

export interface MadePlan {
  readonly plan: Plan;
  /** Trees that this plan makes, by endpoint in relative form. */
  readonly newTrees: Readonly<Record<string, TreeLabel>>;
}

/** Gives every endpoint its tree: an older one with the same content, else a new one under this generation. Pure. */
export function makePlan(input: MakePlanInput): MadePlan {
  const { scope, generation, base } = input;
  const newTrees: Record<string, TreeLabel> = {};
  const sources = base === undefined ? (input.others ?? []) : [base, ...(input.others ?? [])];
  const endpoints = [...input.endpoints]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((endpoint): PlannedEndpoint => {
      const kept = sources
        .map((plan) => reusableTree(plan, endpoint, input))
        .find((tree) => tree !== undefined);
      if (kept !== undefined) return withTree(endpoint, kept);
      const label = planTreeLabel(generation);
      newTrees[endpointLabels(endpoint.name, scope)] = label;
      return withTree(endpoint, treeName(label, endpoint.name, scope));
    });
  const { cell, zone, zoneId } = scope;
  const plan: Plan = { format: 1, cell, zone, zoneId, generation, parent: base?.generation ?? 0, endpoints };
  return { plan, newTrees };
}

/** The endpoints of a plan without their trees: what a rollback or an edited plan proposes. */
export function contentOf(plan: Plan): readonly DesiredEndpoint[] {
  return plan.endpoints.map(withoutTree);
}

/** True when both would have the same records apart from the trees' names. */
export function sameContent(a: readonly DesiredEndpoint[], b: readonly DesiredEndpoint[]): boolean {
  if (a.length !== b.length) return false;
  const texts = new Set(a.map(endpointContent));
  return b.every((endpoint) => texts.has(endpointContent(endpoint)));
}

function withTree(endpoint: DesiredEndpoint, tree: DnsName): PlannedEndpoint {
  const { name, kind, ttl, leaves } = endpoint;
  return { name, kind, tree, ttl, leaves };
}

/** The plan's tree for this endpoint, if it has this content and was never retired. Pure. */
export function reusableTree(
  plan: Plan,
  endpoint: DesiredEndpoint,
  input: Pick<MakePlanInput, 'scope' | 'isUnretired'>,
): DnsName | undefined {
  const before = plannedEndpoint(plan, endpoint.name);
  if (before === undefined || endpointContent(before) !== endpointContent(endpoint)) return undefined;
  const label = treeLabelOf(before.tree, input.scope);
  const relative = endpointLabels(endpoint.name, input.scope);
  return label !== undefined && input.isUnretired(relative, label) ? before.tree : undefined;
}

function withoutTree({ tree: _, ...endpoint }: PlannedEndpoint): DesiredEndpoint {
  return endpoint;
}
