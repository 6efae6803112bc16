import { asManyAs } from './as-many.ts';
import { sha256 } from './canonical.ts';
import { inOrderOfNeed, overEndpointLimit, overTreeLimits } from './endpoint-limits.ts';
import type { Finding, Severity } from './findings.ts';
import { severest } from './findings.ts';
import type { CellFleet } from './fleet-model.ts';
import type { BeforeChange } from './lint-change.ts';
import { lintDeclaredShare, lintEndpointChange } from './lint-change.ts';
import type { EndpointLintInput } from './lint-plan.ts';
import { lintEndpoint, lintTargets, lintZone } from './lint-plan.ts';
import type { DnsName } from './names.ts';
import { shortDigest } from './plan.ts';
import { returnedPermille } from './plan-difference.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { endpointContent } from './tree-nodes.ts';
import { lintZoneShare } from './zone-share.ts';

/** What an endpoint could answer; undefined: it is not there. */
export type AnswerOrNone = DesiredEndpoint | undefined;

/** What the endpoints could answer, by name. A name that a map lacks is not there. */
export type Answers = ReadonlyMap<DnsName, DesiredEndpoint>;

/** What is asked of a cell, by the fleet that is declared and by an earlier one. */
export interface AnswersByFleet {
  /** As fleet, observations and orders ask. */
  readonly asked: Answers;
  /** The same by the fleet that each endpoint was planned by last: only what was observed and ordered is different. */
  readonly accepted: Answers;
}

/** Endpoints whose observations are not believed, and what is asked of them when nothing went by observation. */
export interface Disbelief extends AnswersByFleet {
  /** Why each of them is not believed. */
  readonly findings: ReadonlyMap<DnsName, WaitingFinding>;
}

/** A finding, or one that the log holds from an earlier plan. */
export interface WaitingFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly subject: string;
}

/** What can leave an endpoint by itself, where what is asked as a whole cannot be done. */
export interface Departures {
  /**
   * What leaves together, in the order in which it is tried: ids of targets that answer now, and words that stand for
   * evacuated branches.
   */
  readonly groups: readonly ReadonlySet<string>[];
  /** What is asked by the fleet that the endpoint was planned by last, if these targets and branches stayed as they answer now. */
  readonly keeping: (stays: ReadonlySet<string>) => AnswerOrNone;
}

export interface ChooseInput extends AnswersByFleet {
  readonly lint: Omit<EndpointLintInput, 'newTrees'>;
  readonly fleet: CellFleet;
  /** What is asked follows from the fleet file, which may name targets wrongly. A person asks without it. */
  readonly followsFile: boolean;
  /** As the endpoints answer until there is another plan. */
  readonly standing: Answers;
  readonly disbelief: Disbelief;
  /** Undefined where nothing leaves by itself. */
  readonly departures: (name: DnsName) => Departures | undefined;
  /** Endpoints that Route 53 refused, and that are not to be tried with all that is asked yet. */
  readonly refused: ReadonlyMap<DnsName, Finding>;
  /** What some of these are asked to answer meanwhile; the others stay as they are. */
  readonly meanwhile: Answers;
  /** The floor that judges an endpoint, declared or not. */
  readonly floorOf: (name: DnsName) => number;
  /** What was before of an endpoint, as an answer's change has it. */
  readonly before: (name: DnsName) => BeforeChange;
  /** What waits already, as the log holds it. */
  readonly waiting: ReadonlyMap<DnsName, Pick<WaitingEndpoint, 'digest' | 'findings'>>;
  /** Endpoints whose held findings a person has seen: they are notes. */
  readonly approved: ReadonlySet<DnsName>;
  /** Whether a tree with this answer stands already, so that the endpoint needs no room for another. */
  readonly hasTree: (answer: DesiredEndpoint) => boolean;
  /** Records that the zone must have room for beside those it is known to hold, so that the endpoint answers so. */
  readonly recordsFor: (answer: DesiredEndpoint) => number;
  /** Why the log has no room for new trees of these endpoints; undefined where it has. */
  readonly lacksRoom: (names: readonly DnsName[]) => Finding | undefined;
}

/** An endpoint that answers as it did, or not all that is asked, with what stands in the way. */
export interface WaitingEndpoint {
  readonly name: DnsName;
  /** {@link answerDigest} of what is asked. */
  readonly digest: string;
  /** Not empty. */
  readonly findings: readonly WaitingFinding[];
  /** It answers by the declared fleet all the same: no declaration waits. */
  readonly byDeclared?: true;
}

/** What each endpoint shall answer, chosen one by one. */
export interface Choice {
  /** In order of name. */
  readonly endpoints: readonly DesiredEndpoint[];
  /** In order of name. */
  readonly keptBack: readonly WaitingEndpoint[];
  /** About what was chosen. */
  readonly notes: readonly Finding[];
  /** Share of capacity that comes back, thousandths, of each endpoint to which some does. */
  readonly returnedPermille: ReadonlyMap<DnsName, number>;
}

/** The first 12 digits of the SHA-256 of what an endpoint is asked to answer. */
export function answerDigest(name: DnsName, answer: AnswerOrNone): string {
  return shortDigest(sha256(answer === undefined ? `no ${name}` : endpointContent(answer)));
}

/** Why an endpoint does not answer what is asked, and what it answers instead. */
interface Picked {
  readonly answer: AnswerOrNone;
  readonly waits: readonly WaitingFinding[];
  readonly notes: readonly Finding[];
  /** The answer is by the declared fleet. */
  readonly byDeclared: boolean;
}

/**
 * Chooses what each endpoint answers: the first of these against which nothing stands.
 *
 * 1. what fleet, observations and orders ask;
 * 2. the same by the fleet that it was planned by last, so that a declaration that waits does not keep a failed target;
 * 3. the same without those departures of targets that it cannot spare: a zone or branch that it cannot spare does not
 *    keep a failed target, and the other way round;
 * 4. what it answers now. A new endpoint is then not added, and a removed one stays.
 *
 * Where the observer is not believed, all of this is asked as if nothing had gone by observation. A finding about one
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
  for (const [name, { answer, waits, byDeclared }] of picks) {
    const wanted = input.asked.get(name);
    if (isSame(answer, wanted)) continue;
    const entry = { name, digest: answerDigest(name, wanted), findings: waits };
    keptBack.push(byDeclared ? { ...entry, byDeclared } : entry);
  }
  const endpoints = [...picks.values()].flatMap(({ answer }) => answer ?? []);
  const ofEndpoints = [...picks.values()].flatMap(({ notes }) => notes);
  return {
    endpoints,
    keptBack,
    notes: [...ofEndpoints, ...lintZone(input.lint), ...lintZoneShare(endpoints, input.lint)],
    returnedPermille: returnedPermille(input.standing, endpoints, (name) => acceptedOf(name, input)),
  };
}

function pick(name: DnsName, input: ChooseInput): Picked {
  const { asked, standing, refused, meanwhile, disbelief } = input;
  const wanted = asked.get(name);
  const refusal = refused.get(name);
  if (refusal !== undefined && !isSame(wanted, standing.get(name))) {
    const second = { answer: meanwhile.get(name) ?? standing.get(name) };
    const ladder = { first: undefined, second, because: [refusal], departures: () => undefined };
    return pickAmong(name, ladder, input);
  }
  const doubt = disbelief.findings.get(name);
  const because = doubt === undefined ? [] : [doubt, ...blocking(judged(name, wanted, input))];
  const first = { answer: doubt === undefined ? wanted : disbelief.asked.get(name) };
  const second = { answer: acceptedOf(name, input) };
  return pickAmong(name, { first, second, because, departures: input.departures }, input);
}

interface Ladder {
  /** What is asked by the declared fleet; absent where that is not to be tried. */
  readonly first: { readonly answer: AnswerOrNone } | undefined;
  /** What is asked by the fleet that the endpoint was planned by last. */
  readonly second: { readonly answer: AnswerOrNone };
  /** Why the first of them is not all that is asked, if it is not. */
  readonly because: readonly WaitingFinding[];
  readonly departures: ChooseInput['departures'];
}

/** The first answer against which nothing stands. */
function pickAmong(name: DnsName, ladder: Ladder, input: ChooseInput): Picked {
  const { first, second, because, departures } = ladder;
  const standing = input.standing.get(name);
  let waits = because;
  for (const rung of first === undefined ? [second] : [first, second]) {
    const byDeclared = rung === first;
    const { answer } = rung;
    if (isSame(answer, standing)) return { ...stay(name, waits, input), byDeclared };
    const findings = judged(name, answer, input);
    const against = blocking(findings);
    if (against.length === 0) return { answer, waits, notes: findings, byDeclared };
    waits = withOthers(waits, against);
  }
  const spared = sparing(name, departures(name), input);
  if (spared === undefined || isSame(spared, standing)) return stay(name, waits, input);
  return { answer: spared, waits, notes: judged(name, spared, input, 'changes'), byDeclared: false };
}

function stay(name: DnsName, waits: readonly WaitingFinding[], input: ChooseInput): Picked {
  const standing = input.standing.get(name);
  return { answer: standing, waits, notes: notesOn(name, standing, input), byDeclared: false };
}

/** A finding of a later rung says nothing new where one with its code is there. */
function withOthers(
  waits: readonly WaitingFinding[],
  more: readonly WaitingFinding[],
): readonly WaitingFinding[] {
  const codes = new Set(waits.map(({ code }) => code));
  return [...waits, ...more.filter(({ code }) => !codes.has(code))];
}

/** The answer without as many departing targets as the endpoint can spare; undefined when it can spare none. */
function sparing(name: DnsName, departures: Departures | undefined, input: ChooseInput): AnswerOrNone {
  if (departures === undefined) return undefined;
  const { groups, keeping } = departures;
  const answering = input.standing.get(name)?.leaves.map(({ target }) => target) ?? [];
  const all = [...answering, ...groups.flatMap((group) => [...group])];
  let spared: AnswerOrNone;
  const isAllowed = (gone: readonly ReadonlySet<string>[]): boolean => {
    const going = new Set(gone.flatMap((group) => [...group]));
    const answer = keeping(new Set(all.filter((target) => !going.has(target))));
    if (blocking(judged(name, answer, input, 'changes')).length > 0) return false;
    spared = answer;
    return true;
  };
  isAllowed([]);
  asManyAs(groups, isAllowed);
  return spared;
}

function blocking(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity !== 'note');
}

/**
 * What stands against an answer that is not the standing one. What a person has seen and approved is a note.
 *
 * @param origin whether the answer follows from the declared fleet, or only from what was observed and ordered.
 */
function judged(
  name: DnsName,
  answer: AnswerOrNone,
  input: ChooseInput,
  origin: 'file' | 'changes' = isSame(answer, acceptedOf(name, input)) ? 'changes' : 'file',
): readonly Finding[] {
  const { lint, fleet, standing, before, approved, floorOf } = input;
  const own = answer === undefined ? [] : lintEndpoint(answer, { ...lint, newTrees: new Set([name]) });
  const findings = [
    ...own,
    // What the file names wrongly does not keep a change that does not follow from the file.
    ...(origin === 'file' && input.followsFile ? lintTargets(name, { fleet }) : []),
    ...lintEndpointChange({
      fleet,
      name,
      standing: standing.get(name),
      candidate: answer,
      accepted: acceptedOf(name, input),
      floor: floorOf(name),
      ...before(name),
    }),
  ];
  return approved.has(name) ? findings.map(asNoteIfHeld) : findings;
}

function asNoteIfHeld(finding: Finding): Finding {
  return finding.severity === 'held' ? { ...finding, severity: 'note' } : finding;
}

/** What there is to say of an endpoint that stays as it is: nothing of it can hold anything back. */
function notesOn(
  name: DnsName,
  standing: AnswerOrNone,
  { lint, fleet, floorOf }: ChooseInput,
): readonly Finding[] {
  if (standing === undefined) return [];
  const findings = [
    ...lintEndpoint(standing, { ...lint, newTrees: new Set() }),
    ...lintEndpointChange({
      ...{ fleet, name, standing, candidate: standing, accepted: standing },
      ...{ floor: floorOf(name), removedBefore: 0, acceptedRoute: undefined, earlier: undefined },
    }),
  ];
  return findings.map((finding) => ({ ...finding, severity: 'note' }));
}

/**
 * Where the file changes too many endpoints at once, each of them stays by the fleet that it was planned by last. An
 * endpoint that it does not declare any more waits for a person anyway; it counts once, because a file that lost many
 * endpoints is likely to be wrong about others. What waited for this reason goes on waiting until a person lets it go, or
 * something else waits.
 */
function keepDeclarations(picks: Map<DnsName, Picked>, input: ChooseInput): void {
  const { fleet, asked, standing, approved, waiting, before } = input;
  const goesOver = (name: DnsName): boolean => before(name).offeredTo !== undefined;
  const isKnown = (name: DnsName): boolean =>
    waiting.get(name)?.digest === answerDigest(name, asked.get(name));
  const changed = [...picks].flatMap(([name, { answer, byDeclared }]) => {
    const isOther = !isSame(answer, standing.get(name)) && !isSame(answer, acceptedOf(name, input));
    return byDeclared && isOther && standing.has(name) && !approved.has(name) ? [name] : [];
  });
  const removed = [...standing.keys()].filter(
    (name) => !asked.has(name) && !approved.has(name) && !isKnown(name) && !goesOver(name),
  );
  const count = new Set([...changed, ...removed]).size;
  const finding = lintDeclaredShare(fleet, count, standing.size, removed.length > 0);
  for (const name of changed) {
    const known = isKnown(name) ? waiting.get(name)?.findings : undefined;
    const reason = known?.find(({ code }) => code === 'declared-share') ?? finding;
    if (reason === undefined) continue;
    const because = withOthers(picks.get(name)?.waits ?? [], [reason]);
    const second = { answer: acceptedOf(name, input) };
    const ladder = { first: undefined, second, because, departures: input.departures };
    picks.set(name, pickAmong(name, ladder, input));
  }
}

function acceptedOf(name: DnsName, { disbelief, accepted }: ChooseInput): AnswerOrNone {
  return (disbelief.findings.has(name) ? disbelief.accepted : accepted).get(name);
}

/** Keeps back what does not fit any more: new endpoints over the cell's bound, new trees over the zone's or the log's. */
function keepWithinLimits(picks: Map<DnsName, Picked>, input: ChooseInput): void {
  const keep = (over: ReadonlyMap<DnsName, Finding>): void => {
    for (const [name, finding] of over)
      picks.set(name, stay(name, withOthers(picks.get(name)?.waits ?? [], [finding]), input));
  };
  const there = [...picks].flatMap(([name, { answer }]) => (answer === undefined ? [] : [name]));
  const added = there.filter((name) => !input.standing.has(name));
  keep(overEndpointLimit(added, there.length, input.lint));
  const changed = [...picks].flatMap(([name, { answer }]) =>
    answer === undefined || isSame(answer, input.standing.get(name)) ? [] : [[name, answer] as const],
  );
  keep(overTreeLimits(inOrderOfNeed(changed, input.standing), input));
}

function isSame(a: AnswerOrNone, b: AnswerOrNone): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && endpointContent(a) === endpointContent(b);
}

/** Whether nobody can let the change go by approving it. */
export function isFatal({ findings }: Pick<WaitingEndpoint, 'findings'>): boolean {
  return severest(findings) === 'fatal';
}
