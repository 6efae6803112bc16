import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '../../lib/cli/command-table.ts';
import { detailSchema, detailSchemaText } from '../../lib/events/detail-schemas.ts';
import type { ToldEvent } from '../../lib/events/told-event.ts';
import { toldEvent, withinBytes } from '../../lib/events/told-event.ts';
import { TOLD, TOLD_KINDS, UNTOLD } from '../../lib/events/told-kinds.ts';
import type { LedgerEvent, RecordedEvent } from '../../lib/ledger/decider/events.ts';
import { cellName } from '../../lib/plan/names.ts';
import { keptTable, ledgerIn } from '../support/kept-ledgers.ts';
import { ALL_SAMPLES, SAMPLES } from './sample-events.ts';

const THAWED: LedgerEvent = { type: 'CellThawed' };
const FROZEN: LedgerEvent = { type: 'CellFrozen', reason: 'look first' };
const AT = Date.UTC(2026, 10, 28, 12);

function recorded(event: LedgerEvent, number = 7, at = AT): RecordedEvent {
  const cell = cellName('use1-a');
  return { cell, number, at, by: 'operator-ana', event, previous: '0'.repeat(64), hash: 'f'.repeat(64) };
}

function told(event: LedgerEvent): ToldEvent {
  const sent = toldEvent(recorded(event), { stack: 'pawl', zone: 'example.test' });
  if (sent === undefined) throw new Error(`${event.type} is not told`);
  return sent;
}

/** What the strict schema and the document for others say against a message. */
function objections({ 'detail-type': kind, detail }: ToldEvent): unknown {
  const document = z.fromJSONSchema(JSON.parse(detailSchemaText(kind)));
  const sent: unknown = JSON.parse(JSON.stringify(detail));
  return [detailSchema(kind).safeParse(sent).error, document.safeParse(sent).error].filter(Boolean);
}

describe('an event that leaves', () => {
  const said = ALL_SAMPLES.filter(({ type }) => !Object.hasOwn(UNTOLD, type));

  it.each(said)('is as its schema says: $type', (event) => {
    const sent = told(event);
    expect(objections(sent)).toEqual([]);
    expect(TOLD[sent['detail-type']]).toMatchObject({ of: event.type, attention: sent.detail.attention });
    expect(sent.detail.summary).toMatch(/^\S.{10,}\.$/);
  });

  it('is of every kind of the table', () => {
    expect([...new Set(said.map((event) => told(event)['detail-type']))].sort()).toEqual(
      [...TOLD_KINDS].sort(),
    );
  });

  it('is none where nobody waits', () => {
    const silent = ALL_SAMPLES.filter(({ type }) => Object.hasOwn(UNTOLD, type));
    expect(silent.length).toBeGreaterThan(0);
    for (const event of silent)
      expect(toldEvent(recorded(event), { stack: 'pawl', zone: null })).toBeUndefined();
  });

  it('names a command that there is, and the stack', () => {
    for (const event of said) {
      const { next } = told(event).detail;
      const [program, verb = ''] = next.split(' ');
      expect(program).toBe('pawl');
      expect(Object.keys(COMMANDS)).toContain(verb);
      expect(next).toMatch(/ --stack pawl$/);
    }
    const local = toldEvent(recorded(FROZEN), { stack: null, zone: null });
    expect(local?.detail).toMatchObject({ stack: 'local', zone: null, next: 'pawl thaw use1-a' });
  });

  it('has an id of its place in the log, which is the same at every attempt', () => {
    const [first, again] = [told(THAWED), told(THAWED)];
    expect(first.detail.id).toBe('pawl/use1-a/7');
    expect(again).toEqual(first);
    const later = toldEvent(recorded(THAWED, 8), { stack: 'pawl', zone: null });
    expect(later?.detail.id).toBe('pawl/use1-a/8');
  });

  it('has a time, whatever a clock wrote into the log', () => {
    for (const at of [0, Number.MAX_SAFE_INTEGER]) {
      const sent = toldEvent(recorded(THAWED, 7, at), { stack: 'pawl', zone: null });
      expect(sent === undefined || objections(sent)).toEqual([]);
    }
  });

  it('carries what others wrote on one line, and no more than a thousand characters of it', () => {
    const reason = `look\nat\u0007this ${'x'.repeat(5_000)}`;
    const { detail } = told({ type: 'CellFrozen', reason });
    expect(detail['reason']).toMatch(/^look at this x+…$/);
    expect([...String(detail['reason'])]).toHaveLength(1_000);
  });

  it('says in a held plan how to approve exactly it', () => {
    const held = SAMPLES.PlanAppended.find(({ disposition }) => disposition === 'held');
    expect(held && told(held).detail.next).toBe(
      'pawl plan approve use1-a@5 --digest d1d1d1d1d1d1 --stack pawl',
    );
  });
});

describe('an event that is too large', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `n-${index}.example.test`);
  const large = { ...told(THAWED).detail, names, few: ['a', 'b'] };

  it('loses the end of its longest list until it fits, and says how much', () => {
    const shortened = withinBytes(large, 5_000);
    expect(Buffer.byteLength(JSON.stringify(shortened))).toBeLessThanOrEqual(5_000);
    const left = shortened['names'];
    expect(Array.isArray(left) && left.length > 0 && left.every((name, index) => name === names[index])).toBe(
      true,
    );
    expect(shortened.omitted).toEqual({ names: 1_000 - (Array.isArray(left) ? left.length : 0) });
    expect(shortened['few']).toEqual(['a', 'b']);
  });

  it('stays as it is when it fits', () => {
    expect(withinBytes(large)).toEqual(large);
  });

  it('is still as its schema says', () => {
    const findings = Array.from({ length: 900 }, (_, index) => ({
      ...({ code: 'of-a-later-release', severity: 'note', subject: `s-${index}` } as const),
      message: 'm'.repeat(400),
    }));
    for (const plan of SAMPLES.PlanAppended) {
      const sent = told({ ...plan, findings });
      expect(sent.detail.omitted).toEqual({ findings: 450 });
      expect(objections(sent)).toEqual([]);
    }
  });
});

describe('what earlier releases wrote', () => {
  it.each(['0.2.0', '0.3.0', '0.4.0', '0.5.0', '0.6.0', 'f1458ac'])(
    'leaves as the schemas say: the ledger of %s',
    async (release) => {
      const ledger = await ledgerIn(keptTable(release));
      let count = 0;
      for (const cell of await ledger.cells()) {
        const events = await ledger.events(cell, { after: 0, limit: 1_000, order: 'forward' });
        for (const event of events) {
          const sent = toldEvent(event, { stack: 'pawl', zone: 'example.test' });
          if (sent === undefined) continue;
          expect(objections(sent), sent.detail.id).toEqual([]);
          count += 1;
        }
      }
      expect(count).toBeGreaterThan(3);
    },
  );
});
