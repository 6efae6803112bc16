import type { DnsName } from '../../plan/names.ts';
import type { CommandDecision } from './command-decision.ts';
import { append, recorded, refused, unless } from './command-decision.ts';
import type { HandoverEvent } from './events.ts';
import { HANDED_OVER_MAX } from './handover-state.ts';
import type { CellState } from './state.ts';

type Of<Type extends HandoverEvent['type']> = Extract<HandoverEvent, { readonly type: Type }>;

/**
 * Decides on what the log says of endpoints that go over to another cell. Each event names what is news of it alone: a
 * command that is asked for again is recorded already (docs/adr/0072-an-endpoint-is-handed-over.md).
 */
export function considerHandover(proposal: HandoverEvent, state: CellState): CommandDecision {
  switch (proposal.type) {
    case 'EndpointsOffered':
      return offered(proposal, state);
    case 'OffersWithdrawn':
      return ofThese(proposal, (name) =>
        state.offers.some((offer) => offer.name === name && offer.withdrawn !== true),
      );
    case 'OffersEnded':
      return ofThese(proposal, (name) => state.offers.some((offer) => offer.name === name));
    case 'EndpointsGiven':
      return ofThese(proposal, (name) =>
        state.offers.some((offer) => offer.name === name && offer.to === proposal.to),
      );
    case 'EndpointsAwaited':
      return awaited(proposal, state);
    case 'EndpointsTaken':
      return ofThese(proposal, (name) =>
        state.awaited.some((each) => each.name === name && each.from === proposal.from),
      );
  }
}

/** The event with those of its names that are news; nothing where none is. */
function ofThese<Event extends HandoverEvent>(
  proposal: Event,
  isNews: (name: DnsName) => boolean,
): CommandDecision {
  const names = proposal.names.filter(isNews);
  return names.length === 0 ? recorded : append({ ...proposal, names });
}

function offered(proposal: Of<'EndpointsOffered'>, state: CellState): CommandDecision {
  const { names, to, ledger } = proposal;
  const { cell } = state;
  if (to === cell) return refused(`Cell ${cell} cannot hand an endpoint over to itself: name another cell.`);
  const foreign = names.find((name) => !state.owned.includes(name));
  if (foreign !== undefined)
    return refused(`${foreign} is not an endpoint of cell ${cell}, so that it cannot hand it over.`);
  const other = state.offers.find(
    (offer) =>
      names.includes(offer.name) && (offer.to !== to || offer.ledger !== ledger || offer.withdrawn === true),
  );
  if (other !== undefined) {
    const until =
      other.withdrawn === true ? 'is being withdrawn: wait until it is' : 'stands: withdraw it first';
    return refused(`An offer of ${other.name} from cell ${cell} to cell ${other.to} ${until}.`);
  }
  const fresh = names.filter((name) => !state.offers.some((offer) => offer.name === name));
  if (state.offers.length + fresh.length > HANDED_OVER_MAX)
    return refused(
      `Cell ${cell} would offer more than ${HANDED_OVER_MAX} endpoints at once: let some go over first.`,
    );
  return fresh.length === 0 ? recorded : append({ ...proposal, names: fresh });
}

function awaited(proposal: Of<'EndpointsAwaited'>, state: CellState): CommandDecision {
  const { names, from } = proposal;
  if (from === null) return ofThese(proposal, (name) => state.awaited.some((each) => each.name === name));
  if (from === state.cell)
    return refused(`Cell ${from} cannot take an endpoint over from itself: name another cell.`);
  const isAwaited = (name: DnsName): boolean =>
    state.awaited.some((each) => each.name === name && each.from === from);
  // What it offers may be taken already, and come back: its log has yet to learn of that.
  const isKept = (name: DnsName): boolean =>
    state.owned.includes(name) && !state.offers.some((offer) => offer.name === name);
  const fresh = names.filter((name) => !isKept(name) && !isAwaited(name));
  const others = state.awaited.filter(({ name }) => !fresh.includes(name));
  if (others.length + fresh.length > HANDED_OVER_MAX)
    return refused(
      `Cell ${state.cell} would await more than ${HANDED_OVER_MAX} endpoints at once: let some come over first.`,
    );
  return unless(fresh.length === 0, { ...proposal, names: fresh });
}
