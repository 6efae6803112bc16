import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ToldEvent } from '../../lib/events/told-event.ts';
import { toldEvent } from '../../lib/events/told-event.ts';
import { cellName } from '../../lib/plan/names.ts';
import { busOfFunction, tellBus } from '../../lib/wiring/event-bus.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';

const bus = mockClient(EventBridgeClient);
afterAll(() => bus.restore());
beforeEach(() => bus.reset());

function event(number: number): ToldEvent {
  const recorded = {
    ...{
      cell: cellName('use1-a'),
      number,
      at: Date.UTC(2026, 10, 28),
      by: 'enactor-a',
      previous: '',
      hash: '',
    },
    event: { type: 'CellThawed' },
  } as const;
  const told = toldEvent(recorded, { stack: 'pawl', zone: 'example.test' });
  if (told === undefined) throw new Error('a thaw is told');
  return told;
}

const events = (count: number) => Array.from({ length: count }, (_, index) => event(index + 1));
const tell = tellBus({ bus: 'pawl-bus', client: new EventBridgeClient({}), clock: virtualClock() });
const TAKEN = { EventId: 'e' };

/** The numbers of the events in each request. */
function requests(): readonly (readonly number[])[] {
  return bus
    .commandCalls(PutEventsCommand)
    .map(({ args: [{ input }] }) =>
      (input.Entries ?? []).map(({ Detail = '' }) => Number(JSON.parse(Detail).event)),
    );
}

/** A bus that answers each request for its entries. */
function answering(answer: (number: number, request: number) => object): void {
  let request = 0;
  bus.on(PutEventsCommand).callsFake(({ Entries }) => {
    request += 1;
    return {
      Entries: Entries.map(({ Detail }: { readonly Detail: string }) =>
        answer(JSON.parse(Detail).event, request),
      ),
    };
  });
}

describe('events to a bus', () => {
  it('are entries of the source pawl, with their kind and their time', async () => {
    answering(() => TAKEN);
    expect(await tell(events(1))).toEqual([]);
    expect(bus.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [
        {
          EventBusName: 'pawl-bus',
          Source: 'pawl',
          DetailType: 'CellThawed',
          Time: new Date(Date.UTC(2026, 10, 28)),
          Detail: JSON.stringify(event(1).detail),
        },
      ],
    });
  });

  it('go ten a request', async () => {
    answering(() => TAKEN);
    expect(await tell(events(21))).toEqual([]);
    expect(requests().map(({ length }) => length)).toEqual([10, 10, 1]);
  });

  it('are offered again exactly where they were refused', async () => {
    answering((number, request) =>
      request === 1 && (number === 2 || number === 5) ? { ErrorCode: 'ThrottlingException' } : TAKEN,
    );
    expect(await tell(events(6))).toEqual([]);
    expect(requests()).toEqual([
      [1, 2, 3, 4, 5, 6],
      [2, 5],
    ]);
  });

  it('are offered three times, and those that were never taken are named with the reason', async () => {
    answering((number) =>
      number === 2 ? { ErrorCode: 'InternalFailure', ErrorMessage: 'no place' } : TAKEN,
    );
    const untaken = await tell(events(3));
    expect(untaken.map(({ event: { detail }, reason }) => [detail.id, reason])).toEqual([
      ['pawl/use1-a/2', 'InternalFailure: no place'],
    ]);
    expect(requests()).toEqual([[1, 2, 3], [2], [2]]);
  });

  it('are offered whole after a lost answer, under the same ids', async () => {
    bus
      .on(PutEventsCommand)
      .rejectsOnce(Object.assign(new Error('no answer came'), { name: 'TimeoutError' }))
      .resolves({ Entries: [TAKEN, TAKEN] });
    expect(await tell(events(2))).toEqual([]);
    expect(requests()).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('are not taken where the bus throttles, or is not there, and nothing is thrown', async () => {
    bus.on(PutEventsCommand).rejects(Object.assign(new Error('slow down'), { name: 'ThrottlingException' }));
    const untaken = await tell(events(2));
    expect(untaken.map(({ reason }) => reason)).toEqual([
      'ThrottlingException: slow down',
      'ThrottlingException: slow down',
    ]);
    expect(requests()).toHaveLength(3);
  });

  it('are not taken where an answer does not say so', async () => {
    bus.on(PutEventsCommand).resolves({ Entries: [TAKEN] });
    const untaken = await tell(events(2));
    expect(untaken.map(({ event: { detail } }) => detail.event)).not.toContain(1);
    bus.on(PutEventsCommand).resolves({});
    expect((await tell(events(1))).map(({ reason }) => reason)).toEqual(['the answer does not say']);
  });

  it('are none without a request', async () => {
    expect(await tell([])).toEqual([]);
    expect(requests()).toEqual([]);
  });
});

describe('the bus of a function', () => {
  it('is none unless the stack gives one, and is refused without the name of the stack', () => {
    expect(busOfFunction({})).toBeUndefined();
    expect(busOfFunction({ PAWL_EVENT_BUS: 'default', PAWL_STACK: 'pawl' })).toMatchObject({ stack: 'pawl' });
    expect(() => busOfFunction({ PAWL_EVENT_BUS: 'default' })).toThrow('PAWL_STACK');
  });
});
