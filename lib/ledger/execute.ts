import type { CellName } from '../plan/names.ts';
import { decide } from './decider/decide.ts';
import type { LedgerEvent } from './decider/events.ts';
import { storedFinding } from './decider/recorded-finding.ts';
import type { Head, Ledger } from './ledger.ts';

/** Losing this often in a row means something appends without pause, which no role of Pawl does. */
const ATTEMPTS_MAX = 200;

/** What became of a proposal. `recorded`: the log held it already. */
export type ExecuteOutcome =
  | { readonly type: 'appended'; readonly head: Head }
  | { readonly type: 'recorded'; readonly head: Head }
  | { readonly type: 'refused'; readonly reason: string; readonly head: Head }
  | { readonly type: 'unknown'; readonly reason: string };

export interface Occasion {
  readonly at: () => number;
  readonly by: string;
}

/**
 * Reads the head, has `propose` say what should follow it (undefined: nothing), decides, appends; a writer that
 * loses reads the head again and everything is decided anew on it.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function execute(
  ledger: Ledger,
  cell: CellName,
  occasion: Occasion,
  propose: (head: Head) => Promise<LedgerEvent | undefined> | LedgerEvent | undefined,
): Promise<ExecuteOutcome> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const head = await ledger.head(cell);
    const event = await propose(head);
    if (event === undefined) return { type: 'recorded', head };
    const outcome = await executeAt(ledger, head, occasion, event);
    if (outcome.type !== 'lost') return outcome;
  }
  return { type: 'unknown', reason: `lost the race for the next event ${ATTEMPTS_MAX} times in a row` };
}

/** Decides and appends at exactly the head given: `lost` when the log has moved on since it was read. */
export async function executeAt(
  ledger: Ledger,
  head: Head,
  occasion: Occasion,
  event: LedgerEvent,
): Promise<ExecuteOutcome | { readonly type: 'lost' }> {
  const decision = decide(event, head.state);
  switch (decision.type) {
    case 'recorded':
      return { type: 'recorded', head };
    case 'refused':
      return { type: 'refused', reason: decision.reason, head };
    case 'append':
      return ledger.append(head, { event: stored(decision.event), at: occasion.at(), by: occasion.by });
  }
}

/** The event as format 1 writes it: releases before this one show a finding by the sentence that they read. */
function stored(event: LedgerEvent): LedgerEvent {
  return event.type === 'PlanAppended' ? { ...event, findings: event.findings.map(storedFinding) } : event;
}
