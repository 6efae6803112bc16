import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { instant } from '../../runtime/clock.ts';
import type { Attempt } from '../../runtime/retry.ts';
import { retry } from '../../runtime/retry.ts';
import type { TableAccess } from './calls.ts';
import { attempt, beginPatience, CALL_MS_MAX, failureOf } from './calls.ts';
import type { Item } from './table-access.ts';
import { NOTHING_THERE } from './table-access.ts';

/** What a conditional put of an event came to. `winner`: the item that stands there, where DynamoDB says it. */
export type PutOutcome =
  | { readonly type: 'appended' }
  | { readonly type: 'lost'; readonly winner?: Item | undefined }
  | { readonly type: 'unknown'; readonly reason: string };

/** Puts without an answer, each followed by a look at what stands there. */
const UNANSWERED_MAX = 3;

/**
 * Creates an event's item at a key where nothing stands yet, and finds out whether it did.
 *
 * The race worth knowing, `append-never-loses-its-own-event`:
 *  1. the put is sent, DynamoDB stores the item, the answer is lost;
 *  2. the put is sent again and fails its condition, because of its own item.
 * So once an answer was lost, a failed condition does not mean that another writer won. The hash of the item that
 * stands there says whose it is, because a nonce makes each hash unique. DynamoDB returns that item with the refusal
 * (ReturnValuesOnConditionCheckFailure, API reference of PutItem); where it does not, as in dynalite, the item is read.
 * When nothing stands there, the put may still be on its way, so the same put is sent again: of the two at most one
 * takes the place.
 *
 * @throws LedgerUnavailable and LedgerUnusable when it is certain that nothing was written.
 */
export async function putEvent(access: TableAccess, item: Item): Promise<PutOutcome> {
  const { client, table, clock } = access;
  const request = new PutItemCommand({
    TableName: table,
    Item: item,
    ConditionExpression: NOTHING_THERE,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const patience = beginPatience(clock, UNANSWERED_MAX);
  const outcome = await retry<PutOutcome>(
    access,
    { deadline: instant(clock.now() + CALL_MS_MAX) },
    async (): Promise<Attempt<PutOutcome>> => {
      try {
        await client.send(request);
        return done({ type: 'appended' });
      } catch (error) {
        const failure = failureOf(error, table);
        const { kind, error: cause } = failure;
        const goesOn = patience.lasts(failure);
        const isDoubtful = patience.unanswered() > 0;
        if (kind === 'throttled' && goesOn) return { type: 'again', cause };
        const winner = kind === 'condition' ? standingItem(error) : undefined;
        if (winner !== undefined) return done(whose(winner, item));
        if (!isDoubtful && kind === 'condition') return done({ type: 'lost' });
        if (!isDoubtful) throw cause;
        const standing = await whoseEvent(access, item);
        if (standing.type !== 'nobody') return done(standing);
        if (goesOn || kind === 'condition') return { type: 'again', cause };
        return done({ type: 'unknown', reason: `${cause.message} The event may still be written.` });
      }
    },
  );
  if (outcome.type === 'done') return outcome.value;
  if (patience.unanswered() === 0) throw outcome.cause;
  return { type: 'unknown', reason: 'An answer was lost, and the questions after it took too long.' };
}

async function whoseEvent(
  access: TableAccess,
  item: Item,
): Promise<PutOutcome | { readonly type: 'nobody' }> {
  const { client, table } = access;
  const { pk, sk, hash } = item;
  const request = new GetItemCommand({
    TableName: table,
    Key: { ...(pk && { pk }), ...(sk && { sk }) },
    ConsistentRead: true,
    ProjectionExpression: '#hash',
    ExpressionAttributeNames: { '#hash': 'hash' },
  });
  const answer = await attempt(access, () => client.send(request));
  if (answer.type === 'failed') return { type: 'unknown', reason: answer.failure.error.message };
  const standing = answer.value.Item;
  if (standing === undefined) return { type: 'nobody' };
  return standing['hash']?.S === hash?.S ? { type: 'appended' } : { type: 'lost' };
}

function standingItem(error: unknown): Item | undefined {
  return error instanceof ConditionalCheckFailedException ? error.Item : undefined;
}

/** Says whether the item that stands there, read whole, is this append's or another writer's. */
function whose(winner: Item, item: Item): PutOutcome {
  return winner['hash']?.S === item['hash']?.S ? { type: 'appended' } : { type: 'lost', winner };
}

function done(value: PutOutcome): Attempt<PutOutcome> {
  return { type: 'done', value };
}
