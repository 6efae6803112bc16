import type { SeededDraw } from '../../lib/simulator/random/strategy.ts';
import { seededDraw } from '../../lib/simulator/random/strategy.ts';

/** What may happen to one request between a client and its service. The adapter must hide it from its caller. */
export type WireFault = 'throttled' | 'request lost' | 'answer lost';

/** Faults below the ports. A call meets at most one, however many requests it takes. */
export interface WireFaults {
  /** From here on this seed decides. Half of all seeds leave the wire undisturbed. */
  begin(seed: number): void;
  /** A call of a port begins. These faults may happen in it. */
  call(possible: readonly WireFault[]): void;
  /** Sends a request, unless a fault prevents it. */
  carry<T>(send: () => Promise<T>, throttled: () => T): Promise<T>;
  counts(): Readonly<Record<WireFault, number>>;
}

/** On average one call in so many is disturbed. */
const CALLS_A_FAULT = 4;
/** The fault hits the first or the second request of a call. */
const REQUESTS_DISTURBED = 2;

export function createWireFaults(): WireFaults {
  const counts = { throttled: 0, 'request lost': 0, 'answer lost': 0 };
  let draw: SeededDraw | undefined;
  let armed: { readonly fault: WireFault; after: number } | undefined;
  const take = (): WireFault | undefined => {
    if (armed === undefined) return undefined;
    const { fault, after } = armed;
    armed.after -= 1;
    if (after > 0) return undefined;
    armed = undefined;
    counts[fault] += 1;
    return fault;
  };
  return {
    begin: (seed) => {
      const drawn = seededDraw(seed);
      draw = drawn(2) === 0 ? drawn : undefined;
      armed = undefined;
    },
    call: (possible) => {
      armed = undefined;
      if (draw === undefined || draw(CALLS_A_FAULT) > 0) return;
      const fault = possible[draw(possible.length)];
      if (fault !== undefined) armed = { fault, after: draw(REQUESTS_DISTURBED) };
    },
    carry: async (send, throttled) => {
      const fault = take();
      if (fault === 'throttled') return throttled();
      if (fault === 'request lost') throw lost();
      const answer = await send();
      if (fault === 'answer lost') throw lost();
      return answer;
    },
    counts: () => counts,
  };
}

function lost(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
