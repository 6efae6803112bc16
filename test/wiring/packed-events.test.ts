import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { TrailChange, TrailEvent } from '../../lib/trail/trail-event.ts';
import { eventPacker, eventUnpacker } from '../../lib/wiring/packed-events.ts';

const WHO = { name: 'pawl', names: ['pawl'] };

function recordOf(number: number): RecordSet {
  return { name: dnsName(`n${number}.example.test`), type: 'A', ttl: 60, values: ['192.0.2.1'] };
}

function batch(id: string, changes: readonly TrailChange[], changeId?: string): TrailEvent {
  const about = { id, at: 1_000, zoneId: 'Z1', who: WHO };
  return { ...about, content: { type: 'batch', changes, ...(changeId === undefined ? {} : { changeId }) } };
}

/** As another thread gets it. */
function sender() {
  const [pack, unpack] = [eventPacker(), eventUnpacker()];
  return (events: readonly TrailEvent[]) => {
    const packed = structuredClone(pack(events));
    return { packed, events: unpack(packed) };
  };
}

describe('events on their way between threads', () => {
  it('come over as they are, a piece after another', () => {
    const send = sender();
    const pieces: readonly (readonly TrailEvent[])[] = [
      [
        batch('a', [{ action: 'CREATE', record: recordOf(1) }], 'C1'),
        {
          id: 'b',
          at: 2_000,
          zoneId: '',
          who: { name: 'hand', names: [] },
          content: { type: 'omitted', changeId: 'C2' },
        },
        batch('c', []),
      ],
      [],
      [
        batch('d', [
          { action: 'DELETE', record: recordOf(1) },
          { action: 'UPSERT', record: recordOf(2) },
        ]),
      ],
    ];
    expect(pieces.map((piece) => send(piece).events)).toEqual(pieces);
  });

  it('have each record once, as the same object', () => {
    const send = sender();
    const first = send([batch('a', [{ action: 'CREATE', record: recordOf(1) }])]);
    const second = send([batch('b', [{ action: 'DELETE', record: recordOf(1) }])]);
    expect([first.packed.records, second.packed.records]).toEqual([JSON.stringify([recordOf(1)]), '[]']);
    const [made, gone] = [first, second].map(({ events: [event] }) =>
      event?.content.type === 'batch' ? event.content.changes[0]?.record : undefined,
    );
    expect(made).toEqual(recordOf(1));
    expect(gone).toBe(made);
  });

  it('do not keep all records for ever', () => {
    const send = sender();
    const many = Array.from(
      { length: 20_000 },
      (_, index): TrailChange => ({
        action: 'CREATE',
        record: recordOf(index),
      }),
    );
    expect(send([batch('a', many)]).packed.isAnew).toBe(false);
    const next = [batch('b', [{ action: 'DELETE', record: recordOf(7) }])];
    const { packed, events } = send(next);
    expect(packed).toMatchObject({ isAnew: true, records: JSON.stringify([recordOf(7)]) });
    expect(events).toEqual(next);
    expect(send(next).packed).toMatchObject({ isAnew: false, records: '[]' });
  });

  it('are refused where they name what did not come', () => {
    const packed = eventPacker()([batch('a', [{ action: 'CREATE', record: recordOf(1) }])]);
    expect(() => eventUnpacker()({ ...packed, records: '[]' })).toThrow('packed events name member 0 of 0');
  });
});
