import { spawn } from 'node:child_process';
import { BadInput } from '../command/failures.ts';

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
   * keeps what was found last, and is the first to be checked next time; one that was never checked is as it was before
   * this process, or out.
   *
   * @throws BadInput when the command cannot be run for any of them: that says nothing of a member.
   */
  serving(names: readonly string[], stop: AbortSignal): Promise<ReadonlySet<string>>;
}

/**
 * Checks members by a command: exit code 0 serves, anything else is out.
 *
 * @param command run by `sh -c` with PAWL_MEMBER in its environment; what it prints is dropped.
 * @param elapsedMs of a stopwatch.
 * @param before whoever served in the row of the process before this one.
 */
export function memberChecks(
  command: string,
  elapsedMs: () => number,
  {
    bounds = CHECK_BOUNDS,
    before = [],
  }: { readonly bounds?: CheckBounds; readonly before?: readonly string[] } = {},
): MemberChecks {
  let found: ReadonlyMap<string, boolean> = new Map(before.map((name) => [name, true]));
  let next = 0;
  return {
    serving: async (names, stop) => {
      if (names.length === 0) return new Set();
      const end = elapsedMs() + bounds.beginWithinMs;
      const known = new Map(names.map((name) => [name, found.get(name) === true]));
      const order = names.map((_, index) => names[(next + index) % names.length] ?? '');
      const refused: string[] = [];
      let begun = 0;
      const one = async (): Promise<void> => {
        while (begun < order.length && elapsedMs() < end && !stop.aborted) {
          const name = order[begun] ?? '';
          begun += 1;
          const result = await checked(command, name, bounds.timeoutMs, stop);
          if (result.type === 'cannot') refused.push(`for ${name} (${result.why})`);
          known.set(name, result.type === 'serves');
        }
      };
      await Promise.all(Array.from({ length: bounds.atOnce }, one));
      // One such member may be broken by itself; where it is everybody, the command is.
      if (refused.length > 0 && refused.length === begun)
        throw new BadInput(`The check cannot be run ${refused[0]}: mend the command.`);
      found = known;
      next = (next + begun) % names.length;
      return new Set(names.filter((name) => known.get(name) === true));
    },
  };
}

type Checked = { readonly type: 'serves' | 'out' } | { readonly type: 'cannot'; readonly why: string };

/** A command that is not there, or may not be executed (POSIX, "Exit Status for Commands"). */
const CANNOT: readonly number[] = [126, 127];

function checked(command: string, member: string, timeoutMs: number, stop: AbortSignal): Promise<Checked> {
  return new Promise((resolve) => {
    // A group of its own, so that whatever the command began ends with it.
    const child = spawn('env', [`PAWL_MEMBER=${member}`, 'sh', '-c', command], {
      stdio: 'ignore',
      detached: true,
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid);
      settle({ type: 'out' });
    };
    const timer = setTimeout(end, timeoutMs);
    const settle = (result: Checked): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve(result);
    };
    stop.addEventListener('abort', end, { once: true });
    child.once('error', ({ message }) => settle({ type: 'cannot', why: message }));
    child.once('close', (code) => {
      if (code !== null && CANNOT.includes(code)) settle({ type: 'cannot', why: `exit code ${code}` });
      else settle({ type: code === 0 ? 'serves' : 'out' });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile, or has become another user's: then it ends by itself.
  }
}
