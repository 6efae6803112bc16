import { CreateTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrailAway } from '../../lib/trail-watch/trail-store.ts';
import { dynamodbTrailMemory } from '../../lib/wiring/trail-memory.ts';
import type { RunningDynalite } from '../support/dynalite.ts';
import { startDynalite } from '../support/dynalite.ts';

const TABLE = 'trail-memory';
let server: RunningDynalite;

beforeAll(async () => {
  server = await startDynalite();
  await server.client().send(
    new CreateTableCommand({
      TableName: TABLE,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterAll(() => server.close());

const FIRST = { version: 1, reached: 1_000, told: new Map([['0123456789abcdef', 900]]) };

describe('what passes over a trail remember', () => {
  it('is nothing, then what was written last, by whoever read what stood before', async () => {
    const memory = dynamodbTrailMemory(server.client(), TABLE);
    expect(await memory.read()).toBeUndefined();
    await memory.write(FIRST, undefined);
    expect(await memory.read()).toEqual(FIRST);
    // Somebody who read nothing, or what was replaced since, does not write.
    await expect(memory.write({ ...FIRST, reached: 5 }, undefined)).rejects.toThrow(TrailAway);
    const second = { version: 2, reached: 2_000, told: new Map() };
    await memory.write(second, FIRST);
    await expect(memory.write({ ...FIRST, version: 2 }, FIRST)).rejects.toThrow(TrailAway);
    expect(await memory.read()).toEqual(second);
  });

  it('holds thousands of findings', async () => {
    const told = new Map(
      Array.from(
        { length: 5_000 },
        (_, index) => [String(index).padStart(16, '0'), 1_795_931_940_000] as const,
      ),
    );
    const memory = dynamodbTrailMemory(server.client(), TABLE);
    const before = await memory.read();
    await memory.write({ version: 3, reached: 3_000, told }, before);
    expect((await memory.read())?.told.size).toBe(5_000);
  });

  it('is away while DynamoDB does not answer, and is not guessed where something else stands there', async () => {
    const down = { send: async () => Promise.reject(new Error('down')) };
    const memory = dynamodbTrailMemory(down as never, TABLE);
    await expect(memory.read()).rejects.toThrow(TrailAway);
    await expect(memory.write(FIRST, undefined)).rejects.toThrow(TrailAway);
    const client = server.client();
    await client.send(
      new PutItemCommand({ TableName: TABLE, Item: { pk: { S: 'TRAIL' }, told: { S: 'x' } } }),
    );
    await expect(dynamodbTrailMemory(client, TABLE).read()).rejects.toThrow();
    expect(
      (await client.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: 'TRAIL' } } }))).Item,
    ).toBeDefined();
  });
});
