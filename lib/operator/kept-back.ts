import { answersOf } from '../cell/accepted-answers.ts';
import { standingAnswers } from '../cell/asked-answers.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowCell } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import type { Circumstances } from '../cell/proposal.ts';
import { choose, chooseForPerson } from '../cell/proposal.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import type { KeptBack } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { AnswerOrNone, WaitingEndpoint } from '../plan/choose-answers.ts';
import { isFatal } from '../plan/choose-answers.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { shortDigest } from '../plan/plan.ts';
import type { PersonsPlan } from './append-plan.ts';
import { appendPlan, draftOf } from './append-plan.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

/** What a person decides about what is kept back. */
export type KeptBackDecision = 'approve' | 'reject';

export interface KeptBackRequest {
  readonly cell: CellName;
  /** Endpoints that are kept back; empty for every one that the decision can be about. */
  readonly endpoints: readonly DnsName[];
  /** {@link KeptBackShown.digest} of what was shown: anything else is refused. */
  readonly digest: string;
}

/** An endpoint that is kept back, with what waits for it. */
export interface KeptBackShown extends WaitingEndpoint {
  /** Milliseconds since 1970; null where the log does not hold it. */
  readonly since: number | null;
  /** Who declined what waits. */
  readonly rejected: NonNullable<KeptBack['rejected']> | null;
  /** As it answers until there is another plan. */
  readonly before: AnswerOrNone;
  /** As it would answer. */
  readonly after: AnswerOrNone;
}

/** What waits in a cell, as a person is shown it. */
export interface KeptBackLook {
  /** In order of name. */
  readonly waiting: readonly KeptBackShown[];
  /** Those that the decision would be about. */
  readonly meant: readonly KeptBackShown[];
  /** Of what the decision would be about: an endpoint's own digest, or one over several. */
  readonly digest: string;
}

/**
 * Shows what waits, and writes nothing. Without names the decision is about every endpoint that nobody has declined
 * yet, and an approval only about those that it can let go.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function lookAtKeptBack(
  deps: OperatorDeps,
  request: Omit<KeptBackRequest, 'digest'> & { readonly decision: KeptBackDecision },
): Promise<Outcome<KeptBackLook>> {
  const { cell } = request;
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  const known = await knowCell(deps.ledger, await deps.ledger.head(cell), deps.clock.now());
  if (known === undefined) return noFleet(cell);
  const look = lookOf(known, request, { claimed, now: deps.clock.now() });
  return 'type' in look ? look : { type: 'done', ...look };
}

function lookOf(
  known: CellKnowledge,
  { cell, endpoints, decision }: Omit<KeptBackRequest, 'digest'> & { readonly decision: KeptBackDecision },
  circumstances: Circumstances,
): KeptBackLook | NotDone {
  const all = keptBackShown(known, circumstances);
  const missing = endpoints.find((name) => !all.some((each) => each.name === name));
  if (missing !== undefined) {
    return refused(
      `Nothing waits for ${missing} in cell ${cell}: it answers what is asked of it. "pawl status" says what waits.`,
    );
  }
  const isMeant = (each: KeptBackShown): boolean =>
    endpoints.length > 0 || (each.rejected === null && (decision === 'reject' || !isFatal(each)));
  const waiting = endpoints.length === 0 ? all : all.filter(({ name }) => endpoints.includes(name));
  const meant = waiting.filter(isMeant);
  return { waiting, meant, digest: shownDigest(meant) };
}

/** Every endpoint of a cell that is kept back, in order of name. Pure. */
export function keptBackShown(known: CellKnowledge, circumstances: Circumstances): readonly KeptBackShown[] {
  const recorded = new Map(known.head.state.keptBack.map((entry) => [entry.name, entry]));
  const standing = standingAnswers(known);
  const asked = answersOf(desiredEndpoints(known.desired));
  return choose(known, circumstances).keptBack.map((waiting) => {
    const { name, digest } = waiting;
    const entry = recorded.get(name);
    return {
      ...waiting,
      since: entry?.since ?? null,
      rejected: (entry?.digest === digest ? entry.rejected : undefined) ?? null,
      before: standing.get(name),
      after: asked.get(name),
    };
  });
}

/** The digest by which a person decides about exactly what they have seen. */
function shownDigest(endpoints: readonly Pick<WaitingEndpoint, 'name' | 'digest'>[]): string {
  const [only, ...others] = endpoints;
  if (only !== undefined && others.length === 0) return only.digest;
  return shortDigest(sha256(canonicalJson(endpoints.map(({ name, digest }) => `${name} ${digest}`).sort())));
}

/** The endpoints that the decision is about, if they are what was shown. */
function meantAsShown(
  known: CellKnowledge,
  request: KeptBackRequest & { readonly decision: KeptBackDecision },
  circumstances: Circumstances,
): { readonly meant: readonly KeptBackShown[] } | NotDone {
  const look = lookOf(known, request, circumstances);
  if ('type' in look) return look;
  const { cell, endpoints, decision } = request;
  if (look.meant.length === 0) return refused(`Nothing of cell ${cell} waits for a person.`);
  if (request.digest.toLowerCase() !== look.digest) {
    return refused(
      `What waits for ${endpoints.length === 0 ? `cell ${cell}` : endpoints.join(', ')} is not what the digest ${request.digest.slice(0, 64)} stands for: look at it again with "pawl plan ${decision} ${[cell, ...endpoints].join(' ')} --dry-run".`,
    );
  }
  return { meant: look.meant };
}

export interface KeptBackApproval extends PersonsPlan {
  /** What was let go. */
  readonly letGo: readonly KeptBackShown[];
}

/**
 * Lets go what is kept back of some endpoints: appends at once a plan in which exactly these answer what was shown, and
 * nothing else changes. The planner goes on. Refused when anything else waits by now, when an approval cannot help (a
 * fatal finding), and while a plan of a person's waits as a whole, because the newest plan alone can be approved.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function approveKeptBack(
  deps: OperatorDeps,
  request: KeptBackRequest,
): Promise<Outcome<KeptBackApproval>> {
  const { cell } = request;
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  const seen: { letGo: readonly KeptBackShown[] } = { letGo: [] };
  const outcome = await appendPlan(deps, { cell, apply: true }, async (head) => {
    const known = await knowCell(deps.ledger, head, deps.clock.now());
    if (known === undefined) return noFleet(cell);
    const circumstances = { claimed, now: deps.clock.now() };
    const waiting = meantAsShown(known, { ...request, decision: 'approve' }, circumstances);
    if ('type' in waiting) return waiting;
    seen.letGo = waiting.meant;
    return draftOfApproval(known, waiting.meant, circumstances);
  });
  return outcome.type === 'done' ? { ...outcome, letGo: seen.letGo } : outcome;
}

function draftOfApproval(
  known: CellKnowledge,
  meant: readonly KeptBackShown[],
  circumstances: Circumstances,
): PersonsPlan | NotDone {
  const { cell, state } = known.head;
  const { newest } = state;
  if (newest?.disposition === 'held' && newest.origin === 'operator') {
    const plan = `${cell}@${newest.generation}`;
    return refused(
      `The plan ${plan} waits as a whole: approve or reject it first ("pawl plan show ${plan}").`,
    );
  }
  const fatal = meant.find(isFatal);
  if (fatal !== undefined) {
    const finding = fatal.findings.find(({ severity }) => severity === 'fatal');
    const why = finding === undefined ? '' : ` ${recordedSentence(finding)}`;
    return refused(`No approval lets ${fatal.name} go.${why}`);
  }
  const names = new Set(meant.map(({ name }) => name));
  const asked = new Map(standingAnswers(known));
  for (const { name, after } of meant) {
    if (after === undefined) asked.delete(name);
    else asked.set(name, after);
  }
  const choice = chooseForPerson(known, { asked, approved: names }, circumstances);
  const [against] = choice.keptBack.flatMap(({ findings }) => findings);
  if (against !== undefined) return refused(recordedSentence(against));
  const keptBack = choose(known, circumstances).keptBack.filter(({ name }) => !names.has(name));
  return draftOf(known, { choice: { ...choice, keptBack }, origin: 'approval' });
}

export interface KeptBackRejection {
  /** What was declined. */
  readonly rejected: readonly KeptBackShown[];
  /** False when it was declined already. */
  readonly changed: boolean;
}

/**
 * Declines what is kept back of some endpoints, as it was shown: they go on answering as they do, and nobody is asked
 * again until something else waits.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function rejectKeptBack(
  deps: OperatorDeps,
  request: KeptBackRequest & { readonly reason: string },
): Promise<Outcome<KeptBackRejection>> {
  const { cell, reason } = request;
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  const seen: { meant: readonly KeptBackShown[] | NotDone } = {
    meant: refused(`Nothing was read of cell ${cell}.`),
  };
  const look = async (head: Head): Promise<CellKnowledge | undefined> => {
    const known = canRecord(head.state, 'KeptBackRejected')
      ? await knowCell(deps.ledger, head, deps.clock.now())
      : undefined;
    if (known === undefined) {
      seen.meant = notRecordable(head);
      return undefined;
    }
    const circumstances = { claimed, now: deps.clock.now() };
    const waiting = meantAsShown(known, { ...request, decision: 'reject' }, circumstances);
    seen.meant = 'type' in waiting ? waiting : waiting.meant;
    return 'type' in waiting ? undefined : known;
  };
  // What is declined must be in the log, and the planner may not have recorded it yet.
  const kept = await recordEvent(deps, cell, async (head) => {
    const known = await look(head);
    if (known === undefined) return undefined;
    return { type: 'KeepBack', endpoints: choose(known, { claimed, now: deps.clock.now() }).keptBack };
  });
  if (kept.type === 'refused' || kept.type === 'unknown') return kept;
  const outcome = await recordEvent(deps, cell, async (head) => {
    const known = await look(head);
    const { meant } = seen;
    if (known === undefined || 'type' in meant) return undefined;
    return {
      type: 'RejectKeptBack',
      endpoints: meant.map(({ name, digest }) => ({ name, digest })),
      reason,
    };
  });
  if ('type' in seen.meant) return seen.meant;
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', rejected: seen.meant, changed: outcome.type === 'appended' };
}

function notRecordable({ cell, state }: Head): NotDone {
  if (state.fleet === null) return noFleet(cell);
  return refused(
    `Cell ${cell} is written in format ${state.format}, which cannot hold what a person declines: "pawl upgrade ${cell}" first.`,
  );
}
