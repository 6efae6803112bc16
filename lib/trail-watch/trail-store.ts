import type { TrailEvent } from '../trail/trail-event.ts';

/** One file that CloudTrail has delivered. */
export interface TrailObject {
  readonly key: string;
  /** The minute in its name, milliseconds since 1970. */
  readonly delivered: number;
}

/** Where CloudTrail leaves its files. Both verbs may throw {@link TrailAway}. */
export interface TrailStore {
  /** Everything delivered from one instant to another, both included, in that order. */
  objects(from: number, upTo: number): Promise<readonly TrailObject[]>;
  /** The events of a file about records of zones. Throws TrailUnreadable where the file itself is at fault. */
  events(object: TrailObject): Promise<readonly TrailEvent[]>;
}

/** What a pass leaves for the next one. */
export interface TrailMemory {
  /** How often it was written. */
  readonly version: number;
  /** Everything that was delivered before this instant has been read, milliseconds since 1970. */
  readonly reached: number;
  /** The findings that were told, each with its time: those that another pass could find again. */
  readonly told: ReadonlyMap<string, number>;
}

/** Where that is kept. Both verbs may throw {@link TrailAway}. */
export interface TrailMemoryStore {
  read(): Promise<TrailMemory | undefined>;
  /** One write, on condition that `before`, which was read, still stands: TrailAway when it does not. */
  write(memory: TrailMemory, before: TrailMemory | undefined): Promise<void>;
}

/** The trail, or what is remembered of it, cannot be reached: nothing was forgotten, and the next pass begins there. */
export class TrailAway extends Error {
  override readonly name = 'TrailAway';
}
