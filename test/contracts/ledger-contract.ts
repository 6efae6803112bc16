import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Entry, Head, Ledger } from '../../lib/ledger/ledger.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { sha256 } from '../../lib/plan/canonical.ts';
import { seq } from '../../lib/plan/generation.ts';
import { cellName } from '../../lib/plan/names.ts';
import { asking, CELL, drained, fleetDeclared, planAppended } from '../support/ledger-events.ts';
import type { OpenedLedger } from './ledger-adapters.ts';

const WRITERS = 50;
const AT = 1_790_000_000_000;

function entry(target: string, at = AT): Entry {
  return { event: drained(target), at, by: 'operator:ana' };
}

async function appended(ledger: Ledger, head: Head, next: Entry): Promise<Head> {
  const outcome = await ledger.append(head, next);
  if (outcome.type !== 'appended') throw new Error(`expected to append, but ${outcome.type}`);
  return outcome.head;
}

/** What every adapter of the ledger's port must do. `open` gives a fresh, empty ledger. */
export function ledgerContract(adapter: string, open: () => Promise<OpenedLedger>): void {
  describe(`${adapter} as a ledger`, () => {
    let opened: OpenedLedger;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await opened.close();
    });

    describeLog(() => opened);
    describeRefusals(() => opened);
    describeBodies(() => opened);
  });
}

function describeLog(opened: () => OpenedLedger): void {
  it('has an identity, and no cell before the first event', async () => {
    const { ledger, other } = opened();
    expect(ledger.id).toMatch(/^[0-9a-f]{8}$/);
    expect(other.id).toBe(ledger.id);
    expect(await ledger.cells()).toEqual([]);
    expect(await ledger.head(CELL)).toEqual({
      cell: CELL,
      number: 0,
      hash: '0'.repeat(64),
      state: initialState(CELL, ledger.id),
    });
  });

  it('answers with the head that it has just appended, to everyone', async () => {
    const { ledger, other } = opened();
    const first = await appended(ledger, await ledger.head(CELL), entry('i-1'));
    const second = await appended(ledger, first, entry('i-2', AT + 5));
    expect(second.number).toBe(2);
    expect(second.state.drained).toEqual(['i-1', 'i-2']);
    expect(second.last).toMatchObject({ number: 2, at: AT + 5, by: 'operator:ana', previous: first.hash });
    expect(await other.head(CELL)).toEqual(second);
  });

  it('gives the place to one of two writers at the same head', async () => {
    const { ledger, other } = opened();
    const head = await ledger.head(CELL);
    const outcomes = await Promise.all([ledger.append(head, entry('i-1')), other.append(head, entry('i-2'))]);
    expect(outcomes.map(({ type }) => type).sort()).toEqual(['appended', 'lost']);
    expect((await ledger.head(CELL)).number).toBe(1);
    expect(await ledger.append(head, entry('i-3'))).toMatchObject({ type: 'lost' });
  });

  it('gives whoever lost the head that won, or nothing', async () => {
    const { ledger, other, winners } = opened();
    const head = await ledger.head(CELL);
    const first = await appended(ledger, head, entry('i-1'));
    await appended(ledger, first, entry('i-2'));
    const lost = await other.append(head, entry('i-3'));
    expect(lost).toEqual({ type: 'lost', winner: winners === 'given' ? first : undefined });
  });

  it(`${WRITERS} concurrent appenders leave no gap and lose nothing`, async () => {
    const { ledger, other } = opened();
    const names = Array.from({ length: WRITERS }, (_, index) => `i-${index}`);
    const outcomes = await Promise.all(
      names.map((name, index) =>
        execute(index % 2 === 0 ? ledger : other, CELL, { at: () => AT, by: name }, () =>
          asking(drained(name)),
        ),
      ),
    );
    expect(outcomes.map(({ type }) => type)).toEqual(names.map(() => 'appended'));
    const events = await ledger.events(CELL, { after: 0, limit: 1_000, order: 'forward' });
    expect(events.map(({ number }) => number)).toEqual(names.map((_, index) => index + 1));
    expect(events.map(({ by }) => by).sort()).toEqual([...names].sort());
    expect([...(await ledger.head(CELL)).state.drained].sort()).toEqual([...names].sort());
    expect(await verifyLedger({ ledger })).toEqual({
      cells: [{ cell: CELL, events: WRITERS, problems: [], anchors: [] }],
    });
  }, 60_000);

  it('reads ranges from either end, without a gap', async () => {
    const { ledger } = opened();
    let head = await ledger.head(CELL);
    for (let index = 1; index <= 7; index += 1) head = await appended(ledger, head, entry(`i-${index}`));
    const numbers = async (after: number, limit: number, order: 'forward' | 'backward') =>
      (await ledger.events(CELL, { after, limit, order })).map(({ number }) => number);
    expect(await numbers(0, 1_000, 'forward')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await numbers(2, 3, 'forward')).toEqual([3, 4, 5]);
    expect(await numbers(0, 2, 'backward')).toEqual([7, 6]);
    expect(await numbers(5, 1_000, 'backward')).toEqual([7, 6]);
    expect(await numbers(7, 10, 'forward')).toEqual([]);
    const [newest] = await ledger.events(CELL, { after: 0, limit: 1, order: 'backward' });
    expect(newest).toEqual(head.last);
  });

  it('keeps the logs of cells apart and lists them in order', async () => {
    const { ledger, other } = opened();
    const west = cellName('a-west');
    await appended(ledger, await ledger.head(CELL), entry('i-1'));
    await appended(other, await other.head(west), entry('i-2'));
    expect(await ledger.cells()).toEqual([west, CELL]);
    expect((await ledger.head(CELL)).state.drained).toEqual(['i-1']);
    expect((await ledger.head(west)).state.drained).toEqual(['i-2']);
  });
}

function describeRefusals(opened: () => OpenedLedger): void {
  it.each([
    { after: -1, limit: 1 },
    { after: 0.5, limit: 1 },
    { after: 0, limit: 0 },
    { after: 0, limit: 1_001 },
  ])('refuses to read the range %o', async ({ after, limit }) => {
    const range = { after, limit, order: 'forward' as const };
    await expect(opened().ledger.events(CELL, range)).rejects.toThrow(/^-?[\d.]+ is not .*\.$/);
  });

  it('never appends to a head of another cell or another ledger', async () => {
    const { ledger } = opened();
    const head = await ledger.head(CELL);
    const others = [
      { ...head, cell: cellName('b') },
      { ...head, state: { ...head.state, ledger: '00000000' } },
      { ...head, number: 4 },
    ];
    for (const other of others) {
      await expect(ledger.append(other, entry('i-1'))).rejects.toMatchObject({ name: 'InvariantViolated' });
    }
    expect((await ledger.head(CELL)).number).toBe(0);
  });

  it('refuses an event larger than an item can hold, and writes nothing', async () => {
    const { ledger } = opened();
    const head = await ledger.head(CELL);
    const trees = Array.from({ length: 3_000 }, (_, index) => `g${index}.${'a'.repeat(100)}`);
    const large: Entry = { event: { type: 'TreesRetired', trees, fenceSeq: seq(1) }, at: AT, by: 'janitor' };
    await expect(ledger.append(head, large)).rejects.toMatchObject({ name: 'EntryTooLarge' });
    expect((await ledger.head(CELL)).number).toBe(0);
  });

  it('refuses an event whose state would be too large, in one sentence, and writes nothing', async () => {
    const { ledger } = opened();
    const head = await ledger.head(CELL);
    const newTrees = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`${'a'.repeat(120)}${index}`, 'g000001']),
    );
    const digest = await ledger.putBody(CELL, '{}');
    const large: Entry = { event: planAppended(1, { newTrees, digest }), at: AT, by: 'planner' };
    await expect(ledger.append(head, large)).rejects.toThrow(
      /^The state after PlanAppended would have \d+ characters, more than 128000, so it was not appended: .*\.$/,
    );
    expect((await ledger.head(CELL)).number).toBe(0);
  });
}

/** A text whose UTF-8 has a character of two, three or four octets across every possible chunk border. */
const MULTIBYTE = `a${'ü€😀'.repeat(90_000)}`;

function describeBodies(opened: () => OpenedLedger): void {
  it.each([
    ['no octets', ''],
    ['1 KB', 'x'.repeat(1_024)],
    ['characters of several octets across chunks', MULTIBYTE],
    ['10 MB that compress', JSON.stringify('y'.repeat(10 * 1_024 * 1_024 - 2))],
  ])('keeps a body of %s', async (_, text) => {
    const { ledger, other } = opened();
    const digest = await ledger.putBody(CELL, text);
    expect(digest).toBe(sha256(text));
    expect(await ledger.putBody(CELL, text)).toBe(digest);
    expect(await other.putBody(CELL, text)).toBe(digest);
    // Not toBe on texts: vitest would print ten megabytes.
    expect((await ledger.getBody(CELL, digest)) === text).toBe(true);
    expect((await other.getBody(CELL, digest)) === text).toBe(true);
  });

  it('keeps a body of 10 MB that does not compress', async () => {
    const { ledger, other } = opened();
    let text = '';
    for (let index = 0; text.length < 10 * 1_024 * 1_024 - 64; index += 1) text += sha256(String(index));
    const digest = await ledger.putBody(CELL, text);
    expect((await other.getBody(CELL, digest)) === text).toBe(true);
  }, 60_000);

  it('refuses a body of more than 10 MB', async () => {
    const { ledger } = opened();
    const text = 'é'.repeat(5 * 1_024 * 1_024 + 1);
    await expect(ledger.putBody(CELL, text)).rejects.toThrow(/^A body of 10485762 bytes is more than/);
    await expect(ledger.getBody(CELL, sha256(text))).rejects.toMatchObject({ name: 'BodyDamaged' });
  });

  it('says which body is missing, also when another cell has it', async () => {
    const { ledger } = opened();
    const digest = await ledger.putBody(cellName('b'), '{}');
    await expect(ledger.getBody(CELL, digest)).rejects.toThrow(
      `The body ${digest} of cell ${CELL} is missing.`,
    );
  });

  it('verifies the bodies that events name', async () => {
    const { ledger } = opened();
    const digest = await ledger.putBody(CELL, '{"endpoints":[]}');
    await appended(ledger, await ledger.head(CELL), { event: fleetDeclared(digest), at: AT, by: 'operator' });
    expect(await verifyLedger({ ledger }, CELL)).toEqual({
      cells: [{ cell: CELL, events: 1, problems: [], anchors: [] }],
    });
  });
}
