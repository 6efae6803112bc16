import { describe, expect, it } from 'vitest';
import type { AppendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../lib/emulator/dynamodb/append-only-table.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { FORMATS, formatOfEvent } from '../../lib/ledger/decider/formats.ts';
import type { Head, Ledger } from '../../lib/ledger/ledger.ts';
import { LedgerUnusable } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { nextEvent, THIS_RELEASE } from '../../lib/ledger/stored-event.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { ledgerIn } from '../support/kept-ledgers.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';
import { RELEASE_AFTER, RELEASE_BEFORE, RELEASE_FAR_AFTER } from '../support/releases.ts';

const frozen = (more: object = {}): LedgerEvent => ({ type: 'CellFrozen', reason: 'incident', ...more });
const raised = (format: number): LedgerEvent => ({ type: 'FormatRaised', format });

async function append(ledger: Ledger, ...events: readonly LedgerEvent[]): Promise<Head> {
  let head = await ledger.head(CELL);
  for (const event of events) {
    const outcome = await ledger.append(head, { event, at: 1_000, by: 'test' });
    if (outcome.type !== 'appended') throw new Error(outcome.type);
    head = outcome.head;
  }
  return head;
}

function newestItem(table: AppendOnlyTable) {
  const item = table.range(`CELL#${CELL}`, 'EVENT#', 'EVENT$', true).at(-1);
  if (item === undefined) throw new Error('nothing is stored');
  return item;
}

const problemsOf = async (ledger: Parameters<typeof verifyLedger>[0]['ledger'], release = THIS_RELEASE) =>
  (await verifyLedger({ ledger, release })).cells.flatMap(({ problems }) => problems.map(({ what }) => what));

describe('the format that is written', () => {
  it('is the newest that everybody at work in the cell reads', () => {
    const numbers = (cellFormat: number) =>
      formatOfEvent(RELEASE_FAR_AFTER.formats, cellFormat, frozen()).number;
    expect([1, 2, 3, 4].map(numbers)).toEqual([1, 3, 3, 4]);
    expect(formatOfEvent(FORMATS, 1, frozen()).number).toBe(1);
    expect(formatOfEvent(FORMATS, 2, frozen()).number).toBe(2);
    expect(formatOfEvent(FORMATS, 1, raised(2)).number).toBe(2);
  });

  it('is 1 in a new cell, to the octet as 0.1.0 wrote it', async () => {
    const table = appendOnlyTable();
    await append(await ledgerIn(table), frozen());
    expect(Object.keys(newestItem(table)).sort()).toEqual(
      ['at', 'by', 'event', 'hash', 'nonce', 'pk', 'previous', 'sk', 'state', 'type'].sort(),
    );
    expect(JSON.parse(newestItem(table)['state']?.['S'] ?? '')).toMatchObject({ format: 1 });
  });

  it('is 2 from the event on that raises it, and says who wrote it', async () => {
    const table = appendOnlyTable();
    const ledger = await ledgerIn(table);
    for (const event of [raised(2), frozen()]) {
      await append(ledger, event);
      expect(newestItem(table)).toMatchObject({
        format: { N: '2' },
        readableFrom: { N: '2' },
        pawl: { S: '0.2.0' },
      });
    }
    expect((await ledger.head(CELL)).state.format).toBe(2);
    expect(await problemsOf(ledger)).toEqual([]);
  });
});

describe('a release that does not know a format', () => {
  it('stops with one sentence that says who wrote it, and writes nothing', async () => {
    const table = appendOnlyTable();
    const head = await append(await ledgerIn(table, RELEASE_FAR_AFTER), frozen(), raised(4), frozen());
    const before = table.all(true).length;
    const older = await ledgerIn(table);
    const sentence =
      'Event 3 of cell use1-a cannot be read: Pawl 8.0.0 wrote it in format 4, and this Pawl reads formats up to 2. Use Pawl 8.0.0 or a newer one.';
    await expect(older.head(CELL)).rejects.toThrow(new LedgerUnusable(sentence));
    await expect(older.events(CELL, { after: 2, limit: 1, order: 'forward' })).rejects.toThrow(
      new LedgerUnusable(sentence),
    );
    // What it was given by somebody who knew more is no way around it.
    await expect(older.append(head, { event: frozen(), at: 1, by: 'old' })).rejects.toMatchObject({
      name: 'InvariantViolated',
    });
    expect(table.all(true)).toHaveLength(before);
    expect(await older.events(CELL, { after: 0, limit: 1, order: 'forward' })).toHaveLength(1);
  });

  it('checks its place in the chain all the same, and says what it cannot check', async () => {
    const table = appendOnlyTable();
    await append(await ledgerIn(table, RELEASE_FAR_AFTER), frozen(), raised(4), frozen());
    expect(await problemsOf(await ledgerIn(table))).toEqual([
      'event 2 cannot be read: Pawl 8.0.0 wrote it in format 4, and this Pawl reads formats up to 2',
      'event 3 cannot be read: Pawl 8.0.0 wrote it in format 4, and this Pawl reads formats up to 2',
    ]);
    const item = newestItem(table);
    const altered = appendOnlyTable();
    for (const each of table.all(true)) {
      const [pk = '', sk = ''] = [each['pk']?.['S'], each['sk']?.['S']];
      altered.create({ pk, sk }, each === item ? { ...each, by: { S: 'a forger' } } : each);
    }
    expect(await problemsOf(await ledgerIn(altered))).toContain(
      'event 3 is not what was appended: its hash does not match',
    );
  });

  it('goes on where it may pass over what it does not know, and keeps it', async () => {
    const table = appendOnlyTable();
    const newer = await ledgerIn(table, RELEASE_AFTER);
    const older = await ledgerIn(table);
    await append(newer, raised(2), frozen({ ticket: 'INC-1' }));
    expect(newestItem(table)).toMatchObject({ format: { N: '3' }, readableFrom: { N: '2' } });
    expect((await older.head(CELL)).last?.event).toEqual(frozen({ ticket: 'INC-1' }));
    await append(older, { type: 'CellThawed' });
    expect(newestItem(table)).toMatchObject({ format: { N: '2' }, pawl: { S: '0.2.0' } });
    const read = await newer.head(CELL);
    expect(read.state).toMatchObject({ frozen: null, tickets: ['INC-1'] });
    await append(newer, frozen());
    expect(await problemsOf(newer, RELEASE_AFTER)).toEqual([]);
    expect(await problemsOf(older)).toEqual([
      'the state after event 1 was not checked: Pawl 7.0.0 computed it in format 3, which this Pawl does not know',
      'the state after event 2 was not checked: Pawl 7.0.0 computed it in format 3, which this Pawl does not know',
      'the state after event 4 was not checked: Pawl 7.0.0 computed it in format 3, which this Pawl does not know',
    ]);
  });

  it('is checked by the fold of its own format, not of the newest', async () => {
    const table = appendOnlyTable();
    const newer = await ledgerIn(table, RELEASE_AFTER);
    await append(newer, raised(2), frozen({ ticket: 'INC-1' }));
    // The release before knows of no ticket: its freeze leaves the one of before where it is.
    await append(await ledgerIn(table), frozen({}));
    expect((await newer.head(CELL)).state).toMatchObject({ tickets: ['INC-1'] });
    expect(await problemsOf(newer, RELEASE_AFTER)).toEqual([]);
  });
});

describe('the ledger in memory', () => {
  it.each(['sha256', 'counted'] as const)('refuses what a release does not know (%s)', async (hashing) => {
    const ledger = memoryLedger(LEDGER, { hashing, missingBodies: 'allow' });
    const before = ledger.seenBy(RELEASE_BEFORE);
    await append(before, frozen());
    await append(ledger, frozen());
    expect((await before.head(CELL)).number).toBe(2);
    await append(ledger, raised(2));
    const sentence =
      'Event 3 of cell use1-a cannot be read: Pawl 0.2.0 wrote it in format 2, and this Pawl reads formats up to 1. Use Pawl 0.2.0 or a newer one.';
    await expect(before.head(CELL)).rejects.toThrow(new LedgerUnusable(sentence));
    await expect(before.events(CELL, { after: 0, limit: 9, order: 'forward' })).rejects.toThrow(sentence);
    expect(await before.events(CELL, { after: 0, limit: 2, order: 'forward' })).toHaveLength(2);
  });
});

describe('what is about to be appended', () => {
  it.each([
    ['a field that its format does not have', { type: 'CellThawed', mood: 1 }],
    ['a number that JSON does not have', { type: 'TreesRetired', trees: [], fenceSeq: Number.NaN }],
    ['a text that is none', { type: 'TargetRestored', target: undefined }],
  ])('is read back first: never %s', async (_, event) => {
    const ledger = memoryLedger(LEDGER);
    const head = await ledger.head(CELL);
    const entry = { event: event as unknown as LedgerEvent, at: 1, by: 'test' };
    expect(() => nextEvent(THIS_RELEASE, head, entry, 'n')).toThrow(
      /^What its own writer cannot read was not appended: Event 1 of cell use1-a cannot be read: /,
    );
    await expect(ledger.append(head, entry)).rejects.toMatchObject({ name: 'InvariantViolated' });
    expect(await ledger.cells()).toEqual([]);
  });

  it('is of a type that its format has', async () => {
    const head = await memoryLedger(LEDGER).head(CELL);
    const event = { type: 'CellPainted' } as unknown as LedgerEvent;
    expect(() => nextEvent(THIS_RELEASE, head, { event, at: 1, by: 'test' }, 'n')).toThrow(
      'Format 1 does not have CellPainted.',
    );
  });

  it('is read back with its state: never one that would be another', async () => {
    const ledger = memoryLedger(LEDGER);
    const head = await ledger.head(CELL);
    const policy = { coalesceS: 1 } as never;
    const event: LedgerEvent = {
      ...{ type: 'FleetDeclared', digest: 'd', zone: 'z' as never, zoneId: 'Z1' },
      ...{ policy, endpoints: 1, targets: 1 },
    };
    expect(() => nextEvent(THIS_RELEASE, head, { event, at: 1, by: 'test' }, 'n')).toThrow(
      'The state after FleetDeclared would be read back as another one, so it was not appended.',
    );
  });
});
