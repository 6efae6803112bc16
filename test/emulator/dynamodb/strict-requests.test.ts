import { describe, expect, it } from 'vitest';
import { appendOnlyTable } from '../../../lib/emulator/dynamodb/append-only-table.ts';
import { UnknownRequest } from '../../../lib/emulator/dynamodb/request-fields.ts';
import { answerStrictly } from '../../../lib/emulator/dynamodb/strict-requests.ts';

const TABLE = 'ledger';

function itemAt(sk: string) {
  return { pk: { S: 'CELL#a' }, sk: { S: sk }, hash: { S: `of ${sk}` } };
}

function filled(...keys: readonly string[]) {
  const table = appendOnlyTable();
  const ask = (operation: string, fields: object) =>
    answerStrictly(table, TABLE, operation, { TableName: TABLE, ...fields });
  const put = (sk: string) =>
    ask('PutItem', { Item: itemAt(sk), ConditionExpression: 'attribute_not_exists(sk)' });
  for (const key of keys) put(key);
  return { ask, put, table };
}

const QUERY = {
  KeyConditionExpression: 'pk = :pk AND sk BETWEEN :low AND :high',
  ExpressionAttributeValues: { ':pk': { S: 'CELL#a' }, ':low': { S: '0' }, ':high': { S: '9' } },
  ScanIndexForward: true,
};

describe('the strict stand-in for DynamoDB', () => {
  it('creates an item where nothing stands, and nowhere else', () => {
    const { ask, put } = filled();
    expect(put('1').status).toBe(200);
    expect(put('1')).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining('ConditionalCheckFailed') },
    });
    const key = { pk: { S: 'CELL#a' }, sk: { S: '1' } };
    expect(ask('GetItem', { Key: key, ConsistentRead: true }).body).toEqual({ Item: itemAt('1') });
  });

  it('says what stands there when it is asked to', () => {
    const { ask } = filled('1');
    const again = (how: string) =>
      ask('PutItem', {
        Item: { ...itemAt('1'), hash: { S: 'another' } },
        ConditionExpression: 'attribute_not_exists(sk)',
        ReturnValuesOnConditionCheckFailure: how,
      });
    expect(again('ALL_OLD')).toMatchObject({ status: 400, body: { Item: itemAt('1') } });
    expect(() => again('NONE')).toThrow(UnknownRequest);
  });

  it('misses the last writes in a read that is not consistent', () => {
    const { ask } = filled('1', '2', '3', '4');
    const stale = ask('Query', QUERY).body;
    const fresh = ask('Query', { ...QUERY, ConsistentRead: true, ScanIndexForward: false }).body;
    expect(stale).toMatchObject({ Items: [itemAt('1')] });
    expect(fresh).toMatchObject({ Items: [itemAt('4'), itemAt('3'), itemAt('2')] });
  });

  it('ends a page early, and says where the next one begins', () => {
    const { ask } = filled('1', '2', '3', '4');
    const first = ask('Query', { ...QUERY, ConsistentRead: true });
    expect(first.body).toMatchObject({ Count: 3, LastEvaluatedKey: { pk: { S: 'CELL#a' }, sk: { S: '3' } } });
    const start = { pk: { S: 'CELL#a' }, sk: { S: '3' } };
    const second = ask('Query', { ...QUERY, ConsistentRead: true, ExclusiveStartKey: start });
    expect(second.body).toEqual({ Items: [itemAt('4')], Count: 1, ScannedCount: 1 });
  });

  it('gives a copy its own future', () => {
    const { put, table } = filled('1');
    const copy = table.clone();
    put('2');
    expect(copy.all(true)).toHaveLength(1);
    expect(table.all(true)).toHaveLength(2);
  });

  it('says that another table is not there', () => {
    expect(filled().ask('DescribeTable', { TableName: 'other' })).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining('ResourceNotFound') },
    });
  });

  it.each([
    ['an operation', 'UpdateItem', {}],
    [
      'a parameter',
      'PutItem',
      { Item: itemAt('1'), ConditionExpression: 'attribute_not_exists(sk)', ReturnValues: 'ALL_OLD' },
    ],
    ['a put without a condition', 'PutItem', { Item: itemAt('1') }],
    ['another condition', 'PutItem', { Item: itemAt('1'), ConditionExpression: 'attribute_not_exists(pk)' }],
    ['an index', 'Query', { ...QUERY, IndexName: 'by-type' }],
    ['a filter', 'Query', { ...QUERY, FilterExpression: 'at > :at' }],
    ['a reserved name', 'Query', { ...QUERY, ProjectionExpression: 'hash' }],
    ['a name for nothing', 'Query', { ...QUERY, ExpressionAttributeNames: { '#hash': 'hash' } }],
    ['more than a key', 'GetItem', { Key: itemAt('1') }],
  ])('throws at %s that it does not know', (_, operation, fields) => {
    expect(() => filled().ask(operation, fields)).toThrow(UnknownRequest);
  });
});
