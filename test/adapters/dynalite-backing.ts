import type { AppendOnlyTable, WireItem } from '../../lib/emulator/dynamodb/append-only-table.ts';
import type { DynamodbRequest } from '../../lib/emulator/dynamodb/dynamodb-handler.ts';
import type { WireAnswer } from '../../lib/emulator/dynamodb/strict-requests.ts';
import { answerStrictly } from '../../lib/emulator/dynamodb/strict-requests.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb/table-access.ts';
import { invariant } from '../../lib/plan/invariant.ts';
import type { RunningDynalite } from '../support/dynalite.ts';
import type { Backing } from './adapter-world.ts';
import { TABLE } from './adapter-world.ts';

/** Dynalite requires a signature and does not check it. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

/**
 * Dynalite answers. The stand-in gets the same requests, so that a world can still be copied and read, and it must
 * write exactly when dynalite writes. Every copy of a world has a table of its own, which is filled before its first
 * request.
 */
export function dynaliteBacking(dynalite: RunningDynalite): Backing {
  const names = new WeakMap<AppendOnlyTable, Promise<string>>();
  const client = dynalite.client();
  let tables = 0;
  const fill = async (items: readonly WireItem[]): Promise<string> => {
    tables += 1;
    const name = `${TABLE}-${tables}`;
    await createLedgerTable(client, name);
    for (const item of items) {
      const fields = { TableName: name, Item: item };
      const { status } = await send(dynalite.endpoint, { operation: 'PutItem', fields });
      invariant(status === 200, `dynalite refuses an item of the ledger's: ${JSON.stringify(item)}`);
    }
    return name;
  };
  const answer: Backing['answer'] = async (table, { operation, fields }) => {
    const filled = names.get(table) ?? fill(table.all(true));
    names.set(table, filled);
    const name = await filled;
    const expected = answerStrictly(table, TABLE, operation, fields);
    const sent = await send(dynalite.endpoint, { operation, fields: { ...fields, TableName: name } });
    invariant(
      sent.status === expected.status,
      `to a ${operation} dynalite answers ${sent.status}, and the stand-in ${expected.status}`,
    );
    return sent;
  };
  return { winners: 'withheld', answer };
}

async function send(endpoint: string, { operation, fields }: DynamodbRequest): Promise<WireAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(fields),
  });
  return { status: response.status, body: await response.json() };
}
