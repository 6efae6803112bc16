import type { FencedKind } from '../plan/batch-kinds.ts';
import type { DnsName } from '../plan/names.ts';
import type { Change, RecordSet, RecordType } from '../plan/records.ts';

/** Where a page of records begins; compared in Route 53's order (reversed labels, then type, then set identifier). */
export interface RecordPosition {
  readonly name: DnsName;
  readonly type?: RecordType | undefined;
  readonly setIdentifier?: string | undefined;
}

export interface RecordPage {
  readonly records: readonly RecordSet[];
  /** Where the next page begins; absent when this was the last. */
  readonly next?: RecordPosition | undefined;
}

/**
 * The outcome of one attempt to change the zone, as far as the caller can know it.
 * `rejected`: Route 53 answered with a refusal (a conflict, a limit, a malformed batch).
 * `unknown`: no answer that can be believed; the batch may have landed, may land hours later, or never.
 * Neither says what the zone holds now: only reading it again does.
 */
export type ChangeOutcome =
  | { readonly type: 'accepted'; readonly changeId: string }
  | { readonly type: 'rejected'; readonly reason: string }
  | { readonly type: 'unknown'; readonly reason: string };

/** Which of a role's batches this is; the adapter asserts what each kind may contain before it is sent. */
export type BatchKind = FencedKind | 'scratch';

export interface Batch {
  readonly kind: BatchKind;
  readonly changes: readonly Change[];
  /** Shown in Route 53's change log; at most 256 characters. */
  readonly comment: string;
}

/** `unknown`: Route 53 does not know this change, or would not say; count it as pending until it is old. */
export type ChangeStatus = 'pending' | 'insync' | 'unknown';

export interface ZoneDescription {
  readonly id: string;
  readonly name: DnsName;
  readonly recordCount: number;
  readonly private: boolean;
  /**
   * Whether the zone's control plane moves to another Region when that of us-east-1 is down: Route 53's own word
   * (`ENABLED`, `ENABLING`, `ENABLE_FAILED`), absent where it was never asked for (HostedZoneFeatures, API reference).
   */
  readonly acceleratedRecovery?: string | undefined;
}

/**
 * One hosted zone. The only way that Pawl's workflows reach Route 53.
 * Every verb may throw {@link ZoneUnavailable}; a verb that only reads has then done nothing.
 */
export interface Zone {
  /** The hosted zone's id, without the `/hostedzone/` in front. */
  readonly id: string;
  /** One request. Read-your-writes for an account, PENDING changes included; pages are not one snapshot. At most 300 records. */
  listRecords(start: RecordPosition, limit: number): Promise<RecordPage>;
  /**
   * One request, all or nothing: an accepted batch is committed as a whole at one instant. The adapter sends it again
   * only after an answer that says it was not processed (`Throttling`, `PriorRequestNotComplete`), never after a doubt.
   */
  change(batch: Batch): Promise<ChangeOutcome>;
  /** One request. `insync`: every authoritative name server answers with the change. */
  changeStatus(changeId: string): Promise<ChangeStatus>;
  /** One request. The record count may lag. */
  describe(): Promise<ZoneDescription>;
}

/** Route 53 cannot be reached, refuses the caller, or has been throttling for longer than the deadline. */
export class ZoneUnavailable extends Error {
  override readonly name = 'ZoneUnavailable';
}

/** The hosted zone does not exist (for this account), so nothing about it can be read or written. */
export class ZoneNotFound extends Error {
  override readonly name = 'ZoneNotFound';
}
