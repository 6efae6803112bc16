import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { failureText } from '../runtime/failed-request.ts';
import type { TrailMemoryStore } from '../trail-watch/trail-store.ts';
import { TrailAway } from '../trail-watch/trail-store.ts';

/** The one item of its table. */
const KEY = { pk: { S: 'TRAIL' } } as const;

const number = z.strictObject({ N: z.coerce.number().int().min(0) }).transform(({ N }) => N);
const toldText = z.string().transform((text, context) => {
  try {
    return z.array(z.tuple([z.string(), z.number()])).parse(JSON.parse(text));
  } catch (error) {
    context.addIssue(`not what a pass remembers: ${String(error)}`);
    return z.NEVER;
  }
});
const item = z.object({ version: number, reached: number, told: z.strictObject({ S: toldText }) });

/**
 * What passes over a trail remember, in one item of a table of its own: no item of the ledger is ever replaced, and this
 * one is at every pass.
 *
 * @param client made with `maxAttempts: 1`: an attempt that the client repeats by itself could lose to its own first one.
 */
export function dynamodbTrailMemory(client: Pick<DynamoDBClient, 'send'>, table: string): TrailMemoryStore {
  const reached = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await request();
    } catch (cause) {
      throw new TrailAway(
        `What is remembered of the trail in the table ${table} cannot be reached: ${failureText(cause, 'DynamoDB')}.`,
        { cause },
      );
    }
  };
  return {
    read: async () => {
      const request = new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true });
      const { Item } = await reached(() => client.send(request));
      if (Item === undefined) return undefined;
      const { version, reached: at, told } = item.parse(Item);
      return { version, reached: at, told: new Map(told.S) };
    },
    write: async ({ version, reached: at, told }, before) => {
      const request = new PutItemCommand({
        TableName: table,
        Item: {
          ...KEY,
          version: { N: String(version) },
          reached: { N: String(at) },
          told: { S: JSON.stringify([...told]) },
        },
        ...(before === undefined
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :version',
              ExpressionAttributeValues: { ':version': { N: String(before.version) } },
            }),
      });
      await reached(() => client.send(request));
    },
  };
}
