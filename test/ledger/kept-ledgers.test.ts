import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRoute53 } from '../../lib/emulator/route53.ts';
import { PROMPT_ROUTE53 } from '../../lib/emulator/settings.ts';
import { parseCellFleet } from '../../lib/fleet/cell-fleet-codec.ts';
import { bodiesNamedBy } from '../../lib/ledger/chain.ts';
import {
  SHAPES_1,
  SHAPES_2,
  SHAPES_3,
  SHAPES_4,
  SHAPES_5,
  SHAPES_6,
} from '../../lib/ledger/decider/event-shape.ts';
import { PARTS_SINCE_5 } from '../../lib/ledger/decider/formats.ts';
import { PARTS_SINCE_6 } from '../../lib/ledger/decider/handover-state.ts';
import { recordedSentence } from '../../lib/ledger/decider/recorded-finding.ts';
import { initialState, PARTS_SINCE_3, PARTS_SINCE_4 } from '../../lib/ledger/decider/state.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { LedgerUnusable } from '../../lib/ledger/ledger.ts';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import { THIS_RELEASE } from '../../lib/ledger/stored-event.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import { parseFence } from '../../lib/plan/fence.ts';
import type { CellName } from '../../lib/plan/names.ts';
import { cellName } from '../../lib/plan/names.ts';
import { parseEditedPlan } from '../../lib/plan/plan-json.ts';
import { readWorldFile, worldFilePath } from '../../lib/wiring/world-file.ts';
import { keptFile, keptItems, keptTable, ledgerIn } from '../support/kept-ledgers.ts';
import { ledgerOfFormat3, RELEASE_0_3 } from '../support/ledger-of-format-3.ts';
import { ledgerOfFormat4, RELEASE_0_4 } from '../support/ledger-of-format-4.ts';
import { ledgerOfFormat5, RELEASE_0_5 } from '../support/ledger-of-format-5.ts';
import { ledgerOfFormat6, RELEASE_0_6 } from '../support/ledger-of-format-6.ts';
import { RELEASE_0_1, RELEASE_0_2, RELEASE_AFTER } from '../support/releases.ts';

interface Expected {
  readonly ledger: string;
  readonly cells: Readonly<
    Record<
      CellName,
      {
        readonly events: number;
        readonly head: { readonly number: number; readonly hash: string };
        readonly types: readonly string[];
        readonly state: unknown;
      }
    >
  >;
}

/** A state that a release before format 6 wrote, as it is read today. */
function withLaterParts(state: unknown): unknown {
  const empty = initialState(cellName('any'), 'any');
  const parts = [...PARTS_SINCE_3, ...PARTS_SINCE_4, ...PARTS_SINCE_5, ...PARTS_SINCE_6];
  const later = parts.map((part) => [part, empty[part]]);
  return { ...Object.fromEntries(later), ...(state as object) };
}

const COMMIT = 'f1458ac';
const expected = JSON.parse(keptFile(COMMIT, 'expected.json')) as Expected;
const cells = Object.keys(expected.cells).map(cellName);
const occasion = { at: () => 2_000_000_000_000, by: 'operator-ana' };

describe(`the ledger that ${COMMIT} wrote`, () => {
  it('has every type of event that there was', () => {
    const types = new Set(Object.values(expected.cells).flatMap((cell) => cell.types));
    expect([...types].sort()).toEqual(Object.keys(SHAPES_1).sort());
  });

  it.each([
    ['this release', THIS_RELEASE],
    ['0.1.0, which knows nothing newer', RELEASE_0_1],
    ['0.2.0', RELEASE_0_2],
    ['a release to come', RELEASE_AFTER],
  ])('is read and verified by %s', async (_, release) => {
    const ledger = await ledgerIn(keptTable(COMMIT), release);
    expect(ledger.id).toBe(expected.ledger);
    expect(await ledger.cells()).toEqual(cells);
    for (const cell of cells) {
      const wanted = expected.cells[cell];
      const { number, hash, state } = await ledger.head(cell);
      expect({ number, hash }).toEqual(wanted?.head);
      expect(JSON.parse(canonicalJson(state))).toEqual(withLaterParts(wanted?.state));
      const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
      expect(events.map(({ event }) => event.type)).toEqual(wanted?.types);
    }
    const report = await verifyLedger({ ledger, release });
    expect(report.cells).toEqual(
      cells.map((cell) => ({ cell, events: expected.cells[cell]?.events, problems: [], anchors: [] })),
    );
  });

  it('has bodies that are read', async () => {
    const ledger = await ledgerIn(keptTable(COMMIT));
    let read = 0;
    for (const cell of cells) {
      for (const { event } of await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' })) {
        for (const digest of bodiesNamedBy(event)) {
          read += 1;
          const text = await ledger.getBody(cell, digest);
          if (event.type === 'FleetDeclared') expect(parseCellFleet(JSON.parse(text)).cell).toBe(cell);
          if (event.type === 'PlanAppended' || event.type === 'FenceAhead') {
            expect(canonicalJson(await getPlan(ledger, cell, digest))).toBe(text);
          }
        }
      }
    }
    expect(read).toBe(45);
  });

  it('is gone on with, by this release and those before in turn, and verified by all', async () => {
    const table = keptTable(COMMIT);
    const ledger = await ledgerIn(table);
    const first = await ledgerIn(table, RELEASE_0_1);
    const second = await ledgerIn(table, RELEASE_0_2);
    for (const cell of cells) {
      for (const [index, writer] of [ledger, first, second, ledger].entries()) {
        const reason = `release ${index}`;
        const outcome = await execute(writer, cell, occasion, () => ({ type: 'FreezeCell', reason }));
        expect(outcome.type).toBe('appended');
      }
      expect((await first.head(cell)).number).toBe((expected.cells[cell]?.events ?? 0) + 4);
    }
    for (const release of [THIS_RELEASE, RELEASE_0_1, RELEASE_0_2]) {
      const report = await verifyLedger({ ledger, release });
      expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
    }
  });

  it.each([
    [2, RELEASE_0_1],
    [3, RELEASE_0_1],
    [3, RELEASE_0_2],
    [4, RELEASE_0_3],
    [5, RELEASE_0_4],
    [6, RELEASE_0_5],
  ])('can be raised to %d, and is then no longer written by a release before', async (format, release) => {
    const table = keptTable(COMMIT);
    const ledger = await ledgerIn(table);
    const before = await ledgerIn(table, release);
    const [cell] = cells;
    if (cell === undefined) throw new Error('no cell');
    const raised = await execute(ledger, cell, occasion, () => ({ type: 'RaiseFormat', format }));
    expect(raised.type).toBe('appended');
    const stored = table.all(true).length;
    await expect(
      execute(before, cell, occasion, () => ({ type: 'FreezeCell', reason: 'old' })),
    ).rejects.toBeInstanceOf(LedgerUnusable);
    expect(table.all(true)).toHaveLength(stored);
    const report = await verifyLedger({ ledger });
    expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
  });
});

describe('the ledger that 0.2.0 wrote in format 2', () => {
  const kept = JSON.parse(keptFile('0.2.0', 'expected.json')) as Expected;

  it('has every type of event that there was', () => {
    const types = new Set(Object.values(kept.cells).flatMap((cell) => cell.types));
    expect([...types].sort()).toEqual(Object.keys(SHAPES_2).sort());
  });

  it.each([
    ['this release', THIS_RELEASE],
    ['0.2.0, which knows nothing newer', RELEASE_0_2],
    ['a release to come', RELEASE_AFTER],
  ])('is read and verified by %s', async (_, release) => {
    const ledger = await ledgerIn(keptTable('0.2.0'), release);
    expect(ledger.id).toBe(kept.ledger);
    for (const cell of await ledger.cells()) {
      const wanted = kept.cells[cell];
      const { number, hash, state } = await ledger.head(cell);
      expect({ number, hash }).toEqual(wanted?.head);
      expect(JSON.parse(canonicalJson(state))).toEqual(withLaterParts(wanted?.state));
      expect(state.format).toBe(2);
      const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
      expect(events.map(({ event }) => event.type)).toEqual(wanted?.types);
    }
    const report = await verifyLedger({ ledger, release });
    expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.cells.map(({ cell }) => cell)).toEqual(Object.keys(kept.cells));
  });

  it('has findings with data, and sentences that are made of them', async () => {
    const ledger = await ledgerIn(keptTable('0.2.0'));
    const sentences = new Set<string>();
    for (const cell of await ledger.cells()) {
      for (const { event } of await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' })) {
        if (event.type !== 'PlanAppended') continue;
        for (const finding of event.findings) {
          expect(finding.message).toBeUndefined();
          sentences.add(recordedSentence(finding));
        }
      }
    }
    expect([...sentences]).toEqual([
      'api.example.test would have 1 serving targets, fewer than its floor of 2.',
      'api.example.test would lose 50.0 % of its capacity, 50.0 % with what earlier plans took of any endpoint within 600 s, more than 34 %.',
      "Resolvers remember a missing name of example.test for 86400 s: lower the SOA's minimum.",
      'api.example.test would have no AAAA answer any more: not one of its targets with one serves.',
    ]);
  });

  it('is gone on with by 0.2.0 and this release in turn, and can be raised to format 3', async () => {
    const table = keptTable('0.2.0');
    const ledger = await ledgerIn(table);
    const before = await ledgerIn(table, RELEASE_0_2);
    for (const cell of await ledger.cells()) {
      for (const writer of [ledger, before, ledger])
        await execute(writer, cell, occasion, () => ({ type: 'FreezeCell', reason: 'x' }));
      expect((await verifyLedger({ ledger, release: RELEASE_0_2 }, cell)).cells[0]?.problems).toEqual([]);
      const raised = await execute(ledger, cell, occasion, () => ({ type: 'RaiseFormat', format: 3 }));
      expect(raised.type).toBe('appended');
      await expect(before.head(cell)).rejects.toBeInstanceOf(LedgerUnusable);
      expect((await verifyLedger({ ledger }, cell)).cells[0]?.problems).toEqual([]);
    }
  });

  it('stops 0.1.0, which writes nothing', async () => {
    const table = keptTable('0.2.0');
    const before = await ledgerIn(table, RELEASE_0_1);
    for (const cell of await before.cells()) {
      await expect(before.head(cell)).rejects.toThrow(
        /^Event \d+ of cell .* cannot be read: Pawl 0\.2\.0 wrote it in format 2, and this Pawl reads formats up to 1\. Use Pawl 0\.2\.0 or a newer one\.$/,
      );
    }
  });
});

describe('the ledger that 0.3.0 wrote in format 3', () => {
  const kept = JSON.parse(keptFile('0.3.0', 'expected.json')) as Expected;

  it('has every type of event that there was', () => {
    const types = new Set(Object.values(kept.cells).flatMap((cell) => cell.types));
    expect([...types].sort()).toEqual(Object.keys(SHAPES_3).sort());
  });

  it.each([
    ['this release', THIS_RELEASE],
    ['0.3.0, which knows nothing newer', RELEASE_0_3],
    ['a release to come', RELEASE_AFTER],
  ])('is read and verified by %s', async (_, release) => {
    const ledger = await ledgerIn(keptTable('0.3.0'), release);
    expect(ledger.id).toBe(kept.ledger);
    for (const cell of await ledger.cells()) {
      const wanted = kept.cells[cell];
      const { number, hash, state } = await ledger.head(cell);
      expect({ number, hash }).toEqual(wanted?.head);
      expect(JSON.parse(canonicalJson(state))).toEqual(withLaterParts(wanted?.state));
      expect(state.format).toBe(3);
      const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
      expect(events.map(({ event }) => event.type)).toEqual(wanted?.types);
    }
    const report = await verifyLedger({ ledger, release });
    expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.cells.map(({ cell }) => cell)).toEqual(Object.keys(kept.cells));
  });

  it('has states with everything that can stand in the way of an endpoint', () => {
    for (const { state } of Object.values(kept.cells))
      expect(state).toMatchObject({
        keptBack: [{ since: expect.any(Number) }, { since: expect.any(Number) }],
        // The plan of the approval tries what was refused.
        refused: [{ attempts: 2, trying: expect.any(Number) }],
        blind: [],
        lastRegression: { found: 'gone' },
      });
  });

  it('is what today writes in format 3, to the octet', async () => {
    // Bodies are compressed, and another zlib may compress otherwise.
    const eventsIn = (items: string) => items.split('\n').filter((item) => item.includes('"S":"EVENT#'));
    const kept = eventsIn(keptFile('0.3.0', 'items.jsonl'));
    expect(kept.length).toBeGreaterThan(150);
    expect(eventsIn(keptItems(await ledgerOfFormat3()))).toEqual(kept);
  });

  it('is gone on with by 0.3.0 and this release in turn, and can be raised to format 4', async () => {
    const table = keptTable('0.3.0');
    const ledger = await ledgerIn(table);
    const before = await ledgerIn(table, RELEASE_0_3);
    for (const cell of await ledger.cells()) {
      for (const writer of [ledger, before, ledger])
        await execute(writer, cell, occasion, () => ({ type: 'FreezeCell', reason: 'x' }));
      expect((await verifyLedger({ ledger, release: RELEASE_0_3 }, cell)).cells[0]?.problems).toEqual([]);
      const raised = await execute(ledger, cell, occasion, () => ({ type: 'RaiseFormat', format: 4 }));
      expect(raised.type).toBe('appended');
      await expect(before.head(cell)).rejects.toBeInstanceOf(LedgerUnusable);
      expect((await verifyLedger({ ledger }, cell)).cells[0]?.problems).toEqual([]);
    }
  });

  it.each([
    ['0.1.0', RELEASE_0_1, 1],
    ['0.2.0', RELEASE_0_2, 2],
  ])('stops %s, which writes nothing', async (_, release, reads) => {
    const table = keptTable('0.3.0');
    const stored = table.all(true).length;
    const before = await ledgerIn(table, release);
    for (const cell of await before.cells()) {
      await expect(before.head(cell)).rejects.toThrow(
        `Pawl 0.3.0 wrote it in format 3, and this Pawl reads formats up to ${reads}. Use Pawl 0.3.0 or a newer one.`,
      );
      await expect(
        execute(before, cell, occasion, () => ({ type: 'FreezeCell', reason: 'old' })),
      ).rejects.toBeInstanceOf(LedgerUnusable);
    }
    expect(table.all(true)).toHaveLength(stored);
  });
});

describe('the ledger that 0.4.0 wrote in format 4', () => {
  const kept = JSON.parse(keptFile('0.4.0', 'expected.json')) as Expected;

  it('has every type of event that there was', () => {
    const types = new Set(Object.values(kept.cells).flatMap((cell) => cell.types));
    expect([...types].sort()).toEqual(Object.keys(SHAPES_4).sort());
  });

  it.each([
    ['this release', THIS_RELEASE],
    ['0.4.0, which knows nothing newer', RELEASE_0_4],
    ['0.5.0', RELEASE_0_5],
    ['a release to come', RELEASE_AFTER],
  ])('is read and verified by %s', async (_, release) => {
    const ledger = await ledgerIn(keptTable('0.4.0'), release);
    expect(ledger.id).toBe(kept.ledger);
    for (const cell of await ledger.cells()) {
      const wanted = kept.cells[cell];
      const { number, hash, state } = await ledger.head(cell);
      expect({ number, hash }).toEqual(wanted?.head);
      expect(JSON.parse(canonicalJson(state))).toEqual(withLaterParts(wanted?.state));
      expect(state.format).toBe(4);
      const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
      expect(events.map(({ event }) => event.type)).toEqual(wanted?.types);
    }
    const report = await verifyLedger({ ledger, release });
    expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.cells.map(({ cell }) => cell)).toEqual(Object.keys(kept.cells));
  });

  it('has states with what only format 4 keeps', () => {
    for (const { state } of Object.values(kept.cells))
      expect(state).toMatchObject({
        applied: { changeId: 'C0FORMAT4' },
        refused: [{ wish: expect.stringMatching(/^[0-9a-f]{64}$/) }],
        contradicted: { number: 999 },
      });
  });

  it('is what today writes in format 4, to the octet', async () => {
    // Bodies are compressed, and another zlib may compress otherwise.
    const eventsIn = (items: string) => items.split('\n').filter((item) => item.includes('"S":"EVENT#'));
    const kept = eventsIn(keptFile('0.4.0', 'items.jsonl'));
    expect(kept.length).toBeGreaterThan(150);
    expect(eventsIn(keptItems(await ledgerOfFormat4()))).toEqual(kept);
  });

  it.each([
    ['0.1.0', RELEASE_0_1, 1],
    ['0.2.0', RELEASE_0_2, 2],
    ['0.3.0', RELEASE_0_3, 3],
  ])('stops %s, which writes nothing', async (_, release, reads) => {
    const table = keptTable('0.4.0');
    const stored = table.all(true).length;
    const before = await ledgerIn(table, release);
    for (const cell of await before.cells()) {
      await expect(before.head(cell)).rejects.toThrow(
        `Pawl 0.4.0 wrote it in format 4, and this Pawl reads formats up to ${reads}. Use Pawl 0.4.0 or a newer one.`,
      );
      await expect(
        execute(before, cell, occasion, () => ({ type: 'FreezeCell', reason: 'old' })),
      ).rejects.toBeInstanceOf(LedgerUnusable);
    }
    expect(table.all(true)).toHaveLength(stored);
  });
});

describe('the ledger that 0.5.0 wrote in format 5', () => {
  const kept = JSON.parse(keptFile('0.5.0', 'expected.json')) as Expected;

  it('has every type of event that there was', () => {
    const types = new Set(Object.values(kept.cells).flatMap((cell) => cell.types));
    expect([...types].sort()).toEqual(Object.keys(SHAPES_5).sort());
  });

  it.each([
    ['this release', THIS_RELEASE],
    ['0.5.0, which knows nothing newer', RELEASE_0_5],
    ['0.6.0', RELEASE_0_6],
    ['a release to come', RELEASE_AFTER],
  ])('is read and verified by %s', async (_, release) => {
    const ledger = await ledgerIn(keptTable('0.5.0'), release);
    expect(ledger.id).toBe(kept.ledger);
    for (const cell of await ledger.cells()) {
      const wanted = kept.cells[cell];
      const { number, hash, state } = await ledger.head(cell);
      expect({ number, hash }).toEqual(wanted?.head);
      expect(JSON.parse(canonicalJson(state))).toEqual(withLaterParts(wanted?.state));
      expect(state.format).toBe(5);
      const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
      expect(events.map(({ event }) => event.type)).toEqual(wanted?.types);
    }
    const report = await verifyLedger({ ledger, release });
    expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.cells.map(({ cell }) => cell)).toEqual(Object.keys(kept.cells));
  });

  it('has states with what only format 5 keeps', () => {
    for (const { state } of Object.values(kept.cells))
      expect(state).toMatchObject({ evacuatedBranches: ['primary.us-east-1'] });
  });

  it('has bodies with routes and with nodes, which are read', async () => {
    const ledger = await ledgerIn(keptTable('0.5.0'));
    const read = { routes: 0, nodes: 0 };
    for (const cell of await ledger.cells()) {
      for (const { event } of await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' })) {
        if (event.type === 'FleetDeclared') {
          const { endpoints } = parseCellFleet(JSON.parse(await ledger.getBody(cell, event.digest)));
          read.routes += endpoints.filter(({ route }) => route !== undefined).length;
        }
        if (event.type === 'PlanAppended') {
          const { endpoints } = await getPlan(ledger, cell, event.digest);
          read.nodes += endpoints.filter(({ nodes }) => nodes !== undefined).length;
        }
      }
    }
    expect(Math.min(read.routes, read.nodes)).toBeGreaterThan(1);
  });

  it('is what today writes in format 5, to the octet', async () => {
    // Bodies are compressed, and another zlib may compress otherwise.
    const eventsIn = (items: string) => items.split('\n').filter((item) => item.includes('"S":"EVENT#'));
    const kept = eventsIn(keptFile('0.5.0', 'items.jsonl'));
    expect(kept.length).toBeGreaterThan(150);
    expect(eventsIn(keptItems(await ledgerOfFormat5()))).toEqual(kept);
  });

  it.each([
    ['0.1.0', RELEASE_0_1, 1],
    ['0.2.0', RELEASE_0_2, 2],
    ['0.3.0', RELEASE_0_3, 3],
    ['0.4.0', RELEASE_0_4, 4],
  ])('stops %s, which writes nothing', async (_, release, reads) => {
    const table = keptTable('0.5.0');
    const stored = table.all(true).length;
    const before = await ledgerIn(table, release);
    for (const cell of await before.cells()) {
      await expect(before.head(cell)).rejects.toThrow(
        `Pawl 0.5.0 wrote it in format 5, and this Pawl reads formats up to ${reads}. Use Pawl 0.5.0 or a newer one.`,
      );
      await expect(
        execute(before, cell, occasion, () => ({ type: 'FreezeCell', reason: 'old' })),
      ).rejects.toBeInstanceOf(LedgerUnusable);
    }
    expect(table.all(true)).toHaveLength(stored);
  });
});

describe('the ledger that 0.6.0 wrote in format 6', () => {
  const kept = JSON.parse(keptFile('0.6.0', 'expected.json')) as Expected;

  it('has every type of event that there was', () => {
    const types = new Set(Object.values(kept.cells).flatMap((cell) => cell.types));
    expect([...types].sort()).toEqual(Object.keys(SHAPES_6).sort());
  });

  it.each([
    ['this release', THIS_RELEASE],
    ['0.6.0, which knows nothing newer', RELEASE_0_6],
    ['a release to come', RELEASE_AFTER],
  ])('is read and verified by %s', async (_, release) => {
    const ledger = await ledgerIn(keptTable('0.6.0'), release);
    expect(ledger.id).toBe(kept.ledger);
    for (const cell of await ledger.cells()) {
      const wanted = kept.cells[cell];
      const { number, hash, state } = await ledger.head(cell);
      expect({ number, hash }).toEqual(wanted?.head);
      expect(JSON.parse(canonicalJson(state))).toEqual(wanted?.state);
      expect(state.format).toBe(6);
      const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
      expect(events.map(({ event }) => event.type)).toEqual(wanted?.types);
    }
    const report = await verifyLedger({ ledger, release });
    expect(report.cells.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.cells.map(({ cell }) => cell)).toEqual(Object.keys(kept.cells));
  });

  it('has states with what only format 6 keeps', () => {
    for (const { state } of Object.values(kept.cells))
      expect(state).toMatchObject({
        offers: [{ name: expect.stringMatching(/^over-3\./), withdrawn: true }],
        given: [{ name: expect.stringMatching(/^over-1\./) }],
        awaited: [{ name: expect.stringMatching(/^over-4\./) }],
        applied: expect.not.objectContaining({ changeId: expect.anything() }),
      });
  });

  it('is what today writes in format 6, to the octet', async () => {
    // Bodies are compressed, and another zlib may compress otherwise.
    const eventsIn = (items: string) => items.split('\n').filter((item) => item.includes('"S":"EVENT#'));
    const kept = eventsIn(keptFile('0.6.0', 'items.jsonl'));
    expect(kept.length).toBeGreaterThan(150);
    expect(eventsIn(keptItems(await ledgerOfFormat6()))).toEqual(kept);
  });

  it.each([
    ['0.1.0', RELEASE_0_1, 1],
    ['0.2.0', RELEASE_0_2, 2],
    ['0.3.0', RELEASE_0_3, 3],
    ['0.4.0', RELEASE_0_4, 4],
    ['0.5.0', RELEASE_0_5, 5],
  ])('stops %s, which writes nothing', async (_, release, reads) => {
    const table = keptTable('0.6.0');
    const stored = table.all(true).length;
    const before = await ledgerIn(table, release);
    for (const cell of await before.cells()) {
      await expect(before.head(cell)).rejects.toThrow(
        `Pawl 0.6.0 wrote it in format 6, and this Pawl reads formats up to ${reads}. Use Pawl 0.6.0 or a newer one.`,
      );
      await expect(
        execute(before, cell, occasion, () => ({ type: 'FreezeCell', reason: 'old' })),
      ).rejects.toBeInstanceOf(LedgerUnusable);
    }
    expect(table.all(true)).toHaveLength(stored);
  });
});

describe(`the files that ${COMMIT} wrote`, () => {
  it.each(['plan.json', 'rescue.json', 'plan-body.json'])('%s is read as a plan', (file) => {
    expect(parseEditedPlan(keptFile(COMMIT, file)).type).toBe('plan');
  });

  it('each fence that ever stood is read', () => {
    const fences = keptFile(COMMIT, 'fences.txt').trimEnd().split('\n');
    expect(fences.length).toBeGreaterThan(20);
    for (const line of fences) expect(parseFence(line.slice(line.indexOf('"'))), line).toBeDefined();
  });

  it.each(['route53.json', 'local-world/route53.json'])('%s is read as a snapshot', (file) => {
    const core = createRoute53(PROMPT_ROUTE53, { now: () => 0, id: (prefix) => prefix });
    core.restore(JSON.parse(keptFile(COMMIT, file)));
    expect(JSON.parse(JSON.stringify(core.snapshot()))).toEqual(JSON.parse(keptFile(COMMIT, file)));
  });

  it('world.json is read as the place of a world that has ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pawl-kept-'));
    await writeFile(worldFilePath(folder), keptFile(COMMIT, 'local-world/world.json'));
    expect(await readWorldFile(folder)).toBeUndefined();
    await rm(folder, { recursive: true });
  });
});
