import type { CommandNamed } from '../ledger/decider/commands.ts';
import { decide } from '../ledger/decider/decide.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { noFleet, refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

/** What a person says of endpoints that go over from a cell to another one, or come from there. */
export type HandoverCommand = CommandNamed<'OfferEndpoints' | 'AwaitEndpoints' | 'WithdrawOffers'>;

export interface HandoverRequest {
  readonly cell: CellName;
  readonly command: HandoverCommand;
  /** False: say what would be recorded, and write nothing. */
  readonly apply: boolean;
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
  { cell, command, apply }: HandoverRequest,
): Promise<Outcome<RecordedHandover>> {
  const { state } = await deps.ledger.head(cell);
  const ledger = deps.ledger.id;
  if (state.fleet === null && command.type !== 'AwaitEndpoints') return noFleet(cell);
  if (!canRecord(state, 'EndpointsOffered'))
    return refused(
      `Cell ${cell} is written in format ${state.format}, which has no handovers: "pawl upgrade ${cell}" first.`,
    );
  const outside =
    state.fleet === null ? undefined : command.names.find((name) => !name.endsWith(state.fleet?.zone ?? ''));
  if (outside !== undefined)
    return refused(`${outside} is not in the zone of cell ${cell}: a handover is between cells of one zone.`);
  const decision = decide(command, state);
  if (decision.type === 'refused') return refused(decision.reason);
  if (decision.type === 'recorded') return { type: 'done', names: [], ledger };
  const names = 'names' in decision.event ? decision.event.names : [];
  if (!apply) return { type: 'done', names, ledger };
  const outcome = await recordEvent(deps, cell, () => command);
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', names: outcome.type === 'appended' ? names : [], ledger };
}
