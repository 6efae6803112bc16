import { sha256 } from './canonical.ts';
import type { DesiredEndpoint } from './desired.ts';
import type { Finding } from './findings.ts';
import { severest } from './findings.ts';
import type { CellFleet } from './fleet-model.ts';
import { MAX_ENDPOINTS_A_CELL } from './fleet-model.ts';
import { lintDeclaredShare, lintEndpointChange } from './lint-change.ts';
import type { EndpointLintInput } from './lint-plan.ts';
import { lintEndpoint, lintTargets, lintZone, recordsOfNewTree } from './lint-plan.ts';
import type { DnsName } from './names.ts';
import { endpointContent, shortDigest } from './plan.ts';
import { capacities } from './plan-difference.ts';

/** What an endpoint could answer; undefined: it is not there. */
export type Answer = DesiredEndpoint | undefined;

/** What the endpoints could answer, by name. A name that a map lacks is not there. */
export type Answers = ReadonlyMap<DnsName, DesiredEndpoint>;

/** What is asked of a cell. */
export interface AskedAnswers {
  /** As fleet, observations and orders ask. */
  readonly asked: Answers;
  /** The same by the fleet that each endpoint was planned by last: only what was observed and ordered is different. */
  readonly accepted: Answers;
}

/** Endpoints whose observations are not believed, and what is asked of them when nothing went by observation. */
export interface Disbelief extends AskedAnswers {
  /** Why each of them is not believed. */
  readonly findings: ReadonlyMap<DnsName, WaitingFinding>;
}

/** A finding, or one that the log holds from an earlier plan. */
export type WaitingFinding = Pick<Finding, 'severity' | 'code'> & { readonly subject: string };

export interface ChooseInput extends AskedAnswers {
  readonly lint: Omit<EndpointLintInput, 'newTrees'>;
  readonly fleet: CellFleet;
  /** As the endpoints answer until there is another plan. */
  readonly standing: Answers;
  readonly disbelief: Disbelief;
  /** Endpoints that Route 53 refused, and that are not to be tried again yet. */
  readonly refused: ReadonlyMap<DnsName, Finding>;
  /** What earlier plans took of an endpoint within the policy's window, thousandths. */
  readonly removedBefore: (name: DnsName) => number;
  /** Endpoints whose declared change waits already, by the digest of what waits: it goes on waiting for a person. */
  readonly sharing: ReadonlyMap<DnsName, { readonly digest: string; readonly finding: WaitingFinding }>;
  /** Endpoints whose held findings a person has seen: they are notes. */
  readonly approved: ReadonlySet<DnsName>;
  /** Trees that the log has room for. */
  readonly treesLeft: number;
  /** Why no more trees have room in the log. */
  readonly noRoom: (trees: number) => Finding;
}

/** An endpoint that answers as it did, or not all that is asked, with what stands in the way. */
export interface WaitingEndpoint {
  readonly name: DnsName;
  /** {@link answerDigest} of what is asked. */
  readonly digest: string;
  /** Not empty. */
  readonly findings: readonly WaitingFinding[];
}

/** What each endpoint shall answer, chosen one by one. */
export interface Choice {
  /** In order of name. */
  readonly endpoints: readonly DesiredEndpoint[];
  /** In order of name. */
  readonly keptBack: readonly WaitingEndpoint[];
  /** About what was chosen. */
  readonly notes: readonly Finding[];
}

/** The first 12 digits of the SHA-256 of what an endpoint is asked to answer. */
export function answerDigest(name: DnsName, answer: Answer): string {
  return shortDigest(sha256(answer === undefined ? `no ${name}` : endpointContent(answer)));
}

/** Why an endpoint does not answer what is asked, and what it answers instead. */
interface Picked {
  readonly answer: Answer;
  readonly waits: readonly WaitingFinding[];
  readonly notes: readonly Finding[];
}

/**
 * Chooses what each endpoint answers: the first of these against which nothing stands.
 *
 * 1. what fleet, observations and orders ask;
 * 2. the same by the fleet that it was planned by last, so that a declaration that waits does not keep a failed target;
 * 3. what it answers now. A new endpoint is then not added, and a removed one stays.
 *
 * Where the observer is not believed, 1 and 2 are asked as if nothing had gone by observation. A finding about one
 * endpoint never changes the answer of another. What is about the cell keeps back only what it is about: too large a
 * share of declared changes keeps back what was declared, a limit of the zone or the log keeps back what needs new
 * records. docs/protocol.md has the table, docs/adr/0041-an-endpoint-at-a-time.md the reasons. Pure.
 */
export function chooseAnswers(input: ChooseInput): Choice {
  const names = [...new Set([...input.asked.keys(), ...input.standing.keys()])].sort();
  const picks = new Map(names.map((name) => [name, pick(name, input)]));
  keepDeclarations(picks, input);
  keepWithinLimits(picks, input);
  const keptBack: WaitingEndpoint[] = [];
  for (const [name, { answer, waits }] of picks) {
    const wanted = input.asked.get(name);
    if (isSame(answer, wanted)) continue;
    keptBack.push({ name, digest: answerDigest(name, wanted), findings: waits });
  }
  return {
    endpoints: [...picks.values()].flatMap(({ answer }) => answer ?? []),
    keptBack,
    notes: [...[...picks.values()].flatMap(({ notes }) => notes), ...lintZone(input.lint)],
  };
}

function pick(name: DnsName, input: ChooseInput): Picked {
  const standing = input.standing.get(name);
  const wanted = input.asked.get(name);
  const refusal = input.refused.get(name);
  if (refusal !== undefined && !isSame(wanted, standing)) {
    return { answer: standing, waits: [refusal], notes: notesOn(name, standing, input) };
  }
  const doubt = input.disbelief.findings.get(name);
  const first = doubt === undefined ? wanted : input.disbelief.asked.get(name);
  const second = (doubt === undefined ? input : input.disbelief).accepted.get(name);
  return pickAmong(name, first, second, doubt === undefined ? [] : [doubt], input);
}

/** The first answer against which nothing stands; `because` says why `first` is not what is asked, if it is not. */
function pickAmong(
  name: DnsName,
  first: Answer,
  second: Answer,
  because: readonly WaitingFinding[],
  input: ChooseInput,
): Picked {
  const standing = input.standing.get(name);
  const waits = [...because];
  for (const [rank, answer] of [first, second].entries()) {
    if (isSame(answer, standing)) break;
    const findings = judged(name, answer, input);
    const blocking = findings.filter(({ severity }) => severity !== 'note');
    if (blocking.length === 0) return { answer, waits, notes: findings };
    if (rank === 0) waits.push(...blocking);
  }
  return { answer: standing, waits, notes: notesOn(name, standing, input) };
}

/** What stands against an answer that is not the standing one. What a person has seen and approved is a note. */
function judged(name: DnsName, answer: Answer, input: ChooseInput): readonly Finding[] {
  const { lint, fleet, standing, removedBefore, approved } = input;
  const own = answer === undefined ? [] : lintEndpoint(answer, { ...lint, newTrees: new Set([name]) });
  const findings = [
    ...own,
    // What the file names wrongly does not keep a change that does not follow from the file.
    ...(isSame(answer, acceptedOf(name, input)) ? [] : lintTargets(name, { fleet })),
    ...lintEndpointChange({
      fleet,
      name,
      standing: standing.get(name),
      candidate: answer,
      removedBefore: removedBefore(name),
    }),
  ];
  return approved.has(name) ? findings.map(asNoteIfHeld) : findings;
}

function asNoteIfHeld(finding: Finding): Finding {
  return finding.severity === 'held' ? { ...finding, severity: 'note' } : finding;
}

/** What there is to say of an endpoint that stays as it is: nothing of it can hold anything back. */
function notesOn(name: DnsName, standing: Answer, { lint, fleet }: ChooseInput): readonly Finding[] {
  if (standing === undefined) return [];
  const findings = [
    ...lintEndpoint(standing, { ...lint, newTrees: new Set() }),
    ...lintEndpointChange({ fleet, name, standing, candidate: standing, removedBefore: 0 }),
  ];
  return findings.map((finding) => ({ ...finding, severity: 'note' }));
}

/**
 * Where the file changes too many endpoints at once, each of them stays by the fleet that it was planned by last. One
 * that waited for that reason goes on waiting until a person lets it go, or something else waits.
 */
function keepDeclarations(picks: Map<DnsName, Picked>, input: ChooseInput): void {
  const declared = [...picks].filter(([name, { answer }]) => {
    const standing = input.standing.get(name);
    if (standing === undefined || isSame(answer, standing) || input.approved.has(name)) return false;
    return !isSame(answer, acceptedOf(name, input));
  });
  const isRemoving = declared.some(([, { answer }]) => answer === undefined);
  const finding = lintDeclaredShare(input.fleet, declared.length, input.standing.size, isRemoving);
  for (const [name, { waits }] of declared) {
    const waiting = input.sharing.get(name);
    const isWaiting = waiting?.digest === answerDigest(name, input.asked.get(name));
    const reason = finding ?? (isWaiting ? waiting.finding : undefined);
    if (reason === undefined) continue;
    const accepted = acceptedOf(name, input);
    picks.set(name, pickAmong(name, accepted, accepted, [...waits, reason], input));
  }
}

function acceptedOf(name: DnsName, input: ChooseInput): Answer {
  return (input.disbelief.findings.has(name) ? input.disbelief : input).accepted.get(name);
}

/** Keeps back what does not fit any more: new endpoints over the cell's bound, new trees over the zone's or the log's. */
function keepWithinLimits(picks: Map<DnsName, Picked>, input: ChooseInput): void {
  const { lint, standing } = input;
  const { zone } = lint;
  let endpoints = [...picks.values()].filter(({ answer }) => answer !== undefined).length;
  let records = zone?.records ?? 0;
  let trees = 0;
  const keep = (name: DnsName, finding: Finding): void => {
    const before = standing.get(name);
    const waits = [...(picks.get(name)?.waits ?? []), finding];
    picks.set(name, { answer: before, waits, notes: notesOn(name, before, input) });
  };
  const added = [...picks].filter(([name, { answer }]) => answer !== undefined && !standing.has(name));
  for (const [name] of added.reverse()) {
    if (endpoints <= MAX_ENDPOINTS_A_CELL) break;
    keep(name, {
      code: 'too-many-endpoints',
      severity: 'fatal',
      subject: lint.scope.cell,
      endpoints,
      endpointsMax: MAX_ENDPOINTS_A_CELL,
    });
    endpoints -= 1;
  }
  for (const [name, answer] of inOrderOfNeed(picks, input)) {
    const more = recordsOfNewTree(answer);
    if (zone !== undefined && records + more > zone.recordLimit) {
      const { recordLimit } = zone;
      const subject = lint.scope.zone;
      keep(name, { code: 'zone-limit', severity: 'fatal', subject, records: records + more, recordLimit });
    } else if (trees >= input.treesLeft) {
      keep(name, input.noRoom(trees + 1));
    } else {
      records += more;
      trees += 1;
    }
  }
}

/** Endpoints that need a new tree: first those that lose a target, because that is what cannot wait. */
function inOrderOfNeed(
  picks: ReadonlyMap<DnsName, Picked>,
  { standing }: ChooseInput,
): readonly (readonly [DnsName, DesiredEndpoint])[] {
  const changed = [...picks].flatMap(([name, { answer }]) =>
    answer === undefined || isSame(answer, standing.get(name)) ? [] : [[name, answer] as const],
  );
  const isLosing = ([name, answer]: readonly [DnsName, DesiredEndpoint]): boolean => {
    const before = standing.get(name);
    return before !== undefined && losesTarget(before, answer);
  };
  return [...changed.filter(isLosing), ...changed.filter((entry) => !isLosing(entry))];
}

/** Whether some target answers before and not after. */
export function losesTarget(before: DesiredEndpoint, after: DesiredEndpoint): boolean {
  const kept = capacities(after);
  return [...capacities(before).keys()].some((target) => !kept.has(target));
}

function isSame(a: Answer, b: Answer): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && endpointContent(a) === endpointContent(b);
}

/** Whether nobody can let the change go by approving it. */
export function isFatal({ findings }: Pick<WaitingEndpoint, 'findings'>): boolean {
  return severest(findings) === 'fatal';
}
