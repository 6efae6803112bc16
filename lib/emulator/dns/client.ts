import type { IpBlock } from '../places/ip-block.ts';
import type { ClientPlace, PlaceTable } from '../places/places.ts';
import { placeOf } from '../places/places.ts';

/** Who asks, within one query. An answer for which none of it was read is the same for everybody. */
export interface Client {
  place(): ClientPlace;
  /** Undefined for a client that is not known at all. */
  network(): IpBlock | undefined;
  /** Whether the place or the network was read, so that the answer may be another for another client. */
  readonly mattered: () => boolean;
}

/** The client at an address, or in the network that a resolver names in its stead (RFC 7871). */
export function clientIn(places: PlaceTable, network: IpBlock | undefined): Client {
  let place: ClientPlace | undefined;
  let read = false;
  return {
    place: () => {
      read = true;
      place ??= placeOf(places, network);
      return place;
    },
    network: () => {
      read = true;
      return network;
    },
    mattered: () => read,
  };
}
