import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Route53 } from './route53.ts';
import { createRoute53 } from './route53.ts';
import type { Route53Deps } from './route53-state.ts';
import type { Route53Settings } from './settings.ts';
import { SnapshotUnreadable } from './snapshot.ts';

export interface KeptOptions {
  readonly settings: Route53Settings;
  readonly deps: Omit<Route53Deps, 'changed'>;
  /** The file that holds the state; its folder is made when it is missing. */
  readonly file: string;
  /** Milliseconds from a write until it is on disk; 200 by default. */
  readonly debounceMs?: number | undefined;
  /** Is called when a save in the background failed. The next write and `flush` try again. */
  readonly onSaveFailed?: (error: unknown) => void;
}

export interface KeptRoute53 {
  readonly core: Route53;
  /**
   * Resolves when everything written so far is on disk; rejects when it cannot be saved. Writers that wait at the same
   * time share a save. Whoever acknowledges a write waits for it: a process may be killed right after.
   */
  flush(): Promise<void>;
  /** Flushes, and saves nothing after that. */
  close(): Promise<void>;
}

/** The file exists but cannot be used. The message is one sentence that says which file and why. */
export class KeptFileUnreadable extends Error {
  override readonly name = 'KeptFileUnreadable';
}

const DEBOUNCE_MS = 200;

/**
 * An emulator whose state outlives the process.
 *
 * @throws KeptFileUnreadable when the file is corrupt, of another format, or cannot be read.
 */
export async function openKeptRoute53(options: KeptOptions): Promise<KeptRoute53> {
  const { file, settings, deps, debounceMs = DEBOUNCE_MS } = options;
  let dirty = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let saving: Promise<void> = Promise.resolve();

  const save = async (): Promise<void> => {
    if (!dirty) return;
    dirty = false;
    try {
      await replaceFile(file, JSON.stringify(core.snapshot()));
    } catch (error) {
      dirty = true;
      throw error;
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    // One save at a time; one that failed does not stop the next.
    saving = saving.catch(() => undefined).then(save);
    return saving;
  };
  const changed = (): void => {
    dirty = true;
    if (closed || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      flush().catch((error: unknown) => options.onSaveFailed?.(error));
    }, debounceMs);
    timer.unref();
  };

  const saved = await readSnapshot(file);
  const core = createRoute53(settings, { now: () => deps.now(), id: (prefix) => deps.id(prefix), changed });
  if (saved !== undefined) restore(core, saved, file);
  dirty = false;
  clearTimeout(timer);
  timer = undefined;
  return {
    core,
    flush,
    close: () => {
      closed = true;
      return flush();
    },
  };
}

async function readSnapshot(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(file, 'it cannot be read', error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, 'it is not JSON', error);
  }
}

function restore(core: Route53, saved: unknown, file: string): void {
  try {
    core.restore(saved);
  } catch (error) {
    if (!(error instanceof SnapshotUnreadable)) throw error;
    if (error.newer !== undefined) {
      throw new KeptFileUnreadable(`${file} cannot be read: ${error.newer}. Use the Pawl that wrote it.`, {
        cause: error,
      });
    }
    throw unreadable(file, 'it is corrupt', error);
  }
}

function unreadable(file: string, why: string, cause: unknown): KeptFileUnreadable {
  const sentence = `${file} does not hold an emulator's zones (${why}): move it away to start without zones.`;
  return new KeptFileUnreadable(sentence, { cause });
}

/** Readers see the old text or the new one, never a part: written beside it, synced, then renamed over it. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.new`;
  const handle = await open(beside, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
