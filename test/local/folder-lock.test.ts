import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FolderLock } from '../../lib/local/folder-lock.ts';
import { FolderLocked, lockFolder } from '../../lib/local/folder-lock.ts';
import { systemClock } from '../../lib/runtime/clock.ts';
import { systemRandomness } from '../../lib/runtime/ids.ts';
import { deadPid } from '../support/dead-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const deps = { clock: systemClock, randomness: systemRandomness };

function lock(folder: string): Promise<FolderLock> {
  return lockFolder(folder, deps);
}

async function won(attempts: readonly Promise<FolderLock>[]): Promise<readonly FolderLock[]> {
  const settled = await Promise.allSettled(attempts);
  for (const result of settled) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FolderLocked);
  }
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

describe('the lock of a folder', () => {
  it('makes the folder, and leaves nothing in it when it is released', async () => {
    const folder = join(await temporaryFolder(), 'a', 'b');
    const held = await lock(folder);
    expect(await readdir(folder)).toHaveLength(1);
    await held.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused while somebody holds it, with a sentence that names who', async () => {
    const folder = await temporaryFolder();
    const held = await lock(folder);
    await expect(lock(folder)).rejects.toThrow(
      `A world of process ${process.pid} runs on the folder ${folder} already: end it first, or give another --folder.`,
    );
    expect(await readdir(folder)).toHaveLength(1);
    await held.release();
    const next = await lock(folder);
    expect(next.token).not.toBe(held.token);
  });

  it('is refused while a process holds it that is not this one', async () => {
    const folder = await temporaryFolder();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    onTestFinished(async () => {
      other.kill();
      await once(other, 'exit');
    });
    await writeFile(join(folder, `world-${other.pid}-abc.lock`), '{"startedAt":null}');
    await expect(lock(folder)).rejects.toMatchObject({ name: 'FolderLocked', pid: other.pid });
  });

  it('is taken over from a process that has ended, and its claim cleared away', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, `world-${await deadPid()}-abc.lock`), '{"startedAt":"1 2"}');
    const held = await lock(folder);
    expect(await readdir(folder)).toEqual([`world-${process.pid}-${held.token}.lock`]);
  });

  it('is taken over from a process whose id is another one’s now', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, `world-${process.pid}-abc.lock`), '{"startedAt":"another beginning"}');
    await lock(folder);
    expect(await readdir(folder)).not.toContain(`world-${process.pid}-abc.lock`);
  });

  it('takes a claim that is still being written for a live one', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, `world-${process.pid}-abc.lock`), '');
    await expect(lock(folder)).rejects.toThrow(FolderLocked);
  });

  it('leaves other files of the folder alone', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'world-1.lock.txt'), 'mine');
    await (await lock(folder)).release();
    expect(await readdir(folder)).toEqual(['world-1.lock.txt']);
  });

  it('is never held twice, however many try at once, with stale claims lying about', async () => {
    const stale = await deadPid();
    for (let round = 0; round < 5; round += 1) {
      const folder = await temporaryFolder();
      for (let claim = 0; claim < 5; claim += 1) {
        await writeFile(join(folder, `world-${stale}-s${claim}.lock`), '{"startedAt":null}');
      }
      const winners = await won(Array.from({ length: 8 }, () => lock(folder)));
      expect(winners.length).toBeLessThanOrEqual(1);
      await Promise.all(winners.map((winner) => winner.release()));
      expect(await readdir(folder)).toEqual([]);
      // Whatever came of the crowd, the next one finds the folder free.
      await (await lock(folder)).release();
    }
  });
});
