import { virtualTime } from '../ports/virtual-time.ts';

/** Virtual time in which actors wait, and what is due in it. */
export interface Agenda {
  /** True time, milliseconds since 1970. */
  now(): number;
  /** Lets something happen at a time; at once if the time is over. Of several at one time the first one entered is first. */
  at(ms: number, act: () => void): void;
  /** Resolves at a time. */
  until(ms: number): Promise<void>;
  /** Lets an actor begin. Its error ends the play. */
  begin(actor: () => Promise<void>): void;
  /** Plays to the end of a time. @throws the first error of whatever happens until then. */
  playUntil(ms: number): Promise<void>;
}

interface Due {
  readonly ms: number;
  readonly act: () => void;
}

/** @param start milliseconds since 1970. */
export function agendaFrom(start: number): Agenda {
  const time = virtualTime(start);
  /** Latest first. */
  const dues: Due[] = [];
  const failures: unknown[] = [];
  const at = (ms: number, act: () => void): void => {
    const due = Math.max(ms, time.now());
    let [low, high] = [0, dues.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((dues[middle]?.ms ?? 0) > due) low = middle + 1;
      else high = middle;
    }
    dues.splice(low, 0, { ms: due, act });
  };
  return {
    now: () => time.now(),
    at,
    until: (ms) => new Promise((resolve) => at(ms, resolve)),
    begin: (actor) => {
      actor().catch((error: unknown) => failures.push(error));
    },
    playUntil: async (ms) => {
      for (let next = dues.at(-1); next !== undefined && next.ms <= ms; next = dues.at(-1)) {
        dues.pop();
        time.advanceTo(next.ms);
        next.act();
        await everyoneWaits();
        if (failures.length > 0) throw failures[0];
      }
      time.advanceTo(ms);
    },
  };
}

/** Everybody who was woken goes on until it waits for a later time. */
function everyoneWaits(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
