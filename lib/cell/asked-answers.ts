import type { KeptBack, RefusedEndpoint } from '../ledger/decider/state.ts';
import type { Answers, AskedAnswers, Disbelief, WaitingFinding } from '../plan/choose-answers.ts';
import { answerDigest } from '../plan/choose-answers.ts';
import type { DesiredEndpoint, DesiredInput } from '../plan/desired.ts';
import { absence, desiredEndpoints } from '../plan/desired.ts';
import type { Finding } from '../plan/findings.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import { observedLoss } from '../plan/lint-change.ts';
import { contentOf } from '../plan/make-plan.ts';
import type { DnsName } from '../plan/names.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import type { CellKnowledge } from './cell-knowledge.ts';

/** The first wait after a refusal, and the longest, milliseconds. */
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;

/** Endpoints by name. */
export function answersOf(endpoints: readonly DesiredEndpoint[]): Answers {
  return new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
}

/**
 * As the endpoints answer until there is another plan: as the goal says. An endpoint of the goal that Route 53 refused
 * answers as the applied plan says, because its records were left as they were.
 */
export function standingAnswers({ desired, applied, head: { state } }: CellKnowledge): Answers {
  const standing = new Map(answersOf(desired.base === undefined ? [] : contentOf(desired.base)));
  for (const { name, generation } of state.refused) {
    if (generation !== state.goal?.generation) continue;
    const before = applied === undefined ? undefined : plannedEndpoint(applied, name);
    if (before === undefined) standing.delete(name);
    else standing.set(name, before);
  }
  return standing;
}

/** What fleet, observations and orders ask, by the declared fleet and by the one that each endpoint was planned by. */
export function askedAnswers(known: CellKnowledge, standing: Answers): AskedAnswers {
  return {
    asked: answersOf(desiredEndpoints(known.desired)),
    accepted: acceptedAnswers(known, known.desired, standing),
  };
}

function acceptedAnswers(known: CellKnowledge, desired: DesiredInput, standing: Answers): Answers {
  const { head, accepted } = known;
  const kept = new Map(head.state.keptBack.map((entry) => [entry.name, entry]));
  const byFleet = new Map<CellFleet, Answers>();
  const result = new Map<DnsName, DesiredEndpoint>();
  for (const [name, before] of standing) {
    const entry = kept.get(name);
    const digest = entry === undefined ? head.state.goal?.fleet : (entry.fleet ?? undefined);
    const fleet = digest === undefined ? undefined : accepted.get(digest);
    if (fleet !== undefined && !byFleet.has(fleet))
      byFleet.set(fleet, answersOf(desiredEndpoints({ ...desired, fleet })));
    const answer = fleet === undefined ? undefined : byFleet.get(fleet)?.get(name);
    result.set(name, answer ?? withoutAbsent(before, desired));
  }
  return result;
}

/** An answer without the targets that were observed or ordered away: what is known without knowing its fleet. */
function withoutAbsent(standing: DesiredEndpoint, desired: DesiredInput): DesiredEndpoint {
  const targets = new Map(desired.fleet.targets.map((target) => [target.id, target]));
  const leaves = standing.leaves.filter(({ target: id }) => {
    const target = targets.get(id);
    return target === undefined || absence(target, standing, desired) === undefined;
  });
  return { ...standing, leaves };
}

/**
 * Which endpoints' observations are not believed. When the observer is presumed blind it is every endpoint that would
 * lose a target by observation. One that waited for that reason goes on waiting until a person lets it go, or something
 * else waits.
 */
export function disbeliefOf(known: CellKnowledge, asked: Answers, standing: Answers): Disbelief {
  const { desired, head } = known;
  const { base } = desired;
  const none: Disbelief = { asked: new Map(), accepted: new Map(), findings: new Map() };
  if (base === undefined) return none;
  const { gone, blindness } = observedLoss(desired, base, knownLosses(head.state.keptBack));
  if (gone.size === 0) return none;
  const doubted = { ...desired, observations: withoutLoss(desired, gone) };
  const doubtedAsked = answersOf(desiredEndpoints(doubted));
  const findings = new Map<DnsName, WaitingFinding>();
  const waiting = waitingFor(head.state.keptBack, 'observer-blind');
  for (const [name, answer] of asked) {
    const reason = blindness ?? stillWaiting(waiting.get(name), name, answer);
    const believed = doubtedAsked.get(name);
    if (
      reason !== undefined &&
      believed !== undefined &&
      answerDigest(name, believed) !== answerDigest(name, answer)
    )
      findings.set(name, reason);
  }
  return { asked: doubtedAsked, accepted: acceptedAnswers(known, doubted, standing), findings };
}

/** Endpoints of which it is known that their targets went, because something else than disbelief keeps them. */
function knownLosses(keptBack: readonly KeptBack[]): ReadonlySet<DnsName> {
  const known = keptBack.filter(
    ({ findings }) => findings.length > 0 && !findings.some(({ code }) => code === 'observer-blind'),
  );
  return new Set(known.map(({ name }) => name));
}

/** The observations as if the targets served as they do now. */
function withoutLoss({ observations, base }: DesiredInput, gone: ReadonlySet<string>): Observations {
  const result: Record<string, Observations[string]> = { ...observations };
  for (const leaf of base?.endpoints.flatMap(({ leaves }) => leaves) ?? []) {
    if (gone.has(leaf.target)) result[leaf.target] = { health: 'unknown', capacity: leaf.capacity };
  }
  return result;
}

/** What waits for a reason that is about the cell, by endpoint. */
export function waitingFor(
  keptBack: readonly KeptBack[],
  code: Finding['code'],
): ReadonlyMap<DnsName, { readonly digest: string; readonly finding: WaitingFinding }> {
  const entries = keptBack.flatMap(({ name, digest, findings }) => {
    const finding = findings.find((each) => each.code === code);
    return finding === undefined ? [] : [[name, { digest, finding: finding as WaitingFinding }] as const];
  });
  return new Map(entries);
}

function stillWaiting(
  waiting: { readonly digest: string; readonly finding: WaitingFinding } | undefined,
  name: DnsName,
  answer: DesiredEndpoint,
): WaitingFinding | undefined {
  return waiting?.digest === answerDigest(name, answer) ? waiting.finding : undefined;
}

/**
 * When a refused endpoint is tried again, milliseconds since 1970: after a wait that doubles with every refusal, from a
 * minute to an hour; at once when a person asks, or the fleet is another one since.
 */
export function retryAt(
  { at, attempts, asked, fleet }: RefusedEndpoint,
  declared: { readonly digest: string } | null,
): number {
  if (asked || fleet !== (declared?.digest ?? null)) return 0;
  return at + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10));
}

/** The refused endpoints that are not to be tried again yet, each with its finding. */
export function refusedNow({ head: { state } }: CellKnowledge, now: number): ReadonlyMap<DnsName, Finding> {
  return refusalsOf(
    state.refused.filter((entry) => entry.trying === null && retryAt(entry, state.fleet) > now),
  );
}

/** The endpoints of which the goal's own records were refused, each with its finding. */
export function refusedOfGoal({ head: { state } }: CellKnowledge): ReadonlyMap<DnsName, Finding> {
  return refusalsOf(
    state.refused.filter(
      ({ trying, generation }) => trying === null && generation === state.goal?.generation,
    ),
  );
}

function refusalsOf(refused: readonly RefusedEndpoint[]): ReadonlyMap<DnsName, Finding> {
  return new Map(
    refused.map(({ name, step, reason, attempts }) => [
      name,
      { code: 'refused-by-route53', severity: 'fatal', subject: name, step, words: reason, attempts },
    ]),
  );
}
