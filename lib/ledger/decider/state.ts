import type { CellPolicy } from '../../plan/fleet-model.ts';
import type { Generation, Seq } from '../../plan/generation.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { TreeLabel } from '../../plan/owned-names.ts';
import type { BodyDigest, PlanLane, PlanOrigin, ZoneFacts } from './events.ts';

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

/** What the log says of one endpoint name (relative form). */
export interface EndpointState {
  /** Trees that a plan made and no janitor has retired. */
  readonly trees: readonly TreeLabel[];
  readonly rollback?: TreeLabel;
}

/** The fold of a cell's log. Kept under STATE_CHARS_MAX: bodies are named by digest, every list is bounded. */
export interface CellState {
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
  readonly removals: readonly { readonly at: number; readonly permille: number }[];
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
/** The folded state's own bound, characters of JSON (docs/adr/0010-room-in-the-state.md). */
export const STATE_CHARS_MAX = 128_000;

/**
 * The format of a cell without events, which every release reads. FormatRaised raises it
 * (docs/adr/0040-formats-of-what-is-stored.md).
 */
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
  };
}
