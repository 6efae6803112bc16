import type { AppendOnlyTable, ItemKey, WireItem } from './append-only-table.ts';
import type { RequestFields } from './request-fields.ts';
import {
  checkExpression,
  checkFields,
  flagOf,
  itemOf,
  keyOf,
  limitOf,
  projectionOf,
  textOf,
  UnknownRequest,
  valuesOf,
} from './request-fields.ts';

/** An answer as it is sent over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** DynamoDB's pages end after 1 MB. These end after a few items, so that a reader that stops at its first page fails. */
const PAGE_ITEMS = 3;

type Operation = (table: AppendOnlyTable, fields: RequestFields) => WireAnswer;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeTable: describeTable,
  GetItem: getItem,
  PutItem: putItem,
  Query: query,
  Scan: scan,
};

/**
 * Answers one request of DynamoDB's JSON protocol on the only table, with what a ledger uses: consistent and stale
 * reads, pages, and the creation of items.
 *
 * @throws UnknownRequest when the operation, a parameter or an expression is any other than those that a ledger sends.
 */
export function answerStrictly(
  table: AppendOnlyTable,
  name: string,
  operation: string,
  fields: RequestFields,
): WireAnswer {
  const perform = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
  if (perform === undefined) throw new UnknownRequest(`nobody knows ${operation} here`);
  if (textOf(fields, 'TableName') !== name) {
    return refusal('ResourceNotFoundException', 'Requested resource not found');
  }
  return perform(table, fields);
}

/** A refusal as DynamoDB sends it. */
export function refusal(type: string, message: string): WireAnswer & { readonly body: object } {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message } };
}

function describeTable(_: AppendOnlyTable, fields: RequestFields): WireAnswer {
  checkFields('DescribeTable', fields, ['TableName']);
  return answer({
    Table: {
      TableName: fields['TableName'],
      TableStatus: 'ACTIVE',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    },
  });
}

function getItem(table: AppendOnlyTable, fields: RequestFields): WireAnswer {
  checkFields(
    'GetItem',
    fields,
    ['TableName', 'Key'],
    ['ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'],
  );
  const project = projectionOf(fields);
  const item = table.get(keyOf(fields, 'Key'), flagOf(fields, 'ConsistentRead'));
  return answer(item === undefined ? {} : { Item: project(item) });
}

function putItem(table: AppendOnlyTable, fields: RequestFields): WireAnswer {
  checkFields(
    'PutItem',
    fields,
    ['TableName', 'Item', 'ConditionExpression'],
    ['ReturnValuesOnConditionCheckFailure'],
  );
  checkExpression(fields, 'ConditionExpression', 'attribute_not_exists(sk)');
  const { key, item } = itemOf(fields, 'Item');
  if (table.create(key, item)) return answer({});
  const refused = refusal('ConditionalCheckFailedException', 'The conditional request failed');
  if (fields['ReturnValuesOnConditionCheckFailure'] === undefined) return refused;
  if (fields['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD')
    throw new UnknownRequest('ReturnValuesOnConditionCheckFailure is not ALL_OLD');
  return { ...refused, body: { ...refused.body, Item: table.get(key, true) } };
}

function query(table: AppendOnlyTable, fields: RequestFields): WireAnswer {
  checkFields(
    'Query',
    fields,
    ['TableName', 'KeyConditionExpression', 'ExpressionAttributeValues', 'ScanIndexForward'],
    ['ConsistentRead', 'Limit', 'ExclusiveStartKey', 'ProjectionExpression', 'ExpressionAttributeNames'],
  );
  checkExpression(fields, 'KeyConditionExpression', 'pk = :pk AND sk BETWEEN :low AND :high');
  const [pk = '', low = '', high = ''] = valuesOf(fields, [':pk', ':low', ':high']);
  const found = table.range(pk, low, high, flagOf(fields, 'ConsistentRead'));
  return page(flagOf(fields, 'ScanIndexForward') ? found : [...found].reverse(), fields);
}

function scan(table: AppendOnlyTable, fields: RequestFields): WireAnswer {
  checkFields(
    'Scan',
    fields,
    ['TableName'],
    ['ConsistentRead', 'ExclusiveStartKey', 'ProjectionExpression', 'ExpressionAttributeNames'],
  );
  return page(table.all(flagOf(fields, 'ConsistentRead')), fields);
}

/** A full page has a key to continue from even when no item follows, as DynamoDB's does. */
function page(found: readonly WireItem[], fields: RequestFields): WireAnswer {
  const project = projectionOf(fields);
  const start = fields['ExclusiveStartKey'] === undefined ? undefined : keyOf(fields, 'ExclusiveStartKey');
  const from = start === undefined ? 0 : found.findIndex((item) => isAt(item, start)) + 1;
  if (start !== undefined && from === 0)
    throw new UnknownRequest('ExclusiveStartKey is no item of this read');
  const size = limitOf(fields, PAGE_ITEMS);
  const items = found.slice(from, from + size);
  const last = items.length === size ? items.at(-1) : undefined;
  return answer({
    Items: items.map(project),
    Count: items.length,
    ScannedCount: items.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: { pk: last['pk'], sk: last['sk'] } }),
  });
}

function isAt(item: WireItem, { pk, sk }: ItemKey): boolean {
  return item['pk']?.['S'] === pk && item['sk']?.['S'] === sk;
}

function answer(body: unknown): WireAnswer {
  return { status: 200, body };
}
