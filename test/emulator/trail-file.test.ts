import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trailFile, trailParts } from '../../lib/emulator/trail-file.ts';
import { localTrail, localTrailFiles } from '../../lib/wiring/local-trail.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function fail(error: unknown): never {
  throw error;
}

async function numbersIn(paths: readonly string[]): Promise<readonly number[]> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Number(JSON.parse(line).number)),
  );
}

it('a trail is kept in parts, and the oldest go', async () => {
  const folder = await temporaryFolder();
  const path = localTrail(folder);
  const writer = trailFile({ path, partBytes: 30, parts: 2, onLost: fail });
  // A line has 13 bytes: the third ends a part.
  for (let number = 1; number <= 9; number += 1) writer.add({ number });
  await writer.flush();
  expect((await readdir(folder)).sort()).toEqual(['trail.1.ndjson', 'trail.2.ndjson', 'trail.ndjson']);
  expect(await numbersIn(trailParts(path, 2))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (let number = 10; number <= 12; number += 1) writer.add({ number });
  await writer.flush();
  expect(await numbersIn(trailParts(path, 2))).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const found = await localTrailFiles(folder);
  expect(found.map((file) => file.path)).toEqual(trailParts(path, 2));
  expect(found.every(({ isGrowing, bytes }) => isGrowing === true && bytes > 0)).toBe(true);
});

it('who opens a trail again cuts off the line that was not ended, and goes on', async () => {
  const path = localTrail(await temporaryFolder());
  const first = trailFile({ path, onLost: fail });
  first.add({ number: 1 });
  await first.flush();
  await appendFile(path, '{"numb');
  const second = trailFile({ path, onLost: fail });
  second.add({ number: 2 });
  await second.flush();
  expect(await numbersIn([path])).toEqual([1, 2]);
});

it('an event that cannot be written is said, and the next is tried anew', async () => {
  const folder = await temporaryFolder();
  const lost: unknown[] = [];
  // A folder stands in the place of the file.
  const writer = trailFile({ path: folder, onLost: (error) => lost.push(error) });
  writer.add({ number: 1 });
  writer.add({ number: 2 });
  await writer.flush();
  expect(lost).toHaveLength(2);
});

it('a world that wrote nothing has no file of a trail', async () => {
  expect(await localTrailFiles(join(await temporaryFolder(), 'gone'))).toEqual([]);
});
