import type { DnsName } from '../../plan/names.ts';
import type { HandoverEvent, LedgerEvent } from './events.ts';
import { GIVEN_MAX } from './handover-state.ts';
import type { CellState } from './state.ts';

const HANDOVERS: Readonly<Record<HandoverEvent['type'], true>> = {
  EndpointsOffered: true,
  OffersWithdrawn: true,
  OffersEnded: true,
  EndpointsGiven: true,
  EndpointsAwaited: true,
  EndpointsTaken: true,
};

/** Whether an event is about endpoints that go over from one cell to another. */
export function isHandover(event: LedgerEvent): event is HandoverEvent {
  return Object.hasOwn(HANDOVERS, event.type);
}

/** The state after an event about endpoints that go over to another cell. Pure and total. */
export function handedOver(state: CellState, event: HandoverEvent, at: number): CellState {
  const names = new Set(event.names);
  const others = <Entry extends { readonly name: DnsName }>(entries: readonly Entry[]): readonly Entry[] =>
    entries.filter(({ name }) => !names.has(name));
  switch (event.type) {
    case 'EndpointsOffered': {
      const { to, ledger } = event;
      const fresh = event.names.map((name) => ({ name, to, ledger, at }));
      return { ...state, offers: byName([...others(state.offers), ...fresh]) };
    }
    case 'OffersWithdrawn': {
      const offers = state.offers.map((offer) =>
        names.has(offer.name) ? { ...offer, withdrawn: true as const } : offer,
      );
      return { ...state, offers };
    }
    case 'OffersEnded':
      return { ...state, offers: others(state.offers) };
    case 'EndpointsGiven':
      return given(state, event, at);
    case 'EndpointsAwaited': {
      const { from } = event;
      const kept = others(state.awaited);
      if (from === null) return { ...state, awaited: kept };
      const fresh = event.names.map((name) => ({ name, from, at }));
      return { ...state, awaited: byName([...kept, ...fresh]) };
    }
    case 'EndpointsTaken': {
      const owned = [...new Set([...state.owned, ...event.names])];
      return { ...state, awaited: others(state.awaited), given: others(state.given), owned };
    }
  }
}

function given(
  state: CellState,
  { names, to }: Extract<HandoverEvent, { readonly type: 'EndpointsGiven' }>,
  at: number,
): CellState {
  const gone = new Set(names);
  const stays = ({ name }: { readonly name: DnsName }): boolean => !gone.has(name);
  const { applied } = state;
  return {
    ...state,
    offers: state.offers.filter(stays),
    given: [...names.map((name) => ({ name, to, at })), ...state.given.filter(stays)].slice(0, GIVEN_MAX),
    owned: state.owned.filter((name) => !gone.has(name)),
    adopted: state.adopted.filter((name) => !gone.has(name)),
    keptBack: state.keptBack.filter(stays),
    refused: state.refused.filter(stays),
    // Nobody here knows the change that took them: a janitor makes one to wait for, before it retires what they left.
    applied: applied === null ? null : withoutChange(applied),
  };
}

function withoutChange({
  changeId: _,
  ...applied
}: NonNullable<CellState['applied']>): NonNullable<CellState['applied']> {
  return applied;
}

/**
 * What is owned once a plan is applied: of an endpoint that another cell has taken, or has not given yet, nothing is this
 * cell's, whoever recorded the plan, and however late.
 */
export function ownedOf({ owned, given, awaited }: CellState): readonly DnsName[] {
  if (given.length + awaited.length === 0) return owned;
  const others = new Set([...given, ...awaited].map(({ name }) => name));
  return owned.filter((name) => !others.has(name));
}

/** Names of the cell's plans and fleet that another cell has taken, and that this one does not take back. */
export function goneNames({ given, awaited }: Pick<CellState, 'given' | 'awaited'>): ReadonlySet<DnsName> {
  const back = new Set(awaited.map(({ name }) => name));
  return new Set(given.map(({ name }) => name).filter((name) => !back.has(name)));
}

function byName<Entry extends { readonly name: DnsName }>(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}
