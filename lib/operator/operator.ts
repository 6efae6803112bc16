import type { Writer } from '../cell/fenced-write.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What an operator's verb works with. */
export interface OperatorDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly telemetry: Telemetry;
  /** Who this is in events: `operator-ana`. */
  readonly name: string;
}

/** The same for verbs that touch the zone too: `writer` is the role `operator`, its zone guarded by the caller. */
export interface OperatorZoneDeps extends OperatorDeps {
  readonly writer: Writer;
}

/**
 * The outcome of a verb. `refused`: nothing was changed, unless the reason says what was. `unknown`: an answer was
 * lost; look at the cell before trying again.
 */
export type Outcome<T> =
  | ({ readonly type: 'done' } & T)
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unknown'; readonly reason: string };

/** The end of a verb that does not go through. */
export type NotDone = Exclude<Outcome<unknown>, { readonly type: 'done' }>;

export function refused(reason: string): { readonly type: 'refused'; readonly reason: string } {
  return { type: 'refused', reason };
}

export function unknown(reason: string): { readonly type: 'unknown'; readonly reason: string } {
  return { type: 'unknown', reason };
}

/** Without a fleet there is nothing to judge a plan by. */
export function noFleet(cell: CellName): NotDone {
  return refused(`No fleet has been pushed for cell ${cell}: push one first.`);
}

/**
 * The end of a verb whose fence Route 53 refuses although nobody has moved it: another attempt would end the same way.
 *
 * @param words Route 53's own, for a person.
 * @param verb what to do again once the cause is gone: `freeze`.
 */
export function fenceRefused(cell: CellName, words: string, verb: string): NotDone {
  return refused(
    `Route 53 refused to change the fence of cell ${cell}, and nobody else has moved it (${words.replace(/\.$/, '')}): mend what these words name, then ${verb} again.`,
  );
}
