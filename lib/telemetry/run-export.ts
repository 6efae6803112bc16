import type { RunReadings } from './run-readings.ts';

/** Where the readings of runs go beside CloudWatch. Nothing of Pawl's work rests on it. */
export interface RunExport {
  /**
   * Sends what a run counted, once: what is not taken is lost there, and stands in CloudWatch all the same. Never throws.
   *
   * @param withinMs when it gives up, milliseconds; it resolves soon after, whatever the other side does.
   * @returns why it was not taken; undefined when it was.
   */
  send(readings: RunReadings, withinMs: number): Promise<string | undefined>;
}

/** An export, and as whom runs are exported. */
export interface WorkerExport {
  readonly to: RunExport;
  /** Who runs: `enactor-b`. Several workers count levels of the same cell, so it is an attribute of each. */
  readonly worker: string;
}
