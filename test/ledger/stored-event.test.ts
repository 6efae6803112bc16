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
import type { Finding } from '../../lib/plan/findings.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { ledgerIn } from '../support/kept-ledgers.ts';
import { CELL, digestOf, LEDGER, planAppended, planApplied } from '../support/ledger-events.ts';
import { RELEASE_0_3 } from '../support/ledger-of-format-3.ts';
import { RELEASE_0_4 } from '../support/ledger-of-format-4.ts';
import { RELEASE_0_5 } from '../support/ledger-of-format-5.ts';
import { RELEASE_0_1, RELEASE_0_2, RELEASE_AFTER, RELEASE_FAR_AFTER } from '../support/releases.ts';

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
  (await verifyLedger({ ledger, release })).cells.flatMap(({ problems }) =>
    // The plans of these events have no bodies.
    problems.map(({ what }) => what).filter((what) => !what.endsWith('is missing')),
  );

describe('the format that is written', () => {
  it('is the newest that everybody at work in the cell reads', () => {
    const numbers = (cellFormat: number) =>
      formatOfEvent(RELEASE_FAR_AFTER.formats, cellFormat, frozen()).number;
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(numbers)).toEqual([1, 2, 3, 4, 5, 7, 7, 8]);
    for (const format of [1, 2, 3, 4, 5, 6])
      expect(formatOfEvent(FORMATS, format, frozen()).number).toBe(format);
    expect(formatOfEvent(FORMATS, 1, raised(2)).number).toBe(2);
    expect(formatOfEvent(FORMATS, 1, raised(3)).number).toBe(3);
    expect(formatOfEvent(FORMATS, 3, raised(6)).number).toBe(6);
  });

  it('is 1 in a new cell, to the octet as 0.1.0 wrote it', async () => {
    const table = appendOnlyTable();
    await append(await ledgerIn(table), frozen());
    expect(Object.keys(newestItem(table)).sort()).toEqual(
      ['at', 'by', 'event', 'hash', 'nonce', 'pk', 'previous', 'sk', 'state', 'type'].sort(),
    );
    expect(JSON.parse(newestItem(table)['state']?.['S'] ?? '')).toMatchObject({ format: 1 });
  });

  it.each([2, 3, 4, 5, 6])(
    'is %d from the event on that raises it, and says who wrote it',
    async (format) => {
      const table = appendOnlyTable();
      const ledger = await ledgerIn(table);
      for (const event of [raised(format), frozen()]) {
        await append(ledger, event);
        expect(newestItem(table)).toMatchObject({
          format: { N: String(format) },
          readableFrom: { N: String(format) },
          pawl: { S: '0.6.0' },
        });
      }
      expect((await ledger.head(CELL)).state.format).toBe(format);
      expect(await problemsOf(ledger)).toEqual([]);
    },
  );

  it('has no part and no field of a newer one', async () => {
    const name = dnsName('api.example.test');
    const more = { keptBack: [{ name, digest: 'd', findings: [] }], capacityRemoved: { api: 250 } };
    const regressed = { type: 'ZoneRegressed', what: 'root', name, found: 'a', expected: 'b' } as const;
    const parts = ['blind', 'capacityRemoved', 'keptBack', 'lastRegression', 'refused'];
    for (const format of [1, 2, 3, 4, 5, 6]) {
      const table = appendOnlyTable();
      const ledger = await ledgerIn(table);
      if (format > 1) await append(ledger, raised(format));
      await append(ledger, planAppended(1, { ...more, origin: 'approval' }));
      const plan = JSON.parse(newestItem(table)['event']?.['S'] ?? '');
      await append(ledger, { ...regressed, fenceSeq: seq(7) });
      const regression = JSON.parse(newestItem(table)['event']?.['S'] ?? '');
      const state = JSON.parse(newestItem(table)['state']?.['S'] ?? '');
      expect(plan).toEqual(
        format >= 3
          ? planAppended(1, { ...more, origin: 'approval' })
          : planAppended(1, { origin: 'operator' }),
      );
      expect(regression).toEqual(format >= 3 ? { ...regressed, fenceSeq: 7 } : regressed);
      expect(parts.filter((part) => part in state)).toEqual(format >= 3 ? parts : []);
      expect('contradicted' in state).toBe(format >= 4);
      expect('evacuatedBranches' in state).toBe(format >= 5);
      expect('offers' in state).toBe(format >= 6);
      expect(state.newest.origin).toBe(format >= 3 ? 'approval' : 'operator');
      expect(await problemsOf(ledger)).toEqual([]);
    }
  });
});

describe('releases one after another at one cell', () => {
  it.each([
    [1, [RELEASE_0_1, RELEASE_0_2, THIS_RELEASE, RELEASE_0_1]],
    [2, [RELEASE_0_2, THIS_RELEASE, RELEASE_0_2]],
    [3, [RELEASE_0_3, THIS_RELEASE, RELEASE_0_3]],
    [4, [RELEASE_0_4, THIS_RELEASE, RELEASE_0_4]],
    [5, [RELEASE_0_5, THIS_RELEASE, RELEASE_0_5]],
  ])('go on with what the others wrote in format %d', async (format, releases) => {
    const table = appendOnlyTable();
    if (format > 1) await append(await ledgerIn(table), raised(format));
    for (const [index, release] of releases.entries()) {
      const ledger = await ledgerIn(table, release);
      await append(ledger, planAppended(index + 1), planApplied(index + 1, index + 2), frozen());
      expect(newestItem(table)['format']?.['N'] ?? '1').toBe(String(format));
    }
    for (const release of releases)
      expect(await problemsOf(await ledgerIn(table, release), release)).toEqual([]);
  });

  it.each([
    ['0.1.0', RELEASE_0_1, 1],
    ['0.2.0', RELEASE_0_2, 2],
    ['0.3.0', RELEASE_0_3, 3],
    ['0.4.0', RELEASE_0_4, 4],
    ['0.5.0', RELEASE_0_5, 5],
  ])('stop %s once the cell is raised to format 6, and write nothing', async (_, release, reads) => {
    const table = appendOnlyTable();
    await append(await ledgerIn(table), frozen(), raised(6));
    const before = table.all(true).length;
    const older = await ledgerIn(table, release);
    await expect(older.head(CELL)).rejects.toThrow(
      new LedgerUnusable(
        `Event 2 of cell use1-a cannot be read: Pawl 0.6.0 wrote it in format 6, and this Pawl reads formats up to ${reads}. Use Pawl 0.6.0 or a newer one.`,
      ),
    );
    expect(table.all(true)).toHaveLength(before);
  });
});

describe('a cell whose format is raised', () => {
  const name = dnsName('api.example.test');
  const removes = { summary: { ...planAppended(1).summary, removedPermille: 300 } };

  it.each([1, 2])(
    'from %d to 3 goes on counting what was removed before, for every endpoint',
    async (format) => {
      const table = appendOnlyTable();
      const ledger = await ledgerIn(table);
      if (format > 1) await append(ledger, raised(format));
      await append(ledger, planAppended(1, removes), planAppended(2, { ...removes, disposition: 'held' }));
      const before = (await ledger.head(CELL)).state;
      await append(ledger, raised(3));
      expect((await ledger.head(CELL)).state).toEqual({ ...before, format: 3 });
      // A plan that was held before says nothing of each endpoint.
      await append(ledger, { type: 'PlanApproved', generation: generation(2), digest: digestOf(2) });
      await append(ledger, planAppended(3, { ...removes, capacityRemoved: { api: 250 }, keptBack: [] }));
      const { removals, capacityRemoved, goal } = (await ledger.head(CELL)).state;
      expect(removals.map(({ permille }) => permille)).toEqual([300, 300]);
      expect(capacityRemoved).toEqual({ api: [{ at: 1_000, permille: 250 }] });
      expect(goal).toMatchObject({ generation: 3 });
      await append(ledger, { type: 'EndpointsKeptBack', endpoints: [{ name, digest: 'd', findings: [] }] });
      expect(await problemsOf(ledger)).toEqual([]);
      expect((await ledger.head(CELL)).state.keptBack).toMatchObject([{ name, since: 1_000, fleet: null }]);
    },
  );
});

describe('a release that does not know a format', () => {
  it('stops with one sentence that says who wrote it, and writes nothing', async () => {
    const table = appendOnlyTable();
    const head = await append(await ledgerIn(table, RELEASE_FAR_AFTER), frozen(), raised(8), frozen());
    const before = table.all(true).length;
    const older = await ledgerIn(table);
    const sentence =
      'Event 3 of cell use1-a cannot be read: Pawl 8.0.0 wrote it in format 8, and this Pawl reads formats up to 6. Use Pawl 8.0.0 or a newer one.';
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
    await append(await ledgerIn(table, RELEASE_FAR_AFTER), frozen(), raised(8), frozen());
    expect(await problemsOf(await ledgerIn(table))).toEqual([
      'event 2 cannot be read: Pawl 8.0.0 wrote it in format 8, and this Pawl reads formats up to 6',
      'event 3 cannot be read: Pawl 8.0.0 wrote it in format 8, and this Pawl reads formats up to 6',
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
    await append(newer, raised(6), frozen({ ticket: 'INC-1' }));
    expect(newestItem(table)).toMatchObject({ format: { N: '7' }, readableFrom: { N: '6' } });
    expect((await older.head(CELL)).last?.event).toEqual(frozen({ ticket: 'INC-1' }));
    await append(older, { type: 'CellThawed' });
    expect(newestItem(table)).toMatchObject({ format: { N: '6' }, pawl: { S: '0.6.0' } });
    const read = await newer.head(CELL);
    expect(read.state).toMatchObject({ frozen: null, tickets: ['INC-1'] });
    await append(newer, frozen());
    expect(await problemsOf(newer, RELEASE_AFTER)).toEqual([]);
    expect(await problemsOf(older)).toEqual([
      'the state after event 1 was not checked: Pawl 7.0.0 computed it in format 7, which this Pawl does not know',
      'the state after event 2 was not checked: Pawl 7.0.0 computed it in format 7, which this Pawl does not know',
      'the state after event 4 was not checked: Pawl 7.0.0 computed it in format 7, which this Pawl does not know',
    ]);
  });

  it('is checked by the fold of its own format, not of the newest', async () => {
    const table = appendOnlyTable();
    const newer = await ledgerIn(table, RELEASE_AFTER);
    await append(newer, raised(6), frozen({ ticket: 'INC-1' }));
    // The release before knows of no ticket: its freeze leaves the one of before where it is.
    await append(await ledgerIn(table), frozen({}));
    expect((await newer.head(CELL)).state).toMatchObject({ tickets: ['INC-1'] });
    expect(await problemsOf(newer, RELEASE_AFTER)).toEqual([]);
  });
});

describe('a finding', () => {
  const finding: Finding = {
    code: 'under-floor',
    severity: 'held',
    subject: dnsName('api.example.test'),
    serving: 1,
    floor: 2,
  };
  const sentence = 'api.example.test would have 1 serving targets, fewer than its floor of 2.';

  it.each(['sha256', 'counted'] as const)(
    'is a sentence in format 1, and data in format 2 (%s)',
    async (hashing) => {
      const ledger = memoryLedger(LEDGER, { hashing, missingBodies: 'allow' });
      const findings = async () => {
        const event = (await ledger.head(CELL)).last?.event;
        return event?.type === 'PlanAppended' ? event.findings : undefined;
      };
      await append(ledger, planAppended(1, { findings: [finding] }));
      const { code, severity, subject } = finding;
      expect(await findings()).toEqual([{ code, severity, subject, message: sentence }]);
      await append(ledger, raised(2), planAppended(2, { findings: [finding] }));
      expect(await findings()).toEqual([finding]);
    },
  );
});

describe('the ledger in memory', () => {
  it.each(['sha256', 'counted'] as const)('refuses what a release does not know (%s)', async (hashing) => {
    const ledger = memoryLedger(LEDGER, { hashing, missingBodies: 'allow' });
    const first = ledger.seenBy(RELEASE_0_1);
    const second = ledger.seenBy(RELEASE_0_2);
    await append(first, frozen());
    await append(ledger, frozen());
    expect((await first.head(CELL)).number).toBe(2);
    await append(second, raised(2));
    expect((await second.head(CELL)).state.format).toBe(2);
    await append(ledger, raised(6));
    for (const [older, number, pawl, format, reads] of [
      [first, 3, '0.2.0', 2, 1],
      [second, 4, '0.6.0', 6, 2],
    ] as const) {
      const sentence = `Event ${number} of cell use1-a cannot be read: Pawl ${pawl} wrote it in format ${format}, and this Pawl reads formats up to ${reads}. Use Pawl ${pawl} or a newer one.`;
      const all = { after: 0, limit: 9, order: 'forward' } as const;
      await expect(older.events(CELL, all)).rejects.toThrow(sentence);
      expect(await older.events(CELL, { ...all, limit: number - 1 })).toHaveLength(number - 1);
      await expect(older.head(CELL)).rejects.toBeInstanceOf(LedgerUnusable);
    }
    await expect(second.head(CELL)).rejects.toThrow('Use Pawl 0.6.0 or a newer one.');
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
