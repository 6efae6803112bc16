import { answersOf, standingAnswers } from '../cell/asked-answers.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowCell } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import { choose, chooseForPerson } from '../cell/proposal.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import type { Head } from '../ledger/ledger.ts';
import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { WaitingEndpoint } from '../plan/choose-answers.ts';
import { isFatal } from '../plan/choose-answers.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import type { Generation } from '../plan/generation.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { SHORT_DIGEST_LENGTH, shortDigest } from '../plan/plan.ts';
import type { PersonsPlan } from './append-plan.ts';
import { appendPlan, draftOf } from './append-plan.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface ApproveRequest {
  readonly cell: CellName;
  readonly generation: Generation;
  /** The plan's digest, or at least its first 12 digits: it says that this person looked at this very plan. */
  readonly digest: string;
}

export interface Approval {
  readonly generation: Generation;
  /** The whole digest. */
  readonly digest: string;
  /** False when the plan was approved already. */
  readonly changed: boolean;
}

const DIGEST = /^[0-9a-f]{12,64}$/;

/**
 * Approves the newest plan of a cell, named by its generation and its digest; any other is refused, because a newer one
 * says something that this person has not seen. Only a plan that a person proposed waits as a whole.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function approvePlan(
  deps: OperatorDeps,
  { cell, generation, digest }: ApproveRequest,
): Promise<Outcome<Approval>> {
  const given = digest.toLowerCase();
  if (!DIGEST.test(given)) return refused(notADigest(digest, `"pawl plan show ${cell}"`));
  let whole = given;
  const outcome = await recordEvent(deps, cell, ({ state: { newest } }) => {
    // // A digest that does not match stays as it was given; the refusal then names the newest plan.
    whole = newest?.digest.startsWith(given) === true ? newest.digest : given;
    return { type: 'ApprovePlan', generation, digest: whole };
  });
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', generation, digest: whole, changed: outcome.type === 'appended' };
}

function notADigest(digest: string, source: string): string {
  return `"${digest.slice(0, 80)}" is not a digest: give ${SHORT_DIGEST_LENGTH} to 64 hexadecimal digits, as ${source} prints them.`;
}

/**
 * The digest of what is shown of some endpoints that are kept back: an endpoint's own, or one over several. A person
 * approves or rejects by it exactly what they have seen. Pure.
 */
export function shownDigest(endpoints: readonly Pick<WaitingEndpoint, 'name' | 'digest'>[]): string {
  const [only, ...others] = endpoints;
  if (only !== undefined && others.length === 0) return only.digest;
  const texts = endpoints.map(({ name, digest }) => `${name} ${digest}`).sort();
  return shortDigest(sha256(canonicalJson(texts)));
}

export interface KeptBackRequest {
  readonly cell: CellName;
  /** Endpoints that are kept back; empty for all of them that a person can let go. */
  readonly endpoints: readonly DnsName[];
  /** {@link shownDigest} of what was shown. Absent: only show. */
  readonly digest: string | undefined;
}

export interface KeptBackApproval extends PersonsPlan {
  readonly appended: boolean;
  /** What was let go. */
  readonly let: readonly WaitingEndpoint[];
  /** {@link shownDigest} of it. */
  readonly shown: string;
}

/**
 * Lets go what is kept back of some endpoints: appends at once a plan in which exactly these answer what was shown, and
 * nothing else changes. The planner goes on. Refused when anything else waits by now, or when an approval cannot help
 * (a fatal finding). Without a digest it only shows.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function approveKeptBack(
  deps: OperatorDeps,
  request: KeptBackRequest,
): Promise<Outcome<KeptBackApproval>> {
  const { cell, digest } = request;
  if (digest !== undefined && !DIGEST.test(digest.toLowerCase()))
    return refused(notADigest(digest, '"pawl status"'));
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  const seen: { waiting: readonly WaitingEndpoint[] } = { waiting: [] };
  const outcome = await appendPlan(deps, { cell, apply: digest !== undefined }, async (head) => {
    const known = await knowCell(deps.ledger, head);
    if (known === undefined) return noFleet(cell);
    const waiting = waitingOf(known, request, claimed, deps.clock.now());
    if ('type' in waiting) return waiting;
    seen.waiting = waiting.endpoints;
    return draftOfApproval(known, waiting.endpoints, claimed, deps.clock.now());
  });
  if (outcome.type !== 'done') return outcome;
  return { ...outcome, let: seen.waiting, shown: shownDigest(seen.waiting) };
}

/** What waits of the endpoints that are asked for, if it is what was shown. Pure. */
export function waitingOf(
  known: CellKnowledge,
  { cell, endpoints, digest }: KeptBackRequest,
  claimed: ReadonlyMap<DnsName, CellName>,
  now: number,
): { readonly endpoints: readonly WaitingEndpoint[] } | NotDone {
  const { keptBack } = choose(known, { claimed, now });
  const missing = endpoints.find((name) => !keptBack.some((each) => each.name === name));
  if (missing !== undefined) {
    return refused(
      `Nothing waits for ${missing} in cell ${cell}: it answers what is asked of it. "pawl status" says what waits.`,
    );
  }
  const waiting =
    endpoints.length === 0
      ? keptBack.filter((each) => !isFatal(each))
      : keptBack.filter(({ name }) => endpoints.includes(name));
  if (waiting.length === 0) return refused(`Nothing of cell ${cell} waits for an approval.`);
  const shown = shownDigest(waiting);
  if (digest !== undefined && !digest.toLowerCase().startsWith(shown)) {
    return refused(
      `What waits for ${endpoints.length === 0 ? `cell ${cell}` : endpoints.join(', ')} is not what this digest stands for: it is ${shown} now. Look at it again with "pawl plan approve ${[cell, ...endpoints].join(' ')}".`,
    );
  }
  return { endpoints: waiting };
}

function draftOfApproval(
  known: CellKnowledge,
  waiting: readonly WaitingEndpoint[],
  claimed: ReadonlyMap<DnsName, CellName>,
  now: number,
): PersonsPlan | NotDone {
  const fatal = waiting.find(isFatal);
  if (fatal !== undefined) {
    const finding = fatal.findings.find(({ severity }) => severity === 'fatal');
    const why = finding === undefined ? '' : ` ${recordedSentence(finding)}`;
    return refused(`No approval lets ${fatal.name} go.${why}`);
  }
  const circumstances = { claimed, now };
  const names = new Set(waiting.map(({ name }) => name));
  const wanted = answersOf(desiredEndpoints(known.desired));
  const asked = new Map(standingAnswers(known));
  for (const name of names) {
    const answer = wanted.get(name);
    if (answer === undefined) asked.delete(name);
    else asked.set(name, answer);
  }
  const choice = chooseForPerson(known, { asked, approved: names }, circumstances);
  const [against] = choice.keptBack.flatMap(({ findings }) => findings);
  if (against !== undefined) return refused(recordedSentence(against));
  const keptBack = choose(known, circumstances).keptBack.filter(({ name }) => !names.has(name));
  return draftOf(known, { choice: { ...choice, keptBack }, origin: 'approval' });
}

export interface KeptBackRejection {
  readonly rejected: readonly WaitingEndpoint[];
  readonly shown: string;
  /** False when it only was shown, or was rejected already. */
  readonly changed: boolean;
}

/**
 * Declines what is kept back of some endpoints, as it was shown: they go on answering as they do, and nobody is asked
 * again until something else waits. Without a digest it only shows.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function rejectKeptBack(
  deps: OperatorDeps,
  request: KeptBackRequest & { readonly reason: string },
): Promise<Outcome<KeptBackRejection>> {
  const { cell, digest, reason } = request;
  if (digest !== undefined && !DIGEST.test(digest.toLowerCase()))
    return refused(notADigest(digest, '"pawl status"'));
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  const look = async (head: Head) => {
    const known = await knowCell(deps.ledger, head);
    return known === undefined ? noFleet(cell) : waitingOf(known, request, claimed, deps.clock.now());
  };
  if (digest === undefined) {
    const waiting = await look(await deps.ledger.head(cell));
    if ('type' in waiting) return waiting;
    const { endpoints } = waiting;
    return { type: 'done', rejected: endpoints, shown: shownDigest(endpoints), changed: false };
  }
  const seen: { last: Awaited<ReturnType<typeof look>> } = {
    last: refused(`Nothing was read of cell ${cell}.`),
  };
  const outcome = await recordEvent(deps, cell, async (head) => {
    const waiting = await look(head);
    seen.last = waiting;
    if ('type' in waiting) return undefined;
    const endpoints = waiting.endpoints.map((each) => ({ name: each.name, digest: each.digest }));
    return { type: 'RejectKeptBack', endpoints, reason };
  });
  const { last } = seen;
  if ('type' in last) return last;
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  const { endpoints } = last;
  const changed = outcome.type === 'appended';
  return { type: 'done', rejected: endpoints, shown: shownDigest(endpoints), changed };
}
