import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { imported } from './invoked.ts';

const lambda = mockClient(LambdaClient);
const dynamodb = mockClient(DynamoDBClient);

// They stand in for every client of their class, also in the next file of the same worker.
afterAll(() => {
  lambda.restore();
  dynamodb.restore();
});

beforeEach(() => {
  lambda.reset();
  dynamodb.reset();
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
});

function record(eventName: 'INSERT' | 'MODIFY' | 'REMOVE', pk: string, type?: string) {
  return {
    eventName,
    eventSource: 'aws:dynamodb',
    dynamodb: {
      Keys: { pk: { S: pk }, sk: { S: 'EVENT#000000000007' } },
      ...(type === undefined ? {} : { NewImage: { type: { S: type }, state: { S: '{}' } } }),
    },
  };
}

/** Records that somebody's hand can bring about, and that no function can read. */
const POISON: readonly (readonly [string, unknown])[] = [
  ['an event whose type is a number', { ...record('INSERT', 'CELL#use1-a'), ...image({ type: { N: '1' } }) }],
  ['an event of what can be no cell', record('INSERT', 'CELL#Use1_a', 'PlanAppended')],
  ['a record of something else', { eventSource: 'aws:kinesis', kinesis: { data: '' } }],
  ['nothing', null],
];

function image(NewImage: Readonly<Record<string, unknown>>) {
  return { dynamodb: { Keys: { pk: { S: 'CELL#use1-a' }, sk: { S: 'EVENT#000000000007' } }, NewImage } };
}

function woken() {
  return lambda.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => ({
    name: input.FunctionName,
    how: input.InvocationType,
    payload: JSON.parse(new TextDecoder().decode(input.Payload as Uint8Array)),
  }));
}

describe('the herald', () => {
  test('wakes the planner for news of what is wanted, once a cell, and does not wait for it', async () => {
    const { invoke } = await imported('herald');
    const Records = ['FleetDeclared', 'TargetDrained', 'AzEvacuated'].map((type) =>
      record('INSERT', 'CELL#use1-a', type),
    );
    await invoke({ Records });
    expect(woken()).toEqual([
      {
        name: 'the-planner',
        how: 'Event',
        payload: { cell: 'use1-a', mode: 'hint', at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      },
    ]);
  });

  test('wakes one enactor for news of a plan, the same one for a cell always', async () => {
    const { invoke } = await imported('herald');
    await invoke({ Records: [record('INSERT', 'CELL#use1-a', 'PlanAppended')] });
    await invoke({
      Records: [
        record('INSERT', 'CELL#use1-a', 'PlanApproved'),
        record('INSERT', 'CELL#use1-a', 'DriftFound'),
      ],
    });
    const names = woken().flatMap(({ name = '' }) => (name === 'the-planner' ? [] : [name]));
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(1);
    expect(names[0]).toMatch(/^enactor-[123]$/);
  });

  test.each(['EndpointAdopted', 'PlanApproved'])(
    'wakes the planner too at %s: something that stood in the way is gone',
    async (type) => {
      const { invoke } = await imported('herald');
      await invoke({ Records: [record('INSERT', 'CELL#use1-a', type)] });
      const names = woken().map(({ name }) => name);
      expect(names).toEqual(['the-planner', expect.stringMatching(/^enactor-[123]$/)]);
    },
  );

  test.each(['EndpointRefused', 'EndpointRetried', 'KeptBackRejected', 'LooseningApproved'])(
    'wakes the planner at %s, which changes what it may plan',
    async (type) => {
      const { invoke } = await imported('herald');
      await invoke({ Records: [record('INSERT', 'CELL#use1-a', type)] });
      expect(woken().map(({ name }) => name)).toEqual(['the-planner']);
    },
  );

  test('spreads the cells over the enactors', async () => {
    const { invoke } = await imported('herald');
    const cells = Array.from({ length: 30 }, (_, index) => `cell-${index}`);
    await invoke({ Records: cells.map((cell) => record('INSERT', `CELL#${cell}`, 'PlanAppended')) });
    expect(new Set(woken().map(({ name }) => name))).toEqual(
      new Set(['enactor-1', 'enactor-2', 'enactor-3']),
    );
  });

  test('wakes nobody for what the roles say themselves, nor for what is no event', async () => {
    const { invoke } = await imported('herald');
    await invoke({
      Records: [
        record('INSERT', 'CELL#use1-a', 'PlanApplied'),
        record('INSERT', 'CELL#use1-a', 'EndpointsKeptBack'),
        record('INSERT', 'CELL#use1-a', 'SourcesBlind'),
        record('INSERT', 'CELLS'),
        record('INSERT', 'CELL#use1-a'),
      ],
    });
    expect(lambda).not.toHaveReceivedCommand(InvokeCommand);
  });

  test('fails when a function cannot be woken, so that the batch is tried again', async () => {
    lambda.on(InvokeCommand).rejects(new Error('throttled'));
    const { invoke } = await imported('herald');
    await expect(invoke({ Records: [record('INSERT', 'CELL#use1-a', 'PlanAppended')] })).rejects.toThrow(
      'throttled',
    );
  });

  test('tries to wake the others when one function cannot be woken', async () => {
    lambda.on(InvokeCommand, { FunctionName: 'the-planner' }).rejects(new Error('no such function'));
    const { invoke, metrics } = await imported('herald');
    const Records = [
      record('INSERT', 'CELL#use1-a', 'FleetDeclared'),
      record('INSERT', 'CELL#use1-a', 'PlanAppended'),
    ];
    await expect(invoke({ Records })).rejects.toThrow(
      '1 of 2 hints were not taken: the-planner for use1-a: no such function',
    );
    expect(woken().map(({ name }) => name)).toContainEqual(expect.stringMatching(/^enactor-[123]$/));
    expect(metrics()).toMatchObject([{ HintsSent: 1, RunsFailed: 1, ledger: 'ledger' }]);
  });

  test.each(POISON)('wakes whom the other records concern beside %s', async (_what, poison) => {
    const { invoke, metrics, said } = await imported('herald');
    const [before, after] = ['FleetDeclared', 'PlanAppended'].map((type) =>
      record('INSERT', 'CELL#use1-a', type),
    );
    await invoke({ Records: [before, poison, after] });
    expect(woken()).toHaveLength(2);
    expect(metrics()).toMatchObject([{ RecordsUnreadable: 1, HintsSent: 2, ledger: 'ledger' }]);
    expect(said()).toContain('StreamRecordUnreadable');
  });

  test('refuses what is no batch of a stream', async () => {
    const { invoke, metrics } = await imported('herald');
    await expect(invoke({ cell: 'use1-a', mode: 'sweep' })).rejects.toMatchObject({ name: 'EventRefused' });
    expect(metrics()).toMatchObject([{ RunsFailed: 1 }]);
  });
});

describe('the auditor, told of the stream', () => {
  test('raises LedgerRewritten for every item that was changed or deleted, of the ledger', async () => {
    const { invoke, metrics, said } = await imported('auditor');
    await invoke({
      Records: [record('MODIFY', 'CELL#use1-a', 'PlanAppended'), record('REMOVE', 'CELL#use1-a')],
    });
    const [line] = metrics();
    expect(line).toMatchObject({ LedgerRewritten: 2 });
    expect(line?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['ledger']]);
    expect(line?.['ledger']).toBe('ledger');
    expect(said()).toContain('CRITICAL');
    expect(said()).toContain('CELL#use1-a');
  });

  test('raises nothing for what was appended', async () => {
    const { invoke, metrics } = await imported('auditor');
    await invoke({ Records: [record('INSERT', 'CELL#use1-a', 'PlanAppended')] });
    expect(metrics()).toEqual([]);
  });

  test.each(POISON)('raises LedgerRewritten for the other items beside %s', async (_what, poison) => {
    const { invoke, metrics } = await imported('auditor');
    await invoke({ Records: [record('MODIFY', 'CELL#use1-a'), poison, record('REMOVE', 'CELL#use1-a')] });
    expect(metrics()).toMatchObject([{ LedgerRewritten: 2, ledger: 'ledger' }]);
  });

  test('takes an item for rewritten whatever was written into it', async () => {
    const { invoke, metrics, said } = await imported('auditor');
    const odd = { eventName: 'MODIFY', ...image({ type: { N: '1' } }) };
    await invoke({ Records: [odd, { eventName: 'REMOVE' }] });
    expect(metrics()).toMatchObject([{ LedgerRewritten: 2 }]);
    expect(said()).toContain('EVENT#000000000007');
  });

  test('counts a record that does not say what happened, and logs it', async () => {
    const { invoke, metrics, said } = await imported('auditor');
    await invoke({ Records: [image({}), record('MODIFY', 'CELL#use1-a')] });
    expect(metrics()).toMatchObject([{ LedgerRewritten: 1, RecordsUnreadable: 1 }]);
    expect(said()).toContain('StreamRecordUnreadable');
  });
});
