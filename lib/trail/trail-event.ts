import type { RecordSet } from '../plan/records.ts';

/** Who sent a request, as the trail says it. */
export interface TrailWriter {
  /** How a person finds the sender again: the ARN where there is one. */
  readonly name: string;
  /** Everything by which the sender may be meant: ARN, the role's ARN, the user's name, the access key. */
  readonly names: readonly string[];
}

/** One element of a request. Pawl never sends an UPSERT, others do. */
export interface TrailChange {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly record: RecordSet;
}

/** The values of fences that a batch takes away and leaves: these link it to the batches before and after it. */
export interface FenceLinks {
  readonly takes: readonly string[];
  readonly leaves: readonly string[];
}

/** What became of a request, and what was in it. */
export type TrailContent =
  | {
      readonly type: 'batch';
      readonly changes: readonly TrailChange[];
      readonly changeId?: string;
    }
  /** It was accepted, and the trail does not have what was in it. */
  | { readonly type: 'omitted'; readonly changeId?: string }
  | { readonly type: 'refused' }
  /** The hosted zone was made: before this there was nothing in it. */
  | { readonly type: 'zone-made' };

/** One event of a trail that concerns records of a hosted zone. */
export interface TrailEvent {
  /** Unique: a trail may deliver the same event twice. */
  readonly id: string;
  /** Milliseconds since 1970, of whole seconds: the trail does not tell more. */
  readonly at: number;
  /** Without `/hostedzone/`; empty where the trail left out which: then something of any zone was omitted. */
  readonly zoneId: string;
  readonly who: TrailWriter;
  readonly content: TrailContent;
}

/** A file is no trail, or not the whole of one. The message is one sentence with what to do. */
export class TrailUnreadable extends Error {
  override readonly name = 'TrailUnreadable';
}
