import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dynamodbLeases } from '../../lib/lease/dynamodb/dynamodb-leases.ts';
import { rowItem } from '../../lib/lease/dynamodb/lease-items.ts';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import { firstTick } from '../../lib/lease/lease-rule.ts';
import type { LeaseTable, ReadRow } from '../../lib/lease/lease-table.ts';
import { LeasesAway } from '../../lib/lease/lease-table.ts';
import { memoryLeases } from '../../lib/lease/memory-leases.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb/table-access.ts';
import { cellName } from '../../lib/plan/names.ts';
import { startDynalite } from '../support/dynalite.ts';

const ZONE = { cell: cellName('use1-a'), az: 'use1-az1' };
const OTHER = { ...ZONE, az: 'use1-az2' };
const TABLE = 'pawl-leases';
const TICK = firstTick(1_000);

async function openDynamodb() {
  const server = await startDynalite();
  onTestFinished(() => server.close());
  const client = server.client();
  await createLedgerTable(client, TABLE);
  return { client, leases: dynamodbLeases(client, TABLE) };
}

const ADAPTERS: readonly (readonly [string, () => Promise<LeaseTable>])[] = [
  ['in memory', async () => memoryLeases()],
  ['on DynamoDB', async () => (await openDynamodb()).leases],
];

function rowOf(group: string, change: Partial<LeaseRow> = {}): LeaseRow {
  return { group, e: 1, s: 1, t: 7, since: 7, members: [0, 1, 255], by: 'host-1', tries: 0, ...change };
}

async function allRows(leases: LeaseTable): Promise<readonly ReadRow[]> {
  const rows: ReadRow[] = [];
  let after: string | undefined;
  do {
    const page = await leases.readRows(ZONE, after);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined);
  return rows;
}

describe.each(ADAPTERS)('a table of leases %s', (_, open) => {
  it('lets a tick rise from exactly what was read', async () => {
    const leases = await open();
    expect(await leases.readTick(ZONE)).toBeUndefined();
    expect(await leases.putTick(ZONE, TICK, TICK)).toEqual({ type: 'lost' });
    expect(await leases.putTick(ZONE, TICK, undefined)).toEqual({ type: 'applied' });
    expect(await leases.putTick(ZONE, TICK, undefined)).toEqual({ type: 'lost' });
    const next = { ...TICK, n: 2, seen: true };
    for (const other of [{ n: 9 }, { at: 9 }, { seen: true }, { every: 30_000 }])
      expect(await leases.putTick(ZONE, next, { ...TICK, ...other })).toEqual({ type: 'lost' });
    expect(await leases.putTick(ZONE, next, TICK)).toEqual({ type: 'applied' });
    expect(await leases.readTick(ZONE)).toEqual(next);
    expect(await leases.readTick(OTHER)).toBeUndefined();
  });

  it('writes a row over exactly the epoch and the seq that were read', async () => {
    const leases = await open();
    expect(await leases.readRow(ZONE, 'rack-1')).toBeUndefined();
    const [first, second] = [rowOf('rack-1'), rowOf('rack-1', { s: 2, members: [7] })];
    expect(await leases.putRow(ZONE, first, { e: 1, s: 1 })).toEqual({ type: 'lost' });
    expect(await leases.putRow(ZONE, first, undefined)).toEqual({ type: 'applied' });
    expect(await leases.putRow(ZONE, first, undefined)).toEqual({ type: 'lost' });
    expect(await leases.putRow(ZONE, second, { e: 2, s: 1 })).toEqual({ type: 'lost' });
    expect(await leases.putRow(ZONE, second, { e: 1, s: 2 })).toEqual({ type: 'lost' });
    expect(await leases.putRow(ZONE, second, { e: 1, s: 1 })).toEqual({ type: 'applied' });
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({ type: 'row', row: second });
    expect(await leases.readRow(OTHER, 'rack-1')).toBeUndefined();
  });

  it('keeps a row that is released, without members', async () => {
    const leases = await open();
    const released = rowOf('rack-1', { s: 2, members: [] });
    await leases.putRow(ZONE, rowOf('rack-1'), undefined);
    expect(await leases.putRow(ZONE, released, { e: 1, s: 1 })).toEqual({ type: 'applied' });
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({ type: 'row', row: released });
    expect(await allRows(leases)).toEqual([{ type: 'row', row: released }]);
  });

  it('reads the rows of a zone in order, without its tick', async () => {
    const leases = await open();
    await leases.putTick(ZONE, TICK, undefined);
    const groups = ['0', 'a', 'b-1', 'rack-1', 'rack-2'];
    for (const group of [...groups].reverse()) await leases.putRow(ZONE, rowOf(group), undefined);
    await leases.putRow(OTHER, rowOf('elsewhere'), undefined);
    expect(await allRows(leases)).toEqual(groups.map((group) => ({ type: 'row', row: rowOf(group) })));
    expect((await leases.readRows(ZONE, 'rack-1')).rows).toEqual([{ type: 'row', row: rowOf('rack-2') }]);
  });
});

describe('a table of leases on DynamoDB', () => {
  it('says that it is away where there is no such table, or nobody listens', async () => {
    const server = await startDynalite();
    const leases = dynamodbLeases(server.client(), 'other');
    await expect(leases.readTick(ZONE)).rejects.toThrow('The table of leases "other" does not exist here');
    await expect(leases.putRow(ZONE, rowOf('a'), undefined)).rejects.toThrow(LeasesAway);
    await server.close();
    await expect(leases.readRows(ZONE)).rejects.toThrow(LeasesAway);
    expect(await leases.putRow(ZONE, rowOf('a'), undefined)).toMatchObject({ type: 'unknown' });
  });

  it('does not take a row that has lost its members for one that is released', async () => {
    const { client, leases } = await openDynamodb();
    const { m: _, ...Item } = rowItem(ZONE, rowOf('rack-1'));
    await client.send(new PutItemCommand({ TableName: TABLE, Item }));
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({
      type: 'unreadable',
      group: 'rack-1',
      what: 'cannot be read: its members are missing',
    });
  });

  it('leaves what a newer Pawl wrote to it', async () => {
    const { client, leases } = await openDynamodb();
    const pk = { S: 'use1-a#use1-az1' };
    const put = (sk: string) =>
      client.send(
        new PutItemCommand({ TableName: TABLE, Item: { pk, sk: { S: sk }, f: { N: '2' }, n: { N: '1' } } }),
      );
    await put('rack-1');
    await put('!tick');
    const what = 'cannot be read: its format is 2, and this Pawl reads format 1';
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({ type: 'unreadable', group: 'rack-1', what });
    await expect(leases.readTick(ZONE)).rejects.toThrow(what);
  });
});
