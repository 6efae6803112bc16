import type { PlanOrigin } from '../ledger/decider/events.ts';
import type { DesiredEndpoint } from '../plan/desired.ts';
import { findingSentence } from '../plan/finding-text.ts';
import type { Finding } from '../plan/findings.ts';
import { severest } from '../plan/findings.ts';
import { nextGeneration } from '../plan/generation.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { summaryOf } from '../plan/plan-summary.ts';
import type { PersonsPlan } from './append-plan.ts';
import { isUnretired, withDigest } from './append-plan.ts';
import type { CellKnowledge } from './cell-knowledge.ts';
import { judge } from './cell-knowledge.ts';
import type { NotDone } from './operator.ts';
import { refused } from './operator.ts';

export interface DraftInput {
  readonly known: CellKnowledge;
  /** What every endpoint shall answer. */
  readonly endpoints: readonly DesiredEndpoint[];
  readonly origin: PlanOrigin;
  /** Plans besides the goal whose trees may serve again, if the janitor has not retired them. */
  readonly others: readonly Plan[];
  /** hold: a held finding waits for an approval. note: the person's order is the approval. */
  readonly held: 'hold' | 'note';
  readonly claimed: ReadonlyMap<DnsName, CellName>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Makes a person's plan of some content: generation, parent and tree names are computed, never taken from a file, so that
 * no plan can alter a tree that stands. Refused with the first fatal finding. Pure.
 */
export function draftOf(input: DraftInput): PersonsPlan | NotDone {
  const { known, endpoints, origin, others, claimed, now } = input;
  const { scope, desired, head } = known;
  const generation = nextGeneration(head.state.highest);
  const judgement = judge(known, { endpoints, generation, claimed, now });
  // What the targets do says nothing about a plan that a person wrote.
  const findings = judgement.findings.filter(({ code }) => code !== 'observer-blind');
  const fatal = findings.find(({ severity }) => severity === 'fatal');
  if (fatal !== undefined) return refused(findingSentence(fatal));
  const { base } = desired;
  const { plan, newTrees } = makePlan({
    scope,
    generation,
    endpoints,
    base,
    others,
    isUnretired: (endpoint, label) => isUnretired(head.state, endpoint, label),
  });
  const isHeld = input.held === 'hold' && severest(findings) === 'held';
  return withDigest({
    plan,
    ...(base === undefined ? {} : { base }),
    origin,
    lane: 'urgent',
    disposition: isHeld ? 'held' : 'approved',
    findings: input.held === 'hold' ? findings : findings.map(asNote),
    summary: summaryOf(plan, judgement.difference),
    newTrees,
  });
}

function asNote(finding: Finding): Finding {
  return { ...finding, severity: 'note' };
}
