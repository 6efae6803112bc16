import type { DnsName } from '../../plan/names.ts';
import { ownValue } from '../../plan/own-value.ts';
import type { EndpointRefused, KeptEndpoint } from './events.ts';
import type { CapacityRemoval, CellState, KeptBack, RefusedEndpoint } from './state.ts';
import {
  BLIND_MAX,
  ENDPOINT_REMOVALS_MAX,
  KEPT_CHARS_MAX,
  REFUSED_CHARS_MAX,
  REFUSED_MAX,
  TEXT_CHARS_MAX,
} from './state.ts';

/** The longest window of a policy, milliseconds: no removal counts for longer. */
const REMOVALS_KEPT_MS = 86_400_000;

/**
 * The endpoints that are kept back from now on. One that was kept back before keeps its date and the fleet that it is
 * planned by, and stays rejected while the same waits. Findings that do not fit their bound are in the event alone.
 */
export function withKeptBack(
  { keptBack, goal }: Pick<CellState, 'keptBack' | 'goal'>,
  endpoints: readonly KeptEndpoint[],
  at: number,
): readonly KeptBack[] {
  const before = new Map(keptBack.map((entry) => [entry.name, entry]));
  let chars = 0;
  const kept: KeptBack[] = [];
  for (const { name, digest, findings } of [...endpoints].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const known = before.get(name);
    const rejected = known?.digest === digest ? known.rejected : undefined;
    const entry: KeptBack = {
      name,
      digest,
      findings,
      since: known?.since ?? at,
      fleet: known === undefined ? (goal?.fleet ?? null) : known.fleet,
      ...(rejected === undefined ? {} : { rejected }),
    };
    const fitting = [entry, { ...entry, findings: [] }].find(
      (candidate) => chars + JSON.stringify(candidate).length <= KEPT_CHARS_MAX,
    );
    if (fitting === undefined) continue;
    chars += JSON.stringify(fitting).length;
    kept.push(fitting);
  }
  return kept;
}

/** Marks what a person declined, where it is still what waits. */
export function withRejected(
  keptBack: readonly KeptBack[],
  {
    endpoints,
    reason,
  }: { readonly endpoints: readonly Pick<KeptEndpoint, 'name' | 'digest'>[]; readonly reason: string },
  { at, by }: { readonly at: number; readonly by: string },
): readonly KeptBack[] {
  return keptBack.map((entry) =>
    endpoints.some(({ name, digest }) => name === entry.name && digest === entry.digest)
      ? { ...entry, rejected: { at, by, reason } }
      : entry,
  );
}

/** The refused endpoints after another refusal, newest last. */
export function withRefused(
  { refused, fleet }: Pick<CellState, 'refused' | 'fleet'>,
  { name, step, generation, reason }: EndpointRefused,
  at: number,
): readonly RefusedEndpoint[] {
  const known = refused.find((entry) => entry.name === name);
  const others = refused.filter((entry) => entry.name !== name).slice(-(REFUSED_MAX - 1));
  const chars = others.reduce((sum, entry) => sum + entry.reason.length, 0);
  const room = Math.min(TEXT_CHARS_MAX, REFUSED_CHARS_MAX - chars);
  const entry: RefusedEndpoint = {
    name,
    step,
    generation,
    reason: reason.length <= room ? reason : reason.slice(0, Math.max(0, room)).toWellFormed(),
    since: known?.since ?? at,
    at,
    attempts: (known?.attempts ?? 0) + 1,
    fleet: fleet?.digest ?? null,
    asked: false,
    trying: null,
  };
  return [...others, entry];
}

/** A person asks to try a refused endpoint at once. */
export function withRetried(refused: readonly RefusedEndpoint[], name: DnsName): readonly RefusedEndpoint[] {
  return refused.map((entry) => (entry.name === name ? { ...entry, asked: true } : entry));
}

/** An adoption takes away what most refusals of a name are about. */
export const withAdopted = withRetried;

/** A plan that does not keep a refused endpoint back tries it again. */
export function withTrying(
  refused: readonly RefusedEndpoint[],
  keptBack: readonly Pick<KeptBack, 'name'>[],
  generation: RefusedEndpoint['generation'],
): readonly RefusedEndpoint[] {
  const kept = new Set(keptBack.map(({ name }) => name));
  return refused.map((entry) => ({ ...entry, trying: kept.has(entry.name) ? null : generation }));
}

/** What was tried is not refused any more once the plan that tried it, or a later one, is applied. */
export function withoutTried(
  refused: readonly RefusedEndpoint[],
  applied: number,
): readonly RefusedEndpoint[] {
  return refused.filter(({ trying }) => trying === null || trying > applied);
}

/** The blind sources from now on; one that was blind before keeps its date. */
export function withBlind(
  blind: CellState['blind'],
  sources: readonly { readonly source: string; readonly reason: string }[],
  at: number,
): CellState['blind'] {
  return sources.slice(0, BLIND_MAX).map(({ source, reason }) => {
    const known = blind.find((entry) => entry.source === source);
    return { source, reason: reason.slice(0, TEXT_CHARS_MAX).toWellFormed(), since: known?.since ?? at };
  });
}

/**
 * Over the bound the two oldest are merged under the later date: a removal may count for longer, never for less long.
 * Of endpoints that are gone nothing is remembered.
 */
export function withCapacityRemoved(
  { capacityRemoved, endpoints }: Pick<CellState, 'capacityRemoved' | 'endpoints'>,
  removed: Readonly<Record<string, number>>,
  at: number,
): CellState['capacityRemoved'] {
  const result: Record<string, readonly CapacityRemoval[]> = {};
  for (const endpoint of Object.keys(endpoints)) {
    const before = ownValue(capacityRemoved, endpoint) ?? [];
    const permille = ownValue(removed, endpoint) ?? 0;
    const all = [...before, ...(permille > 0 ? [{ at, permille }] : [])];
    const recent = bounded(all.filter((removal) => removal.at > at - REMOVALS_KEPT_MS));
    if (recent.length > 0) result[endpoint] = recent;
  }
  return result;
}

function bounded(removals: readonly CapacityRemoval[]): readonly CapacityRemoval[] {
  const [first, second, ...rest] = removals;
  if (removals.length <= ENDPOINT_REMOVALS_MAX || first === undefined || second === undefined)
    return removals;
  return [{ at: second.at, permille: first.permille + second.permille }, ...rest];
}
