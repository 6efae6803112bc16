import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import { cellName } from '../../lib/plan/names.ts';
import { fileAnchors } from '../../lib/wiring/anchor-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CELL = cellName('use1-a');
const OTHER = cellName('use1-ab');
const hashOf = (digit: string) => digit.repeat(64);
const markOf = (number: number, digit: string) => ({ number, digits: digit.repeat(12) });

describe('anchors in a file', () => {
  it('keep each hash under its number, once, and list one cell in order', async () => {
    const folder = await temporaryFolder();
    const anchors = fileAnchors(folder);
    expect(await anchors.marks(CELL, 0, 9)).toEqual([]);
    for (const number of [3, 1, 2, 1]) await anchors.keep(CELL, { number, hash: hashOf('a') });
    await anchors.keep(OTHER, { number: 1, hash: hashOf('b') });
    // Another process keeps what it finds.
    expect(await fileAnchors(folder).keep(CELL, { number: 3, hash: hashOf('a') })).toBe('kept');
    expect(await anchors.marks(CELL, 0, 9)).toEqual([1, 2, 3].map((number) => markOf(number, 'a')));
    expect(await anchors.marks(CELL, 1, 2)).toEqual([markOf(2, 'a')]);
    expect((await readFile(join(folder, 'anchors.txt'), 'utf8')).trim().split('\n')).toHaveLength(4);
  });

  it('keep another hash of the same number beside the first, and say so', async () => {
    const folder = await temporaryFolder();
    await fileAnchors(folder).keep(CELL, { number: 7, hash: hashOf('a') });
    expect(await fileAnchors(folder).keep(CELL, { number: 7, hash: hashOf('b') })).toBe('contradicted');
    expect(await fileAnchors(folder).marks(CELL, 0, 9)).toEqual([markOf(7, 'a'), markOf(7, 'b')]);
  });

  it('lose no line to one that was cut off', async () => {
    const folder = await temporaryFolder();
    await appendFile(join(folder, 'anchors.txt'), `\n${CELL} 1 ${'a'.repeat(20)}`);
    await fileAnchors(folder).keep(CELL, { number: 1, hash: hashOf('a') });
    expect(await fileAnchors(folder).marks(CELL, 0, 9)).toEqual([markOf(1, 'a')]);
  });

  it('say in one sentence that they cannot be used', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'anchors.txt'));
    const refused = fileAnchors(folder).keep(CELL, { number: 1, hash: hashOf('a') });
    await expect(refused).rejects.toThrow(LedgerUnavailable);
    await expect(refused).rejects.toThrow(/^The anchors in the file .*anchors\.txt cannot be used \(EISDIR/);
  });
});
