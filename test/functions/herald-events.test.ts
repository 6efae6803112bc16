import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { eventItem } from '../../lib/ledger/dynamodb/items.ts';
import type { Head } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { nextEvent, THIS_RELEASE } from '../../lib/ledger/stored-event.ts';
import { generation } from '../../lib/plan/generation.ts';
import { cellName } from '../../lib/plan/names.ts';
import { fakeBucket } from '../support/fake-bucket.ts';
import { imported } from './invoked.ts';

const lambda = mockClient(LambdaClient);
const bus = mockClient(EventBridgeClient);
const bucket = fakeBucket();
/** What was called, in the order in which it was. */
const order: string[] = [];

afterAll(() => {
  lambda.restore();
  bus.restore();
  bucket.restore();
});

beforeEach(() => {
  order.length = 0;
  lambda.reset();
  bus.reset();
  bucket.objects.clear();
  lambda.on(InvokeCommand).callsFake(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('hint');
    return { StatusCode: 202 };
  });
  taking(() => true);
  vi.stubEnv('PAWL_EVENT_BUS', 'default');
  vi.stubEnv('PAWL_STACK', 'pawl');
});
afterEach(() => vi.unstubAllEnvs());

/** A bus that takes the events with these numbers. */
function taking(takes: (number: number) => boolean): void {
  bus.on(PutEventsCommand).callsFake(({ Entries }) => {
    order.push('events');
    return {
      Entries: Entries.map(({ Detail }: { readonly Detail: string }) =>
        takes(JSON.parse(Detail).event) ? { EventId: 'e' } : { ErrorCode: 'InternalFailure' },
      ),
    };
  });
}

/** The stream's records of a log that these events make, one after the other. */
async function records(...events: readonly LedgerEvent[]): Promise<readonly Record<string, unknown>[]> {
  let head: Head = await memoryLedger('0a1b2c3d').head(cellName('use1-a'));
  return events.map((event) => {
    const next = nextEvent(THIS_RELEASE, head, { event, at: 1_795_867_200_000, by: 'operator-ana' }, 'n');
    head = next.head;
    const item = eventItem(next.stored, event.type);
    const { pk, sk, ...rest } = item;
    return {
      eventName: 'INSERT',
      dynamodb: { Keys: { pk, sk }, SequenceNumber: `s-${head.number}`, NewImage: { pk, sk, ...rest } },
    };
  });
}

const DRAIN: LedgerEvent = { type: 'TargetDrained', target: 't-1', reason: 'repair' };
const FREEZE: LedgerEvent = { type: 'CellFrozen', reason: 'look first' };
const APPENDED: LedgerEvent = {
  type: 'PlanAppended',
  ...{ generation: generation(1), parent: 0, digest: 'd'.repeat(64), origin: 'planner', lane: 'routine' },
  ...{ disposition: 'approved', pausesPlanner: false, findings: [], newTrees: {} },
  summary: { endpoints: 1, added: [], changed: [], removed: [], removedPermille: 0 },
};
const OBSERVED: LedgerEvent = { type: 'TargetsObserved', digest: 'd'.repeat(64), changed: 1, healthy: 1 };

function sent(): readonly unknown[] {
  return bus.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) =>
    (input.Entries ?? []).map(({ DetailType, Detail = '' }) => {
      const { id, stack, who } = JSON.parse(Detail);
      return { DetailType, id, stack, who };
    }),
  );
}

describe('the herald, where the deployment has an event bus,', () => {
  test('tells every event that somebody may wait for, under an id of its place in the log', async () => {
    const { invoke } = await imported('herald');
    expect(await invoke({ Records: await records(DRAIN, OBSERVED, FREEZE) })).toEqual({
      batchItemFailures: [],
    });
    const of = { stack: 'pawl', who: 'operator-ana' };
    expect(sent()).toEqual([
      { DetailType: 'TargetDrained', id: 'pawl/use1-a/1', ...of },
      { DetailType: 'CellFrozen', id: 'pawl/use1-a/3', ...of },
    ]);
  });

  test('tells the same when the stream gives a batch again, at another time', async () => {
    const { invoke } = await imported('herald');
    const Records = await records(FREEZE);
    await invoke({ Records });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    await invoke({ Records });
    vi.useRealTimers();
    const [first, again] = bus.commandCalls(PutEventsCommand).map(({ args: [{ input }] }) => input);
    expect(again).toEqual(first);
  });

  test('wakes whom it has to before it tells anything', async () => {
    const { invoke } = await imported('herald');
    await invoke({ Records: await records(DRAIN) });
    expect(order).toEqual(['hint', 'events']);
  });

  test('names the records that were not taken to the stream, and nothing fails', async () => {
    taking((number) => number !== 2);
    const { invoke, metrics, said } = await imported('herald');
    expect(await invoke({ Records: await records(DRAIN, FREEZE, DRAIN) })).toEqual({
      batchItemFailures: [{ itemIdentifier: 's-2' }],
    });
    expect(order.filter((each) => each === 'hint')).toHaveLength(1);
    expect(metrics()).toMatchObject([{ HintsSent: 1 }]);
    expect(metrics()[0]).not.toHaveProperty('RunsFailed');
    expect(said()).toContain('pawl/use1-a/2: InternalFailure');
  });

  test('wakes everybody also when the bus is not there', async () => {
    bus.on(PutEventsCommand).rejects(new Error('connect ECONNREFUSED'));
    const { invoke } = await imported('herald');
    const Records = await records(DRAIN);
    expect(await invoke({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: 's-1' }] });
    expect(order).toEqual(['hint']);
  });

  test('tells although a hint is not taken, and then fails for its sake', async () => {
    lambda.on(InvokeCommand).rejects(new Error('throttled'));
    const { invoke } = await imported('herald');
    await expect(invoke({ Records: await records(DRAIN) })).rejects.toThrow('throttled');
    expect(sent()).toHaveLength(1);
  });

  test('tells although the bucket of anchors is away, and then fails for its sake', async () => {
    vi.stubEnv('PAWL_ANCHORS', 'pawl-anchors');
    bucket.lose();
    const { invoke } = await imported('herald');
    await expect(invoke({ Records: await records(FREEZE) })).rejects.toThrow('cannot be reached');
    expect(sent()).toHaveLength(1);
  });

  test('says that it cannot read an item, wakes whom it concerns, and tells the others', async () => {
    const { invoke, metrics, said } = await imported('herald');
    const [first, second] = await records(DRAIN, FREEZE);
    const damaged = JSON.parse(JSON.stringify(first).replace('"event":{"S":"{', '"event":{"S":"'));
    expect(await invoke({ Records: [damaged, second] })).toEqual({ batchItemFailures: [] });
    expect(sent()).toMatchObject([{ id: 'pawl/use1-a/2' }]);
    expect(order).toContain('hint');
    expect(said()).toContain('StreamRecordUnreadable');
    expect(metrics().some((line) => [line['RecordsUnreadable']].flat().includes(1))).toBe(true);
  });

  test('holds nothing up for an event whose parts are not what they are called', async () => {
    const { invoke, said } = await imported('herald');
    const [odd, good] = await records(APPENDED, FREEZE);
    // Its summary is an object still, as the shapes of the log ask for.
    const broken = JSON.parse(JSON.stringify(odd).replace('added', 'adder'));
    expect(await invoke({ Records: [broken, good] })).toEqual({ batchItemFailures: [] });
    expect(sent()).toMatchObject([{ id: 'pawl/use1-a/2' }]);
    expect(said()).toContain('StreamRecordUnreadable');
  });

  test('says that an event is of a newer release, and holds nothing up for it', async () => {
    const { invoke, said } = await imported('herald');
    const [only] = await records(FREEZE);
    const newer = JSON.stringify(only)
      .replaceAll('CellFrozen', 'CellMoved')
      .replace('"nonce":', '"format":{"N":"99"},"readableFrom":{"N":"99"},"pawl":{"S":"9.0.0"},"nonce":');
    expect(await invoke({ Records: [JSON.parse(newer)] })).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual([]);
    expect(said()).toContain('EventOfNewerRelease');
  });
});

test('a herald without an event bus tells nobody', async () => {
  vi.unstubAllEnvs();
  const { invoke } = await imported('herald');
  expect(await invoke({ Records: await records(FREEZE) })).toEqual({ batchItemFailures: [] });
  expect(bus.calls()).toHaveLength(0);
});
