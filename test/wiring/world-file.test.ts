import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { thisProcess } from '../../lib/wiring/process-identity.ts';
import {
  readWorldFile,
  removeWorldFile,
  worldFilePath,
  writeWorldFile,
} from '../../lib/wiring/world-file.ts';
import { deadPid } from '../support/dead-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldFacts } from './world-facts.ts';

describe('world.json', () => {
  it('is read back as it was written, and nothing else is left beside it', async () => {
    const folder = await temporaryFolder();
    await writeWorldFile(folder, worldFacts());
    expect(await readWorldFile(folder)).toEqual(worldFacts());
    expect(await readdir(folder)).toEqual(['world.json']);
  });

  it('takes the place of a dead world’s', async () => {
    const folder = await temporaryFolder();
    await writeWorldFile(folder, worldFacts({ token: 'old', process: { pid: 1, startedAt: 'long ago' } }));
    await writeWorldFile(folder, worldFacts({ token: 'new' }));
    expect((await readWorldFile(folder))?.token).toBe('new');
  });

  it('is not there for a folder that does not exist', async () => {
    expect(await readWorldFile(`${await temporaryFolder()}/none`)).toBeUndefined();
  });

  it('counts for nothing when its process has ended', async () => {
    const folder = await temporaryFolder();
    await writeWorldFile(folder, worldFacts({ process: { pid: await deadPid(), startedAt: null } }));
    expect(await readWorldFile(folder)).toBeUndefined();
  });

  it('counts for nothing when its process’s id is another one’s now', async () => {
    const folder = await temporaryFolder();
    const process = { pid: thisProcess().pid, startedAt: 'another beginning' };
    await writeWorldFile(folder, worldFacts({ process }));
    expect(await readWorldFile(folder)).toBeUndefined();
  });

  it.each([
    ['not JSON', '{'],
    ['of no format', JSON.stringify({ ...worldFacts(), format: '1' })],
    ['without an address', JSON.stringify({ ...worldFacts(), dynamodb: undefined })],
  ])('is refused with a sentence when it is %s', async (_, text) => {
    const folder = await temporaryFolder();
    await writeFile(worldFilePath(folder), text);
    await expect(readWorldFile(folder)).rejects.toThrow(/is damaged: end that world and remove the file\.$/);
  });

  it('of a newer Pawl is left alone, with a sentence that says who wrote it', async () => {
    const folder = await temporaryFolder();
    await writeFile(worldFilePath(folder), JSON.stringify({ ...worldFacts(), format: 2, pawl: '0.9.0' }));
    await expect(readWorldFile(folder)).rejects.toThrow(
      /world\.json cannot be read: Pawl 0\.9\.0 wrote it in format 2, and this Pawl reads formats up to 1\. Use the Pawl that runs the world\.$/,
    );
  });

  it('is removed by the world that wrote it, and by no other', async () => {
    const folder = await temporaryFolder();
    await writeWorldFile(folder, worldFacts({ token: 'mine' }));
    await removeWorldFile(folder, 'another');
    expect(await readdir(folder)).toEqual(['world.json']);
    await removeWorldFile(folder, 'mine');
    expect(await readdir(folder)).toEqual([]);
    await removeWorldFile(folder, 'mine');
  });
});
