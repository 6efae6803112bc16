import type { KeptBack } from '../ledger/decider/state.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type {
  AnswerOrNone,
  Answers,
  AnswersByFleet,
  Disbelief,
  WaitingFinding,
} from '../plan/choose-answers.ts';
import { answerDigest } from '../plan/choose-answers.ts';
import type { DesiredInput } from '../plan/desired.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import type { FindingCode } from '../plan/findings.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import { observedLoss } from '../plan/lint-change.ts';
import type { DnsName } from '../plan/names.ts';
import { capacities } from '../plan/plan-difference.ts';
import type { MembersOf } from './accepted-answers.ts';
import { acceptedAnswers, acceptedFleet, answersOf, ownAnswer } from './accepted-answers.ts';
import type { CellKnowledge } from './cell-knowledge.ts';
import { boundObserved } from './observed-bound.ts';

/** What is not believed, and what is asked instead. */
export interface DisbeliefAnd {
  readonly disbelief: Disbelief;
  /** The input of an endpoint as if nothing had gone of which the observation is not believed. */
  readonly inputOf: (name: DnsName) => DesiredInput;
}

/**
 * Which endpoints' observations are not believed, and how far. When the observer is presumed blind it is all that any
 * endpoint would lose by observation. Otherwise each endpoint loses by observation what leaves it enough of what is
 * declared of it, and the rest goes on serving. See docs/adr/0058-what-a-guard-counts.md.
 */
export function disbeliefOf(
  known: CellKnowledge,
  believed: AnswersByFleet,
  standing: Answers,
  membersOf: MembersOf,
): DisbeliefAnd {
  const { desired, head } = known;
  const { base } = desired;
  const asked = new Map(believed.asked);
  const accepted = new Map(believed.accepted);
  const findings = new Map<DnsName, WaitingFinding>();
  const inputs = new Map<DnsName, DesiredInput>();
  const disbelief: Disbelief = { asked, accepted, findings };
  const inputOf = (name: DnsName): DesiredInput => inputs.get(name) ?? desired;
  if (base === undefined) return { disbelief, inputOf };
  const { keptBack } = head.state;
  const { gone, blindness } = observedLoss(desired, base, knownLosses(keptBack));
  const doubted = gone.size === 0 ? desired : { ...desired, observations: withoutLoss(desired, gone) };
  const doubtedAnswers =
    gone.size === 0
      ? believed
      : {
          asked: answersOf(desiredEndpoints(doubted)),
          accepted: acceptedAnswers(known, doubted, standing, membersOf),
        };
  const waiting = new Map(keptBack.map((entry) => [entry.name, entry]));
  for (const [name, before] of standing) {
    const wanted = believed.asked.get(name);
    const reason = reasonOf(waiting.get(name), answerDigest(name, wanted), wanted, blindness);
    const input = reason === undefined ? desired : doubted;
    const instead = reason === undefined ? believed : doubtedAnswers;
    const boundUnder = (fleet: CellFleet | undefined) => {
      const own = ownAnswer(before, input, fleet, membersOf);
      const bound = boundObserved(before, own, known.fleet.policy.blindPercent);
      return bound === undefined ? undefined : { ...bound, answer: own.answerOf(bound.stays) };
    };
    const ofAsked = wanted === undefined ? undefined : boundUnder(desired.fleet);
    const planned = acceptedFleet(known, name);
    const ofAccepted = wanted !== undefined && planned === desired.fleet ? ofAsked : boundUnder(planned);
    const answers = {
      asked: ofAsked?.answer ?? instead.asked.get(name),
      accepted: ofAccepted?.answer ?? instead.accepted.get(name),
    };
    const isOther = (which: keyof AnswersByFleet): boolean =>
      answerDigest(name, believed[which].get(name)) !== answerDigest(name, answers[which]) ||
      capacitiesText(believed[which].get(name)) !== capacitiesText(answers[which]);
    const because = reason ?? ofAsked?.finding ?? ofAccepted?.finding;
    if (because === undefined || (!isOther('asked') && !isOther('accepted'))) continue;
    findings.set(name, because);
    if (answers.asked !== undefined) asked.set(name, answers.asked);
    if (answers.accepted !== undefined) accepted.set(name, answers.accepted);
    inputs.set(name, ofAccepted === undefined ? input : { ...input, ...ofAccepted.stays });
  }
  return { disbelief, inputOf };
}

/** Targets that serve with less may have the same weights as before: what they serve with is no part of their records. */
function capacitiesText(answer: AnswerOrNone): string {
  return answer === undefined ? '' : canonicalJson(Object.fromEntries(capacities(answer)));
}

/** Findings by which nothing that goes by observation is believed. */
const OF_THE_CELL: readonly string[] = [
  'observer-blind',
  'targets-observed-out',
] satisfies readonly FindingCode[];

/**
 * Why nothing is believed of an endpoint. What the log holds already stays in its words, although the numbers of the cell
 * go on changing. An endpoint that waited because much went at once goes on waiting until a person lets it go, or
 * something else waits. Where no target serves, it is the lack of an answer that keeps the endpoint, and nothing is in
 * doubt any more.
 */
function reasonOf(
  waiting: KeptBack | undefined,
  digest: string,
  wanted: AnswerOrNone,
  blindness: WaitingFinding | undefined,
): WaitingFinding | undefined {
  const isSame = waiting?.digest === digest && wanted?.leaves.length !== 0;
  const held = isSame ? waiting.findings.find(({ code }) => OF_THE_CELL.includes(code)) : undefined;
  return held?.code === 'observer-blind' || blindness !== undefined ? (held ?? blindness) : undefined;
}

/** Findings that do not keep a target from leaving that was observed not to serve. */
const ABOUT_DECLARATIONS: readonly string[] = [
  'endpoint-removed',
  'missing-target',
  'declared-share',
  'too-many-leaves',
  'too-many-endpoints',
] satisfies readonly FindingCode[];

/** Endpoints of which it is known that their targets went, because something else than disbelief keeps them. */
function knownLosses(keptBack: readonly KeptBack[]): ReadonlySet<DnsName> {
  const known = keptBack.filter(
    ({ findings }) =>
      findings.some(({ code }) => !ABOUT_DECLARATIONS.includes(code)) &&
      !findings.some(({ code }) => OF_THE_CELL.includes(code)),
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
