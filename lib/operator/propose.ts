import { answersOf } from '../cell/accepted-answers.ts';
import { planOf } from '../cell/cell-bodies.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowCell } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import type { Circumstances } from '../cell/proposal.ts';
import { chooseForPerson } from '../cell/proposal.ts';
import { hasRoutes } from '../ledger/decider/formats.ts';
import type { RecordedFinding } from '../ledger/decider/recorded-finding.ts';
import { recordedSentence } from '../ledger/decider/recorded-finding.ts';
import type { Head } from '../ledger/ledger.ts';
import { canonicalJson } from '../plan/canonical.ts';
import { contentOf, sameContent } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import type { PersonsPlan } from './append-plan.ts';
import { appendPlan, draftOf } from './append-plan.ts';
import { withCapacitiesOf } from './known-capacities.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';

export interface ProposeRequest {
  readonly cell: CellName;
  /**
   * An edited plan: only what its endpoints answer counts. Its generation, parent and tree names are computed anew, and its
   * capacities are those that the log knows.
   */
  readonly plan: Plan;
  /** False: show the change, and append nothing. */
  readonly apply: boolean;
  /** The digest of the change that was shown: anything else is refused. */
  readonly expected?: string | undefined;
}

/**
 * Proposes a plan that a person edited. An endpoint whose content is the goal's keeps its tree; any other content gets
 * a tree of its own under the new generation, whatever the file calls it: an edit never alters a tree that stands. A
 * plan with held findings waits for an approval. The proposal pauses the planner, which would otherwise put its own
 * plan in its place.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function proposePlan(
  deps: OperatorDeps,
  { cell, plan, apply, expected }: ProposeRequest,
): Promise<Outcome<PersonsPlan & { readonly appended: boolean }>> {
  if (plan.cell !== cell) return refused(`This is a plan of cell ${plan.cell}, not of ${cell}.`);
  const claimed = await claimedNames(deps.ledger, new Set([cell]));
  return appendPlan(deps, { cell, apply, expected }, (head) => draft(deps, head, plan, claimed));
}

async function draft(
  deps: OperatorDeps,
  head: Head,
  plan: Plan,
  claimed: ReadonlyMap<DnsName, CellName>,
): Promise<PersonsPlan | NotDone> {
  const { cell } = head;
  const known = await knowCell(deps.ledger, head, deps.clock.now());
  if (known === undefined) return noFleet(cell);
  const { scope } = known;
  if (plan.zone !== scope.zone || plan.zoneId !== scope.zoneId) {
    return refused(
      `This plan is of the zone ${plan.zone} (${plan.zoneId}); cell ${cell} lives in ${scope.zone} (${scope.zoneId}).`,
    );
  }
  if (plan.format > 1 && !hasRoutes(head.state)) {
    return refused(
      `This plan has endpoints with nodes, and cell ${cell} is written in format ${head.state.format}, which cannot hold them: "pawl upgrade ${cell}" first.`,
    );
  }
  // A file that was rebuilt from a zone has weights in the place of capacities, and no guard counts in them.
  const endpoints = withCapacitiesOf(known, contentOf(plan));
  const standing = await standingPlan(deps, head);
  if (standing !== undefined && sameContent(contentOf(standing), endpoints)) {
    return refused(
      `The plan says what ${cell}@${standing.generation} says already: there is nothing to propose. (Weights count, capacities do not.)`,
    );
  }
  return judged(known, endpoints, { claimed, now: deps.clock.now() });
}

/**
 * The plan as the file says, whole: what nobody can approve refuses it, and what a person has to see first holds it. The
 * file is its only copy, so nothing of it is left to wait in the log.
 */
function judged(
  known: CellKnowledge,
  endpoints: readonly DesiredEndpoint[],
  circumstances: Circumstances,
): PersonsPlan | NotDone {
  const asked = answersOf(endpoints);
  const judgement = chooseForPerson(known, { asked, approved: new Set() }, circumstances);
  const against = judgement.keptBack.flatMap(({ findings }) => findings);
  const fatal = against.find(({ severity }) => severity === 'fatal');
  if (fatal !== undefined) return refused(recordedSentence(fatal));
  const names = new Set([...asked.keys(), ...judgement.keptBack.map(({ name }) => name)]);
  const choice = chooseForPerson(known, { asked, approved: names }, circumstances);
  const held = once(against);
  const isHeld = (note: RecordedFinding): boolean =>
    held.some((finding) => canonicalJson({ ...finding, severity: 'note' }) === canonicalJson(note));
  const notes = choice.notes.filter((note) => !isHeld({ ...note, severity: 'note' }));
  return draftOf(known, { choice: { ...choice, notes }, origin: 'operator', held });
}

/** A finding about the cell stands at every endpoint that it keeps back. */
function once<Recorded extends RecordedFinding>(findings: readonly Recorded[]): readonly Recorded[] {
  return [...new Map(findings.map((finding) => [canonicalJson(finding), finding])).values()];
}

/** The newest plan, unless it was rejected: then the goal. */
function standingPlan(deps: OperatorDeps, { cell, state }: Head): Promise<Plan | undefined> {
  return planOf(deps.ledger, cell, state.newest?.disposition === 'rejected' ? state.goal : state.newest);
}
