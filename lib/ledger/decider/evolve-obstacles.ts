import type { Generation } from '../../plan/generation.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import { ownValue } from '../../plan/own-value.ts';
import { endpointLabels } from '../../plan/owned-names.ts';
import { withinBytes } from './bounded-list.ts';
import type { EndpointRefused, KeptEndpoint, PlanApplied, PlanOrigin } from './events.ts';
import { policyInEffect } from './loosening.ts';
import type { CapacityRemoval, CellState, KeptBack, PlanRef, RefusedEndpoint } from './state.ts';
import {
  BLIND_BYTES_MAX,
  ENDPOINT_REMOVALS_MAX,
  isSince4,
  KEPT_BYTES_MAX,
  REFUSED_BYTES_MAX,
  REFUSED_MAX,
  REMOVAL_PERMILLE_MAX,
  TEXT_CHARS_MAX,
} from './state.ts';

/** The longest window of a policy, milliseconds: no removal counts for longer. */
const REMOVALS_KEPT_MS = 86_400_000;

/**
 * The endpoints that are kept back from now on, in order of name. One that was kept back before keeps its date and the
 * fleet that it is planned by, and stays rejected while the same waits. Findings that do not fit their bound are in the
 * event alone.
 */
export function withKeptBack(
  { keptBack, goal, fleet }: Pick<CellState, 'keptBack' | 'goal' | 'fleet'>,
  endpoints: readonly KeptEndpoint[],
  at: number,
): readonly KeptBack[] {
  const before = new Map(keptBack.map((entry) => [entry.name, entry]));
  const byName = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const kept = [...byName.values()].map(({ name, digest, findings, byDeclared }): KeptBack => {
    const known = before.get(name);
    const rejected = known?.digest === digest ? known.rejected : undefined;
    const planned = known === undefined ? (goal?.fleet ?? null) : known.fleet;
    return {
      name,
      digest,
      findings,
      since: known?.since ?? at,
      fleet: byDeclared === true && fleet !== null ? fleet.digest : planned,
      ...(rejected === undefined ? {} : { rejected }),
    };
  });
  return boundedKept(kept.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

/** That an endpoint is kept back matters more than why, and that matters more than who has seen it. */
function boundedKept(kept: readonly KeptBack[]): readonly KeptBack[] {
  return withinBytes(
    kept,
    ({ rejected, ...entry }) => {
      const bare = { ...entry, findings: [] };
      if (rejected === undefined) return [entry, bare];
      const wordless = { ...rejected, reason: '' };
      return [
        { ...entry, rejected },
        { ...entry, rejected: wordless },
        { ...bare, rejected: wordless },
        bare,
      ];
    },
    KEPT_BYTES_MAX,
  );
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
  const declined = new Map(endpoints.map(({ name, digest }) => [name, digest]));
  return boundedKept(
    keptBack.map((entry) =>
      declined.get(entry.name) === entry.digest ? { ...entry, rejected: { at, by, reason } } : entry,
    ),
  );
}

/** The refused endpoints after another refusal, newest last. */
export function withRefused(
  { format, refused, fleet, goal }: Pick<CellState, 'format' | 'refused' | 'fleet' | 'goal'>,
  { name, step, generation, reason }: EndpointRefused,
  at: number,
): readonly RefusedEndpoint[] {
  const known = refused.find((entry) => entry.name === name);
  const entry: RefusedEndpoint = {
    name,
    step,
    generation,
    reason: reason.slice(0, TEXT_CHARS_MAX).toWellFormed(),
    since: known?.since ?? at,
    at,
    attempts: (known?.attempts ?? 0) + 1,
    fleet: fleet?.digest ?? null,
    asked: false,
    trying: null,
    ...(isSince4({ format }) ? wishOf(goal?.generation === generation ? goal : null, known) : {}),
  };
  const newestFirst = [entry, ...refused.filter((other) => other.name !== name).reverse()];
  const bounded = withinBytes(
    newestFirst.slice(0, REFUSED_MAX),
    (each) => [each, { ...each, reason: '' }],
    REFUSED_BYTES_MAX,
  );
  return [...bounded].reverse();
}

const PERSONS: readonly PlanOrigin[] = ['operator', 'approval', 'rollback', 'rescue'];

/** What a person asked for goes on being asked for when the same content is appended again, and in no other plan. */
function wishOf(goal: PlanRef | null, known: RefusedEndpoint | undefined): Pick<RefusedEndpoint, 'wish'> {
  const isPersons = goal !== null && PERSONS.includes(goal.origin);
  const wish = isPersons ? goal.digest : goal?.origin === 'reissue' ? known?.wish : undefined;
  return wish === undefined ? {} : { wish };
}

/** A person asks to try a refused endpoint at once, or adopts its name, which is what most refusals are about. */
export function withRetried(refused: readonly RefusedEndpoint[], name: DnsName): readonly RefusedEndpoint[] {
  return refused.map((entry) => (entry.name === name ? { ...entry, asked: true } : entry));
}

/** A plan that does not keep a refused endpoint back tries it again. */
export function withTrying(
  refused: readonly RefusedEndpoint[],
  keptBack: readonly Pick<KeptBack, 'name'>[],
  generation: RefusedEndpoint['generation'],
): readonly RefusedEndpoint[] {
  const kept = new Set(keptBack.map(({ name }) => name));
  return refused.map((entry) => ({ ...entry, trying: kept.has(entry.name) ? null : generation }));
}

/**
 * What is refused after a plan was applied: nothing that this plan or an earlier one tried, and nothing of the plan's own
 * records. But who merely sees that the fence of the applied plan has moved does not know of a repair that was refused.
 */
export function withoutApplied(
  { refused, applied }: Pick<CellState, 'refused' | 'applied'>,
  { generation, seq, reason, without = [] }: PlanApplied,
): readonly RefusedEndpoint[] {
  const isNews = applied === null || seq > applied.seq;
  const isWhole = isNews && (reason !== 'observed' || applied?.generation !== generation);
  return refused.flatMap((entry) => {
    if (without.includes(entry.name)) return { ...entry, trying: null };
    const isTried = entry.trying !== null && entry.trying <= generation;
    return isTried || (isWhole && entry.generation === generation) ? [] : entry;
  });
}

/** What was repaired is not refused any more. */
export function withoutRepaired(
  refused: readonly RefusedEndpoint[],
  repaired: readonly DnsName[],
): readonly RefusedEndpoint[] {
  const names = new Set<string>(repaired);
  return refused.filter(({ name, step }) => step !== 'repair' || !names.has(name));
}

/** A goal that is appended again under another generation holds the same records. */
export function withReissued(
  { refused, goal }: Pick<CellState, 'refused' | 'goal'>,
  reissue: Generation,
): readonly RefusedEndpoint[] {
  return refused.map((entry) => {
    if (entry.trying !== null && entry.trying === goal?.generation) return { ...entry, trying: reissue };
    return entry.generation === goal?.generation ? { ...entry, generation: reissue } : entry;
  });
}

/** The blind sources from now on; one that was blind before keeps its date. */
export function withBlind(
  blind: CellState['blind'],
  sources: readonly { readonly source: string; readonly reason: string }[],
  at: number,
): CellState['blind'] {
  const since = new Map(blind.map((entry) => [entry.source, entry.since]));
  const now = sources.map(({ source, reason }) => ({ source, reason, since: since.get(source) ?? at }));
  return withinBytes(now, (entry) => [entry, { ...entry, reason: '' }], BLIND_BYTES_MAX);
}

/**
 * What was taken of each endpoint, with what is taken of some now. Removals within the same third of the policy's window
 * are merged under the later date, and so are all that are older than the window: a removal may count for longer, never
 * for less long, and steady small ones count for a third of the window longer at most. Of endpoints that are gone
 * nothing is remembered.
 */
export function withCapacityRemoved(
  {
    capacityRemoved,
    endpoints,
    fleet,
    loosening,
    format,
  }: Pick<CellState, 'capacityRemoved' | 'endpoints' | 'fleet' | 'loosening' | 'format'>,
  removed: Readonly<Record<string, number>>,
  at: number,
): CellState['capacityRemoved'] {
  const windowMs = policyInEffect({ fleet, loosening }).capacityWindowS * 1_000;
  const result: Record<string, readonly CapacityRemoval[]> = {};
  for (const endpoint of Object.keys(endpoints)) {
    const before = ownValue(capacityRemoved, endpoint) ?? [];
    const permille = ownValue(removed, endpoint) ?? 0;
    const all = permille > 0 ? [...before, { at, permille }].sort((a, b) => a.at - b.at) : before;
    // From format 4 on, a clock that is ahead does not make the log forget: the removal before this one says how late it is.
    const late = isSince4({ format }) ? Math.min(at, before.at(-1)?.at ?? at) : at;
    const recent = all.filter((removal) => removal.at > late - REMOVALS_KEPT_MS);
    const merged = mergedRemovals(recent, at - windowMs, windowMs / 3);
    if (merged.length > 0) result[endpoint] = merged;
  }
  return result;
}

/** What the refused plan would have taken of the endpoint was not taken. */
export function withoutRefusedRemoval(
  state: Pick<CellState, 'capacityRemoved' | 'fleet' | 'cell' | 'goal'>,
  { name, generation }: EndpointRefused,
): CellState['capacityRemoved'] {
  const { capacityRemoved, goal } = state;
  const endpoint = endpointOf(state, name);
  if (endpoint === undefined || goal?.generation !== generation) return capacityRemoved;
  const { [endpoint]: own = [], ...others } = capacityRemoved;
  const left = own.filter(({ at }) => at !== goal.at);
  return left.length === 0 ? others : { ...others, [endpoint]: left };
}

/** An endpoint's name in relative form; undefined where it is not in the declared zone. */
export function endpointOf(
  { fleet, cell }: Pick<CellState, 'fleet' | 'cell'>,
  name: DnsName,
): string | undefined {
  if (fleet === null || !isWithin(name, fleet.zone)) return undefined;
  return endpointLabels(name, { cell, zone: fleet.zone, zoneId: fleet.zoneId });
}

/** The removals, oldest first, those up to `expired` as one and those since as one for each `spanMs`. */
function mergedRemovals(
  removals: readonly CapacityRemoval[],
  expired: number,
  spanMs: number,
): readonly CapacityRemoval[] {
  const span = ({ at }: CapacityRemoval): number => (at <= expired ? -1 : Math.floor(at / spanMs));
  const merged: CapacityRemoval[] = [];
  for (const removal of removals) {
    const last = merged.at(-1);
    const isSame = last !== undefined && span(last) === span(removal);
    if (isSame) merged.pop();
    merged.push(isSame ? together(last, removal) : removal);
  }
  const [first, second, ...rest] = merged;
  return merged.length > ENDPOINT_REMOVALS_MAX && first !== undefined && second !== undefined
    ? [together(first, second), ...rest]
    : merged;
}

function together(earlier: CapacityRemoval, later: CapacityRemoval): CapacityRemoval {
  return { at: later.at, permille: Math.min(REMOVAL_PERMILLE_MAX, earlier.permille + later.permille) };
}
