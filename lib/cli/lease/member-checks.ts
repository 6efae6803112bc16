import { spawn } from 'node:child_process';

/** Bounds of the checks of one period. */
export interface CheckBounds {
  readonly atOnce: number;
  /** A check that takes longer is ended, and its member is out. */
  readonly timeoutMs: number;
  /** No check begins after this. Less than the shortest period. */
  readonly beginWithinMs: number;
}

export const CHECK_BOUNDS: CheckBounds = { atOnce: 8, timeoutMs: 5_000, beginWithinMs: 12_000 };

export interface MemberChecks {
  /**
   * Checks these members, a few at a time, and says which of them serve. A member whose check could not begin in time
   * keeps what was found last, and is the first to be checked next time; one that was never checked is out.
   */
  serving(names: readonly string[], stop: AbortSignal): Promise<ReadonlySet<string>>;
}

/**
 * Checks members by a command: exit code 0 serves, anything else is out.
 *
 * @param command run by `sh -c` with PAWL_MEMBER in its environment; what it prints is dropped.
 * @param elapsedMs of a stopwatch.
 */
export function memberChecks(
  command: string,
  elapsedMs: () => number,
  bounds: CheckBounds = CHECK_BOUNDS,
): MemberChecks {
  let found: ReadonlyMap<string, boolean> = new Map();
  let next = 0;
  return {
    serving: async (names, stop) => {
      const end = elapsedMs() + bounds.beginWithinMs;
      const known = new Map(names.map((name) => [name, found.get(name) === true]));
      const order = names.map((_, index) => names[(next + index) % names.length] ?? '');
      let begun = 0;
      const one = async (): Promise<void> => {
        while (begun < order.length && elapsedMs() < end && !stop.aborted) {
          const name = order[begun] ?? '';
          begun += 1;
          known.set(name, await succeeds(command, name, bounds.timeoutMs, stop));
        }
      };
      await Promise.all(Array.from({ length: bounds.atOnce }, one));
      found = known;
      next = (next + begun) % names.length;
      return new Set(names.filter((name) => known.get(name) === true));
    },
  };
}

function succeeds(command: string, member: string, timeoutMs: number, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // A group of its own, so that whatever the command began ends with it.
    const child = spawn('env', [`PAWL_MEMBER=${member}`, 'sh', '-c', command], {
      stdio: 'ignore',
      detached: true,
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid);
      settle(false);
    };
    const timer = setTimeout(end, timeoutMs);
    const settle = (serves: boolean): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve(serves);
    };
    stop.addEventListener('abort', end, { once: true });
    child.once('error', () => settle(false));
    child.once('close', (code) => settle(code === 0));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
