import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import type { ProposalRequest, ProposedPlan } from '../cell/proposal.ts';
import { commandToAppend, propose } from '../cell/proposal.ts';
import type { PlanOrigin } from '../ledger/decider/events.ts';
import { executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { putPlan } from '../ledger/plan-bodies.ts';
import type { HeadMark } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';

/** A plan of a person's, as it would be appended. */
export interface PersonsPlan extends ProposedPlan {
  /** The approved plan that it would take the place of; absent when there is none. */
  readonly base?: Plan | undefined;
  readonly origin: PlanOrigin;
}

export interface AppendRequest {
  readonly cell: CellName;
  /** False: say what would be appended, and append nothing. */
  readonly apply: boolean;
  /** The digest of what a person was shown: anything else is refused, because it is not what they agreed to. */
  readonly expected?: string | undefined;
  /** The mark of the cell's own fence, where the verb has read it: nothing is appended past it unsaid. */
  readonly anchor?: HeadMark | undefined;
}

/** Each attempt loses only to an event that somebody else appended in between. */
const ATTEMPTS_MAX = 20;

/**
 * Drafts a plan on the newest head and appends it there, with the planner's pause in the same event; otherwise the
 * planner's next run would undo what a person has just asked for. A draft that lost its head is thrown away.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function appendPlan(
  deps: Pick<OperatorDeps, 'ledger' | 'clock' | 'name' | 'telemetry'>,
  { cell, apply, expected, anchor }: AppendRequest,
  draftOn: (head: Head) => Promise<PersonsPlan | NotDone>,
): Promise<Outcome<PersonsPlan & { readonly appended: boolean }>> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const head = await deps.ledger.head(cell);
    const draft = await draftOn(head);
    if ('type' in draft) return draft;
    if (expected !== undefined && expected !== draft.digest) {
      return refused(`Cell ${cell} has moved on since this change was shown: look at it again.`);
    }
    if (!apply) return { type: 'done', ...draft, appended: false };
    const outcome = await appendAt(deps, head, draft, anchor);
    switch (outcome.type) {
      case 'appended':
      case 'recorded':
        deps.telemetry.count(METRICS.plansProposed, 1, {
          outcome: outcome.type,
          disposition: draft.disposition,
        });
        return { type: 'done', ...draft, appended: true };
      case 'refused':
        return refused(outcome.reason);
      case 'unknown':
        return unknown(
          `Whether generation ${draft.plan.generation} of cell ${cell} was appended is not known (${outcome.reason}): look at "pawl history --cell ${cell}".`,
        );
      case 'lost':
        break;
    }
  }
  return unknown(`Somebody else appended first ${ATTEMPTS_MAX} times in a row: try again.`);
}

async function appendAt(
  { ledger, clock, name }: Pick<OperatorDeps, 'ledger' | 'clock' | 'name'>,
  head: Head,
  draft: PersonsPlan,
  anchor: HeadMark | undefined,
): ReturnType<typeof executeAt> {
  await putPlan(ledger, draft.plan);
  const occasion = { at: () => clock.now(), by: name, anchor };
  return executeAt(ledger, head, occasion, commandToAppend(draft, draft.origin));
}

/** A person's plan of what was chosen. Pure. */
export function draftOf(known: CellKnowledge, request: ProposalRequest): PersonsPlan {
  return { ...propose(known, request), base: known.desired.base, origin: request.origin };
}
