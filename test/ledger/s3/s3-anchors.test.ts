import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../../lib/ledger/memory-ledger.ts';
import { s3Anchors } from '../../../lib/ledger/s3/s3-anchors.ts';
import { verifyLedger } from '../../../lib/ledger/verify.ts';
import { storeAnchor } from '../../../lib/ledger/verify-anchors.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { fakeBucket } from '../../support/fake-bucket.ts';
import { CELL, drained, LEDGER } from '../../support/ledger-events.ts';

const bucket = fakeBucket();
const anchors = s3Anchors(bucket.client, 'pawl-anchors');

afterAll(bucket.restore);
beforeEach(() => bucket.objects.clear());

const hashOf = (digit: string) => digit.repeat(64);
const all = () => anchors.marks(CELL, 0, Number.MAX_SAFE_INTEGER);

describe('anchors in a bucket', () => {
  it('keep each hash under its number, once however often it is put', async () => {
    expect(await anchors.keep(CELL, { number: 151, hash: hashOf('a') })).toBe('kept');
    expect(await anchors.keep(CELL, { number: 151, hash: hashOf('a') })).toBe('kept');
    expect([...bucket.objects]).toEqual([[`${CELL}/000000000151-${hashOf('a')}`, `${hashOf('a')}\n`]]);
    expect(await all()).toEqual([{ number: 151, digits: 'aaaaaaaaaaaa' }]);
  });

  it('keep another hash of the same number beside the first, and say so', async () => {
    await anchors.keep(CELL, { number: 7, hash: hashOf('b') });
    expect(await anchors.keep(CELL, { number: 7, hash: hashOf('a') })).toBe('contradicted');
    expect(await all()).toEqual([
      { number: 7, digits: 'aaaaaaaaaaaa' },
      { number: 7, digits: 'bbbbbbbbbbbb' },
    ]);
  });

  it('list one cell, in order, within the numbers that are asked for, over many pages', async () => {
    const other = cellName(`${CELL}b`);
    await anchors.keep(other, { number: 3, hash: hashOf('c') });
    for (const number of [11, 2, 5, 1, 9, 3]) await anchors.keep(CELL, { number, hash: hashOf('d') });
    bucket.objects.set(`${CELL}/notes.txt`, 'put here by hand');
    expect((await all()).map(({ number }) => number)).toEqual([1, 2, 3, 5, 9, 11]);
    expect((await anchors.marks(CELL, 2, 9)).map(({ number }) => number)).toEqual([3, 5, 9]);
  });

  it('bear out a log event by event, and show what was replaced', async () => {
    const ledger = memoryLedger(LEDGER, { missingBodies: 'allow' });
    let head = await ledger.head(CELL);
    for (const target of ['i-1', 'i-2', 'i-3']) {
      const outcome = await ledger.append(head, { event: drained(target), at: 1_000, by: 'operator:ana' });
      if (outcome.type !== 'appended') throw new Error(outcome.type);
      head = outcome.head;
      await anchors.keep(CELL, head);
    }
    const anchorsOf = async () => [await storeAnchor(anchors, CELL)];
    const intact = await verifyLedger({ ledger, anchorsOf }, CELL);
    expect(intact.cells).toMatchObject([
      { problems: [], anchors: [{ anchor: 'the bucket pawl-anchors', compared: 3, without: 0 }] },
    ]);
    await anchors.keep(CELL, { number: 2, hash: hashOf('e') });
    const replaced = await verifyLedger({ ledger, anchorsOf }, CELL);
    expect(replaced.cells[0]?.problems).toMatchObject([{ number: 2 }]);
  });

  it('that cannot be reached are said to be, and nothing is taken for intact by them', async () => {
    bucket.lose();
    await expect(anchors.keep(CELL, { number: 1, hash: hashOf('a') })).rejects.toThrow(LedgerUnavailable);
    expect(await storeAnchor(anchors, CELL)).toMatchObject({
      unknown: expect.stringMatching(
        /^the anchors in the bucket pawl-anchors cannot be reached \(AccessDenied\)/,
      ),
    });
  });
});
