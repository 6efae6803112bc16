import type { LedgerEvent } from './events.ts';

/**
 * What `decide` makes of a command. `append`: the event to append. `recorded`: the log holds that event already, so
 * nothing is appended. `refused`: the event may not follow the state; the sentence is for a person.
 */
export type CommandDecision =
  | { readonly type: 'append'; readonly event: LedgerEvent }
  | { readonly type: 'recorded' }
  | { readonly type: 'refused'; readonly reason: string };

export const recorded: CommandDecision = { type: 'recorded' };

export function append(event: LedgerEvent): CommandDecision {
  return { type: 'append', event };
}

export function refused(reason: string): CommandDecision {
  return { type: 'refused', reason };
}

/** Appends what the log does not know yet. */
export function unless(known: boolean, event: LedgerEvent): CommandDecision {
  return known ? recorded : append(event);
}
