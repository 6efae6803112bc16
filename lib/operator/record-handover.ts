import type { CommandNamed } from '../ledger/decider/commands.ts';
import { decide } from '../ledger/decider/decide.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { beginFormat, firstFormat } from './push-fleet.ts';
import { recordEvent } from './record-event.ts';

/** What a person says of endpoints that go over from a cell to another one, or come from there. */
export type HandoverCommand = CommandNamed<'OfferEndpoints' | 'AwaitEndpoints' | 'WithdrawOffers'>;

export interface HandoverRequest {
  readonly cell: CellName;
  readonly command: HandoverCommand;
  /** False: say what would be recorded, and write nothing. */
  readonly apply: boolean;
  /** The newest format of a log that everybody at work reads: a new cell begins in no newer one. */
  readonly functionsRead?: number | undefined;
}

export interface RecordedHandover {
  /** The names of which it is news; none where the log says all of it already. */
  readonly names: readonly DnsName[];
  /** The identity of the cell's ledger, which an offer to this cell has to name. */
  readonly ledger: string;
}

/**
 * Records one half of a handover by itself: for two cells of one ledger a pushed fleet records both. Enactors of both
 * cells do the rest (docs/adr/0072-an-endpoint-is-handed-over.md).
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function recordHandover(
  deps: OperatorDeps,
  { cell, command, apply, functionsRead }: HandoverRequest,
): Promise<Outcome<RecordedHandover>> {
  const { state: read } = await deps.ledger.head(cell);
  const ledger = deps.ledger.id;
  if (read.fleet === null && command.type === 'OfferEndpoints') return noFleet(cell);
  // A cell that takes may be awaited before its first fleet is pushed: it begins as a push would have it begin.
  const begins = read.fleet === null ? await firstFormat(deps, functionsRead) : read.format;
  const state = { ...read, format: Math.max(read.format, begins) };
  if (!canRecord(state, 'EndpointsOffered'))
    return refused(
      `Cell ${cell} is written in format ${state.format}, which has no handovers: "pawl upgrade ${cell}" first.`,
    );
  const zone = state.fleet?.zone;
  const outside = zone === undefined ? undefined : command.names.find((name) => !isWithin(name, zone));
  if (outside !== undefined)
    return refused(`${outside} is not in the zone of cell ${cell}: a handover is between cells of one zone.`);
  const decision = decide(command, state);
  if (decision.type === 'refused') return refused(decision.reason);
  if (decision.type === 'recorded') return { type: 'done', names: [], ledger };
  const names = 'names' in decision.event ? decision.event.names : [];
  if (!apply) return { type: 'done', names, ledger };
  const trouble = await beginFormat(deps, { cell, state: read }, begins);
  if (trouble !== undefined) return trouble;
  const outcome = await recordEvent(deps, cell, () => command);
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', names: outcome.type === 'appended' ? names : [], ledger };
}
