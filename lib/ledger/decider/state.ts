import type { HeadMark } from '../../plan/fence.ts';
import type { CellPolicy } from '../../plan/fleet-model.ts';
import type { Generation, Seq } from '../../plan/generation.ts';
import type { LoweredFloor } from '../../plan/lowered-floors.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { TreeLabel } from '../../plan/owned-names.ts';
import type { BodyDigest, KeptEndpoint, PlanLane, PlanOrigin, RefusedStep, ZoneFacts } from './events.ts';
import type { HandoverState } from './handover-state.ts';
import { NOTHING_HANDED_OVER } from './handover-state.ts';

/** A plan in the log, without its body. */
export interface PlanRef {
  readonly generation: Generation;
  readonly digest: BodyDigest;
  readonly origin: PlanOrigin;
  readonly lane: PlanLane;
  readonly disposition: 'approved' | 'held' | 'rejected';
  readonly at: number;
  readonly findings: number;
  /** The largest share of any endpoint's capacity that it removes, thousandths. */
  readonly removedPermille: number;
  /**
   * The fleet that was declared when the planner made it; absent in formats 1 and 2, and for plans that do not follow
   * from a fleet (a person's, a rollback, a rescue's).
   */
  readonly fleet?: BodyDigest;
  /** While it is held: what it would take of each endpoint, as in PlanAppended. */
  readonly capacityRemoved?: Readonly<Record<string, number>>;
}

/** An endpoint that is kept back, as long as it is. */
export interface KeptBack extends Omit<KeptEndpoint, 'byDeclared'> {
  /** Milliseconds since 1970: since when without a break. */
  readonly since: number;
  /** The fleet as which the endpoint was planned last; null where nobody knows. */
  readonly fleet: BodyDigest | null;
  /** A person declined what waits. Gone as soon as something else waits. */
  readonly rejected?: { readonly at: number; readonly by: string; readonly reason: string };
}

/** An endpoint whose records Route 53 refused, until a plan that holds them is applied. */
export interface RefusedEndpoint {
  readonly name: DnsName;
  readonly step: RefusedStep;
  /** Of the plan whose records were refused last. */
  readonly generation: Generation;
  /** Route 53's own words, cut to their bound. */
  readonly reason: string;
  /** Milliseconds since 1970, of the first refusal and of the last. */
  readonly since: number;
  readonly at: number;
  /** Refusals in a row. */
  readonly attempts: number;
  /** The fleet that was declared then: another one is tried at once. */
  readonly fleet: BodyDigest | null;
  /** A person asked to try at once. */
  readonly asked: boolean;
  /** The plan that tries it again, once it is appended. */
  readonly trying: Generation | null;
  /**
   * The plan by which a person asked for what was refused; absent where it was the planner that asked, and in cells of
   * format 3.
   */
  readonly wish?: BodyDigest;
}

/** A removal of capacity: when, and which share of an endpoint, thousandths. */
export interface CapacityRemoval {
  readonly at: number;
  readonly permille: number;
}

/** A plan whose flip was recorded. */
export interface AppliedRef {
  readonly generation: Generation;
  readonly digest: BodyDigest;
  readonly seq: Seq;
  readonly at: number;
}

export interface AppliedState extends AppliedRef {
  readonly changeId?: string;
  readonly by: string;
}

/** One staging batch not yet superseded by an applied plan. */
export interface StagingEntry {
  readonly changeId: string;
  readonly at: number;
  readonly trees: readonly string[];
}

/**
 * Names a tree together with the change that staged it: a tree that two changes staged has two names, and both are
 * waited for.
 */
export function stagedTree(changeId: string, tree: string): string {
  return `${changeId} ${tree}`;
}

/** Every tree of these batches, each as its change staged it. */
export function stagedTrees(entries: readonly StagingEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ changeId, trees }) => trees.map((tree) => stagedTree(changeId, tree))));
}

export interface StagingState {
  readonly generation: Generation;
  readonly digest: BodyDigest;
  /** False once an urgent, operator's or rollback plan has taken its place as the goal. */
  readonly sticky: boolean;
  readonly entries: readonly StagingEntry[];
}

/**
 * A declared policy (`fleet.policy`), or floors of endpoints (`endpoints`), that are looser than what is in effect, as
 * long as they wait for a person.
 */
export interface Loosening {
  /** The policy that judges meanwhile. */
  readonly inEffect: CellPolicy;
  /** Milliseconds since 1970: since when something waits without a break. */
  readonly since: number;
  /** Who declared it. */
  readonly by: string;
  /** A person declined it. Gone as soon as another loosening waits. */
  readonly rejected?: { readonly at: number; readonly by: string; readonly reason: string };
}

/** What the log says of one endpoint name (relative form). */
export interface EndpointState {
  /** Trees that a plan made and no janitor has retired. */
  readonly trees: readonly TreeLabel[];
  readonly rollback?: TreeLabel;
  /**
   * The floor in effect, where the declared fleet lowers it or leaves the endpoint out. Absent where what is declared is
   * in effect, and before format 4.
   */
  readonly floor?: LoweredFloor;
}

/** The fold of a cell's log. Kept under STATE_CHARS_MAX: bodies are named by digest, every list is bounded. */
export interface CellState extends HandoverState {
  /**
   * The format that everybody at work in this cell reads; events are written so that all of these readers can read
   * them.
   */
  readonly format: number;
  readonly cell: CellName;
  /** The ledger's identity, 8 hexadecimal digits. */
  readonly ledger: string;
  readonly fleet: {
    readonly digest: BodyDigest;
    readonly zone: DnsName;
    readonly zoneId: string;
    readonly policy: CellPolicy;
    readonly at: number;
  } | null;
  readonly observations: {
    readonly digest: BodyDigest;
    readonly at: number;
    /** The fleet that was declared when they were made. */
    readonly fleet: BodyDigest | null;
  } | null;
  readonly drained: readonly string[];
  readonly evacuated: readonly string[];
  readonly newest: PlanRef | null;
  readonly goal: PlanRef | null;
  /** The highest generation anyone has seen, 0 before any; the next plan is one above it. */
  readonly highest: number;
  readonly staging: StagingState | null;
  readonly applied: AppliedState | null;
  /** Newest first, one a generation. */
  readonly history: readonly AppliedRef[];
  readonly endpoints: Readonly<Record<string, EndpointState>>;
  /** Endpoint names whose records are Pawl's, because the applied plan holds them. */
  readonly owned: readonly DnsName[];
  /** Names taken over by an operator before a plan that holds them was applied. */
  readonly adopted: readonly DnsName[];
  /** The newest approved plans, newest first: what a fence's digest may belong to. */
  readonly approved: readonly { readonly generation: Generation; readonly digest: BodyDigest }[];
  /**
   * What approved plans took of the cell: the largest share of any endpoint. From format 3 on it is counted by endpoint
   * in `capacityRemoved`, and what was counted before goes on counting for every endpoint until its window has passed.
   */
  readonly removals: readonly CapacityRemoval[];
  readonly paused: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly frozen: { readonly at: number; readonly by: string; readonly reason: string } | null;
  readonly facts: ZoneFacts | null;
  /** Drift found and not yet repaired. */
  readonly drift: { readonly at: number; readonly count: number; readonly names: readonly DnsName[] } | null;
  readonly regressed: { readonly at: number; readonly found: string; readonly expected: string } | null;
  readonly rescue: {
    readonly generation: Generation;
    readonly seq: Seq;
    readonly plan: string;
    readonly at: number;
  } | null;
  /** Endpoints that answer as they did, although something else is asked for, in order of name. */
  readonly keptBack: readonly KeptBack[];
  readonly refused: readonly RefusedEndpoint[];
  /** Sources of observations that cannot see, and since when. */
  readonly blind: readonly { readonly source: string; readonly reason: string; readonly since: number }[];
  /** What approved plans took of each endpoint (relative form) within the last day and did not bring back, oldest first. */
  readonly capacityRemoved: Readonly<Record<string, readonly CapacityRemoval[]>>;
  /** What a goal that is not applied yet brings back of each endpoint: it is not counted in `capacityRemoved` any more. */
  readonly capacityReturning: Readonly<Record<string, number>>;
  /** The last regression that was recorded, so that nobody records it again after its repair. */
  readonly lastRegression: {
    readonly name: DnsName;
    readonly found: string;
    readonly expected: string;
    readonly fenceSeq: number;
  } | null;
  /** The event of an anchor beside which the log went on last, because it does not have it. */
  readonly contradicted: { readonly number: number; readonly digits: string; readonly at: number } | null;
  /** Who found that a time in this state lies ahead of its own clock: when first, and when last, by that clock. */
  readonly ahead: { readonly by: string; readonly since: number; readonly at: number } | null;
  /** What of the declared policy is looser than what a person has accepted; null when all of it is in effect. */
  readonly loosening: Loosening | null;
  /** Branches that a person took out of every route, each by its id, which means any depth, or by its path. */
  readonly evacuatedBranches: readonly string[];
}

/** Whether the log says itself that it goes on beside this event of an anchor. */
export function isSaid({ contradicted }: Pick<CellState, 'contradicted'>, mark: HeadMark): boolean {
  return contradicted?.number === mark.number && contradicted.digits === mark.digits;
}

/** The parts of a state that format 3 added. */
export const PARTS_SINCE_3 = [
  'keptBack',
  'refused',
  'blind',
  'capacityRemoved',
  'lastRegression',
] as const satisfies readonly (keyof CellState)[];

/** The parts of a state that format 4 added. */
export const PARTS_SINCE_4 = [
  'contradicted',
  'capacityReturning',
  'ahead',
  'loosening',
] as const satisfies readonly (keyof CellState)[];

/** Whether a cell's states are those of format 4: a cell of format 3 is folded as 0.3.0 folded it. */
export function isSince4({ format }: Pick<CellState, 'format'>): boolean {
  return format >= 4;
}

/** Applied generations remembered for retention and rollback. */
export const HISTORY_MAX = 64;
/** Approved plans remembered, by which a fence whose writer died is recognised. */
export const APPROVED_MAX = 32;
/** Names adopted ahead of their plan. */
export const ADOPTED_MAX = 120;
/** Removals remembered; older ones are merged into the oldest kept. */
export const REMOVALS_MAX = 96;
/** Drained targets a cell; more is an evacuation. */
export const DRAINED_MAX = 256;
export const EVACUATED_MAX = 32;
/** Trees a cell may have unretired before planning waits for the janitor. */
export const TREES_MAX = 3_000;
/** Trees remembered in staging entries; an older tree is re-asserted, which gives it a new change to wait for. */
export const STAGED_TREES_MAX = 240;
export const STAGED_ENTRIES_MAX = 32;
/** A reason, a fence's value or a writer's name in the state, characters. */
export const TEXT_CHARS_MAX = 400;
/** A list of names of drift, conflicts or delegations in the state, characters. */
export const NAMES_CHARS_MAX = 4_000;
/** What Route 53 said of a refusal, characters in the event. The state keeps TEXT_CHARS_MAX of it. */
export const WORDS_CHARS_MAX = 1_000;
/** Refused endpoints remembered; the oldest is forgotten, and so is tried again. */
export const REFUSED_MAX = 128;
/**
 * UTF-8 octets of their JSON. It is room for 128 names of 110 characters; a reason that does not fit beside them is in
 * its event alone.
 */
export const REFUSED_BYTES_MAX = 42_000;
/**
 * Endpoints that are kept back, UTF-8 octets of their JSON. It is room for 120 names of 180 characters; findings that do
 * not fit beside them are in their event alone.
 */
export const KEPT_BYTES_MAX = 40_000;
/** The same in an event. */
export const EVENT_KEPT_BYTES_MAX = 48_000;
/** Removals of capacity remembered of each endpoint; older ones are merged. */
export const ENDPOINT_REMOVALS_MAX = 5;
/** A removal of more than this share is remembered as this share, thousandths: ten times all that an endpoint has. */
export const REMOVAL_PERMILLE_MAX = 10_000;
/** Blind sources remembered, in order of name. */
export const BLIND_MAX = 16;
/** The name of a source, characters. */
export const SOURCE_CHARS_MAX = 64;
/** UTF-8 octets of their JSON: room for all of them; a reason that does not fit beside them is in its event alone. */
export const BLIND_BYTES_MAX = 8_000;

/** The folded state's bound, characters of JSON (docs/adr/0010-room-in-the-state.md): before format 3, and since. */
export const STATE_CHARS_MAX = 128_000;
export const STATE_CHARS_MAX_SINCE_3 = 272_000;

/** The bound of a state that is written in a format. */
export function stateCharsMax({ format }: Pick<CellState, 'format'>): number {
  return format < 3 ? STATE_CHARS_MAX : STATE_CHARS_MAX_SINCE_3;
}

/** The format of a cell without events, which every release reads (docs/adr/0040-formats-of-what-is-stored.md). */
export const FIRST_FORMAT = 1;

/** A cell before its first event. */
export function initialState(cell: CellName, ledger: string): CellState {
  return {
    format: FIRST_FORMAT,
    cell,
    ledger,
    fleet: null,
    observations: null,
    drained: [],
    evacuated: [],
    newest: null,
    goal: null,
    highest: 0,
    staging: null,
    applied: null,
    history: [],
    endpoints: {},
    owned: [],
    adopted: [],
    approved: [],
    removals: [],
    paused: null,
    frozen: null,
    facts: null,
    drift: null,
    regressed: null,
    rescue: null,
    keptBack: [],
    refused: [],
    blind: [],
    capacityRemoved: {},
    lastRegression: null,
    contradicted: null,
    capacityReturning: {},
    ahead: null,
    loosening: null,
    evacuatedBranches: [],
    ...NOTHING_HANDED_OVER,
  };
}
