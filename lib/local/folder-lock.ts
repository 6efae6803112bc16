import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import type { ProcessIdentity } from '../wiring/process-identity.ts';
import { isRunning, thisProcess } from '../wiring/process-identity.ts';

export interface FolderLock {
  /** Names this hold on the folder; no other hold, before or after, has the same. */
  readonly token: string;
  release(): Promise<void>;
}

export interface LockDeps {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly randomness: Randomness;
}

/** A live process holds the folder. */
export class FolderLocked extends Error {
  override readonly name = 'FolderLocked';
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(
      `A world of process ${pid} runs on the folder ${folder} already: end it first, or give another --folder.`,
    );
    this.pid = pid;
  }
}

const CLAIM = /^world-(\d+)-[a-z0-9]+\.lock$/;
const ROUNDS_MAX = 8;
const PAUSE_MS = 20;
const PAUSE_SPREAD_MS = 60;

/**
 * Holds the folder for one world. LevelDB has a lock of its own, but a world that fails at that lock is already half
 * started.
 *
 * Every process first claims the folder with a file under a name that is used once, then looks for other claims whose
 * process is alive; a process that finds one removes its own claim. So of two processes at most one keeps its claim. A
 * claim whose process is gone can be removed by anybody at any time: no live claim will ever have that name, so a claim
 * that was stale when it was read cannot be live when it is removed.
 *
 * @throws FolderLocked when another process holds it.
 */
export async function lockFolder(folder: string, deps: LockDeps): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  let holder = process.pid;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const claim = await stake(folder, deps.randomness);
    const other = await otherClaim(folder, claim.file);
    if (other === undefined) {
      return { token: claim.token, release: () => rm(join(folder, claim.file), { force: true }) };
    }
    await rm(join(folder, claim.file), { force: true });
    holder = other;
    // Two that claimed at once have both removed their claims; unequal pauses let one of them find the folder free.
    await deps.clock.sleep(Math.round(PAUSE_MS + deps.randomness.fraction() * PAUSE_SPREAD_MS));
  }
  throw new FolderLocked(folder, holder);
}

async function stake(
  folder: string,
  randomness: Randomness,
): Promise<{ readonly file: string; readonly token: string }> {
  const token = `${randomness.nonce()}${randomness.nonce()}`;
  const self = thisProcess();
  const file = `world-${self.pid}-${token}.lock`;
  await writeFile(join(folder, file), `${JSON.stringify(self)}\n`, { flag: 'wx' });
  return { file, token };
}

/** The process of another live claim; claims of dead processes are removed. */
async function otherClaim(folder: string, own: string): Promise<number | undefined> {
  for (const file of await readdir(folder)) {
    const match = CLAIM.exec(file);
    if (match === null || file === own) continue;
    const pid = Number(match[1]);
    const identity = await identityIn(join(folder, file), pid);
    if (identity === undefined) continue;
    if (isRunning(identity)) return pid;
    await rm(join(folder, file), { force: true });
  }
  return undefined;
}

/** The process that made a claim; undefined when the claim was removed meanwhile. */
async function identityIn(path: string, pid: number): Promise<ProcessIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const startedAt = /"startedAt":"([^"]*)"/.exec(text)?.[1] ?? null;
  // A claim that is still being written says no more than its name: then any process with that id counts.
  return { pid, startedAt };
}
