import { answersOf } from '../cell/accepted-answers.ts';
import { planOf } from '../cell/cell-bodies.ts';
import { knowCell } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import type { Circumstances } from '../cell/proposal.ts';
import { chooseForPerson, isAtGoal } from '../cell/proposal.ts';
import type { BodyDigest } from '../ledger/decider/events.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import type { Head } from '../ledger/ledger.ts';
import { newestPages } from '../ledger/newest-events.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { Generation } from '../plan/generation.ts';
import { generation } from '../plan/generation.ts';
import { contentOf, sameContent } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { PersonsPlan } from './append-plan.ts';
import { appendPlan, draftOf } from './append-plan.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';

export interface RollbackRequest {
  readonly cell: CellName;
  /** The applied generation whose content shall come back; by default the newest that differs from the goal. */
  readonly to?: Generation | undefined;
  /** False: show the change, and append nothing. */
  readonly apply: boolean;
  /** The digest of the change that was shown: anything else is refused. */
  readonly expected?: string | undefined;
}

export interface Rollback extends PersonsPlan {
  readonly appended: boolean;
  /** The generation whose content the plan has. */
  readonly to: Generation;
}

/** Events a page and pages that are searched for a generation that the state no longer remembers: 100,000 events. */
const PAGE_EVENTS = 1_000;
const PAGES_MAX = 100;

/**
 * Rolls back by going forward: appends a new generation with the content of one that was applied, and pauses the
 * planner in the same event. Trees that still stand serve again; retired ones are made anew, because a retired name is
 * never used again. Findings that would hold a change become notes, because a person asked for this one. An endpoint that
 * cannot go back stays as it is (`keptBack`), and the others go.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function rollback(
  deps: OperatorDeps,
  { cell, to, apply, expected }: RollbackRequest,
): Promise<Outcome<Rollback>> {
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  let chosen = 0;
  const outcome = await appendPlan(deps, { cell, apply, expected }, async (head) => {
    const earlier = await earlierPlan(deps, head, to);
    if ('type' in earlier) return earlier;
    chosen = earlier.generation;
    const taken = await takenSince(deps, head, earlier.generation);
    return draft(deps, head, earlier, { claimed, taken });
  });
  return outcome.type === 'done' ? { ...outcome, to: generation(chosen) } : outcome;
}

async function draft(
  deps: OperatorDeps,
  head: Head,
  earlier: Plan,
  others: Pick<Circumstances, 'claimed' | 'taken'>,
): Promise<PersonsPlan | NotDone> {
  const known = await knowCell(deps.ledger, head, deps.clock.now());
  if (known === undefined) return noFleet(head.cell);
  const { base } = known.desired;
  const endpoints = contentOf(earlier);
  if (base !== undefined && sameContent(contentOf(base), endpoints)) {
    return refused(
      `${head.cell}@${earlier.generation} has the same content as the goal, ${head.cell}@${base.generation}: there is nothing to roll back.`,
    );
  }
  const asked = answersOf(endpoints);
  const approved = new Set([...asked.keys(), ...(base?.endpoints.map(({ name }) => name) ?? [])]);
  const circumstances = { ...others, now: deps.clock.now() };
  const choice = chooseForPerson(known, { asked, approved, others: [earlier] }, circumstances);
  if (isAtGoal(known, choice.endpoints)) {
    const against = choice.keptBack.flatMap(({ findings }) => findings)[0];
    if (against !== undefined) return refused(recordedSentence(against));
  }
  return draftOf(known, { choice, origin: 'rollback', others: [earlier] });
}

/**
 * The names that the cell has taken over since the plan of a generation was appended, each with the cell that gave it. A
 * plan from before does not have them, and was right then: somebody else answered.
 */
async function takenSince(
  { ledger }: OperatorDeps,
  head: Head,
  generation: Generation,
): Promise<ReadonlyMap<DnsName, CellName>> {
  const taken = new Map<DnsName, CellName>();
  for await (const page of newestPages(ledger, head)) {
    for (const { event } of page.toReversed()) {
      if (event.type === 'PlanAppended' && event.generation === generation) return taken;
      if (event.type === 'EndpointsTaken') for (const name of event.names) taken.set(name, event.from);
    }
  }
  return taken;
}

/** The plan to go back to, under the generation that it was applied as. */
async function earlierPlan(
  deps: OperatorDeps,
  head: Head,
  to: Generation | undefined,
): Promise<Plan | NotDone> {
  const { cell, state } = head;
  if (to === undefined) return newestOther(deps, head);
  const remembered = state.history.find(({ generation }) => generation === to);
  const digest = remembered?.digest ?? (await appliedDigest(deps, cell, to));
  if (digest === undefined) {
    return refused(
      `${cell}@${to} was never applied${state.history.length === 0 ? '' : ', or too long ago'}: "pawl history --cell ${cell} --type PlanApplied" shows which were.`,
    );
  }
  return getPlan(deps.ledger, cell, digest);
}

async function newestOther(deps: OperatorDeps, { cell, state }: Head): Promise<Plan | NotDone> {
  const goal = await planOf(deps.ledger, cell, state.goal);
  for (const { digest } of state.history) {
    const plan = await getPlan(deps.ledger, cell, digest);
    if (goal === undefined || !sameContent(contentOf(plan), contentOf(goal))) return plan;
  }
  return refused(
    `Cell ${cell} has applied nothing that differs from its goal: there is nothing to roll back to.`,
  );
}

async function appliedDigest(
  { ledger }: OperatorDeps,
  cell: CellName,
  generation: Generation,
): Promise<BodyDigest | undefined> {
  let after = 0;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const events = await ledger.events(cell, { after, limit: PAGE_EVENTS, order: 'forward' });
    for (const { event, number } of events) {
      if (event.type === 'PlanApplied' && event.generation === generation) return event.digest;
      after = number;
    }
    if (events.length < PAGE_EVENTS) return undefined;
  }
  return undefined;
}
