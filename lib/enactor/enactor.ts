import type { Writer } from '../cell/fenced-write.ts';
import type { InsyncSettings } from '../cell/insync.ts';
import type { EndpointRefused } from '../ledger/decider/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FencedKind } from '../plan/batch-kinds.ts';
import type { HeadMark } from '../plan/fence.ts';
import type { Generation, Seq } from '../plan/generation.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { UntrustworthyListing } from '../zone/read-records.ts';
import type { ZoneQuota } from '../zone/zone-quota.ts';

/** The port by which an enactor has another one started. */
export interface SuccessorCall {
  /**
   * Asks that one enactor looks at the cell at about that time. A hint: it may be lost, come late, or come twice.
   *
   * @throws any error where it was certainly or perhaps not taken.
   */
  ask(cell: CellName, at: Instant): Promise<void>;
}

/** What an enactor works with: one cell's zone and the ledger. */
export interface EnactorDeps {
  readonly writer: Writer;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly settings: InsyncSettings;
  /** Asked once Route 53 has refused a batch that adds records; without it such a refusal is narrowed down as any other. */
  readonly quota?: ZoneQuota | undefined;
  /** Where there is one, a run does not stand by while trees propagate: it ends, and its successor goes on. */
  readonly successor?: SuccessorCall | undefined;
  /** The mark of the cell's own fence that this pass has read; nothing is appended past it unsaid. */
  readonly anchor?: HeadMark | undefined;
}

export interface EnactRequest {
  /** hint: there may be a new plan; one call if there is none. sweep: read the zone itself, and repair it. */
  readonly mode: 'hint' | 'sweep';
  /** Nothing new is begun after this; the next run goes on. */
  readonly deadline: Instant;
  /** The run is a successor: another one has ended while its trees were on their way. */
  readonly follows?: boolean;
}

/** What a run came to. Every one of them is a normal end. */
export type EnactOutcome =
  | {
      readonly type: 'applied';
      readonly generation: Generation;
      readonly seq: Seq;
      readonly reason: 'flip' | 'repair';
    }
  | { readonly type: 'converged'; readonly generation: Generation }
  /** Everything of the goal is in the zone but these endpoints, whose records Route 53 refuses. */
  | {
      readonly type: 'blocked';
      readonly generation: Generation;
      readonly endpoints: readonly BlockedEndpoint[];
    }
  /** The goal's trees are on their way to every name server, and nobody stands by. */
  | {
      readonly type: 'propagating';
      readonly generation: Generation;
      /** The changes that are not INSYNC, by id. */
      readonly changes: readonly string[];
      /** When a successor was asked to look; null: the next sweep looks. */
      readonly lookAgainAt: Instant | null;
    }
  /** The zone has no room yet for all that the goal needs, records: a janitor makes it. */
  | {
      readonly type: 'no-room';
      readonly generation: Generation;
      readonly needs: number;
      readonly free: number;
      /** Route 53's own words, where it refused the batch because the log knew another limit; absent: nothing was sent. */
      readonly refusal?: string;
    }
  /** Another writer overtook what this run had decided, and brought the cell to its goal. */
  | { readonly type: 'superseded'; readonly generation: Generation; readonly by: string }
  | { readonly type: 'idle'; readonly reason: string }
  | { readonly type: 'frozen'; readonly by: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unfinished'; readonly reason: string };

/** What a plan waits for that the zone has no room for yet, as a sentence. */
export function noRoomText({
  generation,
  needs,
  free,
  refusal,
}: Extract<EnactOutcome, { type: 'no-room' }>): string {
  const words = refusal === undefined ? '' : `Route 53 refused a batch (${refusal}). `;
  return `${words}Generation ${generation} needs ${needs} records and ${free} are free: a janitor makes room by what is only retained, and then the next sweep goes on.`;
}

export interface BlockedEndpoint {
  readonly name: DnsName;
  /** Route 53's own words, or what stands in the way. */
  readonly reason: string;
}

/** Why an endpoint is left out of its plan: what the log records of it. */
export type Refusal = Omit<EndpointRefused, 'type'>;

/** A batch that Route 53 rejected, as far as it can be recognised when the next pass decides it again. */
export interface RejectedBatch {
  readonly kind: FencedKind;
  /** The fence that it rested on; see `fenceKey`. */
  readonly fence: string;
  /** The other cell's fence that it rested on too; see `fenceKey`. */
  readonly beside: string | undefined;
  /** Its parts by id. */
  readonly ids: readonly string[];
  /** Equal for parts with equal ids and changes. */
  readonly digest: string;
  readonly reason: string;
}

/**
 * The zone as a run knows it: listed whole under a fence, and carried on by the run's own batches. Every batch of Pawl
 * moves the fence to a value that never stood before, and Route 53 refuses a batch whose fence has moved. So as long as
 * each batch of the run was accepted and its last fence still stands, no writer of Pawl has come between, and the zone
 * holds what was listed and what the run wrote. See docs/adr/0063-a-run-need-not-read-what-it-wrote.md.
 */
export interface ZoneUnderFence {
  /** The fence under which the view holds; see `fenceKey`. */
  readonly fence: string;
  readonly view: ZoneView;
}

/** What one run remembers between its passes: what was sent, lost, refused or waited for, and the zone under its fence. */
export interface Run {
  readonly request: EnactRequest;
  readonly startedAt: number;
  /** True once the zone itself must be known: a sweep, or anything that was refused or doubtful. */
  readZone: boolean;
  /** Writes that lost a race, or whose answer was lost. */
  lost: number;
  /** Why the last write may not have gone through. */
  lostReason: string;
  /** The number of the log's last event when the fence first looked as if a hand had put it back; see `fence-cases.ts`. */
  suspectedAt: number | undefined;
  /** The zone, as long as the fence stands under which it is known; undefined: only a listing shows it. */
  known: ZoneUnderFence | undefined;
  readonly insync: Set<string>;
  /** Whether this run has to ask for a successor while trees are on their way: it staged some, or follows who did. */
  follows: boolean;
  /** Changes that Route 53 does not know: what they wrote may be lost. */
  readonly unknown: Set<string>;
  /** The last batch that Route 53 rejected, until a pass knows whether it lost a race or was refused. */
  rejected: RejectedBatch | undefined;
  /** The parts among which is one that Route 53 refuses, by id; empty when none is looked for. */
  suspects: readonly string[];
  /** Batches sent since the run began, or since the last culprit was found. */
  sent: number;
  /** Whether a batch went through since the search for the culprit began. */
  landed: boolean;
  /** What is left out of its plan, by name. */
  readonly refused: Map<DnsName, Refusal>;
  /** Whether this run has asked how much the zone may hold. */
  askedLimit: boolean;
  /** Why a listing of this run is not believed. What rests on it is not recorded, and the run does not end well. */
  doubted: UntrustworthyListing | undefined;
  /** Route 53 refuses to let rollback roots point elsewhere, so that they make no room. */
  keepsRollbacks: boolean;
  /** Route 53 refuses the offers of this run, and nothing else waits for them. */
  leavesOffers: boolean;
  /**
   * The fence that this run wrote last with offers or their end, and what the log said was withdrawn when it was decided:
   * whoever made an offer of these had to read the log before, and their batches match no fence any more.
   */
  settledOffers: { readonly fence: string; readonly names: ReadonlySet<DnsName> } | undefined;
  /** The fence under which this run has waited for whoever stages to record it. */
  waitedUnder: string | undefined;
}
