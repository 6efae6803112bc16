import type { PendingCall } from '../ports/port-call.ts';
import { siteOf } from '../ports/port-call.ts';

/** A situation that a campaign must meet. A campaign that never meets it proves nothing about it. */
export interface Sighting {
  readonly name: string;
}

const declared: Sighting[] = [];

/** Declares a situation, beside the line that sees it. */
export function sighting(name: string): Sighting {
  const made = { name };
  declared.push(made);
  return made;
}

/** The names of all declared situations. */
export function sightingNames(): readonly string[] {
  return declared.map(({ name }) => name);
}

/** Counts how often each situation was met. */
export interface Sightings {
  note(what: Sighting): void;
  /** A fault hit an actor in a call. */
  fault(role: string, call: PendingCall, fault: string): void;
  /** The counts by name, in order. */
  counts(): Readonly<Record<string, number>>;
}

export function createSightings(): Sightings {
  const counts = new Map<string, number>();
  const add = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  return {
    note: ({ name }) => add(name),
    fault: (role, call, fault) => add(`fault ${role} ${siteOf(call)} ${fault}`),
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
