import { invariant } from '../plan/invariant.ts';
import type { World } from './atlas.ts';
import type { Moment } from './behaviour.ts';

/** By actor: how often it has changed the world, and how many faults it has survived. */
export interface Tally {
  readonly changes: readonly number[];
  readonly faults: readonly number[];
}

/** Where one actor may be: its moment, and its requests that are in flight. Equal ones are the same object. */
export interface Local {
  readonly moment: Moment;
  readonly flying: readonly Moment[];
}

/** What somebody does in a place. */
export interface Move {
  readonly mover: number;
  readonly to: Place;
}

/** A world that was come to in one of the ways that add up to a tally. */
export interface Place {
  readonly id: number;
  readonly world: World;
  readonly tally: Tally;
  /** By actor: where it may be, whatever the others do meanwhile. */
  readonly locals: readonly Set<Local>[];
  readonly moves: Move[];
  /** The moves, as one number each. */
  readonly known: Set<number>;
}

/** Every place that was met, and who may be where in each. */
export interface Places {
  at(world: World, tally: Tally): Place;
  /** @returns undefined when it is known that this actor may be there. */
  enter(place: Place, index: number, moment: Moment, flying: readonly Moment[]): Local | undefined;
  /** @returns undefined when it is known. */
  connect(place: Place, mover: number, to: Place): Move | undefined;
  /** Pairs of a place and somewhere that an actor may be there. */
  size(): number;
}

/** @param actors how many there are. */
export function createPlaces(actors: number): Places {
  const places = new Map<string, Place>();
  const locals: readonly Map<number | string, Local>[] = Array.from({ length: actors }, () => new Map());
  let size = 0;
  const localOf = (index: number, moment: Moment, flying: readonly Moment[]): Local => {
    const known = locals[index];
    invariant(known !== undefined, `there is no actor ${index}`);
    const key = flying.length === 0 ? moment.id : [moment, ...flying].map(({ id }) => id).join();
    const local = known.get(key) ?? { moment, flying };
    known.set(key, local);
    return local;
  };
  return {
    at: (world, tally) => {
      const key = `${world.id}/${tally.changes.join()}/${tally.faults.join()}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      const place = {
        id: places.size,
        world,
        tally,
        locals: Array.from({ length: actors }, () => new Set<Local>()),
        moves: [],
        known: new Set<number>(),
      };
      places.set(key, place);
      return place;
    },
    enter: (place, index, moment, flying) => {
      const local = localOf(index, moment, flying);
      const there = localsOf(place, index);
      if (there.has(local)) return undefined;
      there.add(local);
      size += 1;
      return local;
    },
    connect: (place, mover, to) => {
      const key = to.id * actors + mover;
      if (place.known.has(key)) return undefined;
      place.known.add(key);
      const move = { mover, to };
      place.moves.push(move);
      return move;
    },
    size: () => size,
  };
}

/** Where an actor may be in a place. */
export function localsOf({ locals }: Place, index: number): Set<Local> {
  const there = locals[index];
  invariant(there !== undefined, `there is no actor ${index}`);
  return there;
}
