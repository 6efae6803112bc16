import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, distinguished from any later one that is given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, as the system says it; null where the system does not say. */
  readonly startedAt: string | null;
}

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
/** Of the fields after the command's name in /proc/PID/stat: "starttime" (proc_pid_stat(5), field 22). */
const START_FIELD = 19;
const PS_TIMEOUT_MS = 2_000;

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, startedAt: startOf(process.pid) };
}

/**
 * Whether exactly this process still runs. Where the system does not say when a process began, any process with
 * that id counts: a world that is gone may then seem to be alive, never the other way round.
 */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  if (!isTaken(pid)) return false;
  const now = startOf(pid);
  return startedAt === null || now === null || now === startedAt;
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function startOf(pid: number): string | null {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
}

function startFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in brackets and may hold anything, brackets and blanks included.
    const ticks = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(START_FIELD);
    return ticks === undefined ? null : `${readFileSync(BOOT_ID_FILE, 'utf8').trim()} ${ticks}`;
  } catch {
    return null;
  }
}

function startFromPs(pid: number): string | null {
  try {
    const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { env, timeout: PS_TIMEOUT_MS });
    return told.toString('utf8').trim() || null;
  } catch {
    return null;
  }
}
