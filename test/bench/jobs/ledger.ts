import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { FIRST_PREVIOUS, storedHash } from '../../../lib/ledger/chain.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import { evolve } from '../../../lib/ledger/decider/evolve.ts';
import { initialState } from '../../../lib/ledger/decider/state.ts';
import { openLedger } from '../../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { eventItem } from '../../../lib/ledger/dynamodb/items.ts';
import { createLedgerTable } from '../../../lib/ledger/dynamodb/table-access.ts';
import { execute } from '../../../lib/ledger/execute.ts';
import { canonicalJson } from '../../../lib/plan/canonical.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { systemRandomness } from '../../../lib/runtime/ids.ts';
import { countCalls, startDynalite } from '../../support/dynalite.ts';
import { asking } from '../../support/ledger-events.ts';
import { report } from '../report.ts';

/**
 * Appends and head reads behind a log of so many events. The log is seeded with DynamoDB's bulk writes (which no role
 * of Pawl may send), from a ledger in memory, so that its chain and its states are the real ones.
 */
const events = Number(process.argv[2] ?? 1);
const CELL = cellName('bench');
const TABLE = 'bench';
const BULK = 25;
const ROUNDS = 50;

const dynalite = await startDynalite();
const client = dynalite.client();
await createLedgerTable(client, TABLE);
const ledger = await openLedger({ client, table: TABLE, randomness: systemRandomness });
const proposal = (number: number): LedgerEvent =>
  number % 2 === 0 ? { type: 'PlannerResumed' } : { type: 'PlannerPaused', reason: 'bench' };
await seed();

const calls = countCalls(client);
const head = await times(async () => {
  await ledger.head(CELL);
});
const headCalls = calls() / ROUNDS;
const append = await times(async () => {
  await execute(ledger, CELL, { at: () => Date.now(), by: 'bench' }, ({ number }) =>
    asking(proposal(number + 1)),
  );
});
report(`ledger of ${events}`, {
  head_ms: head,
  head_requests: headCalls,
  read_and_append_ms: append,
});
await dynalite.close();

/** The same chain that as many appends would have made. */
async function seed(): Promise<void> {
  let state = initialState(CELL, ledger.id);
  let previous = FIRST_PREVIOUS;
  let items: ReturnType<typeof eventItem>[] = [];
  for (let number = 1; number <= events; number += 1) {
    const event = proposal(number);
    state = evolve(state, event, { at: number, by: 'bench' });
    const unhashed = {
      ...{ cell: CELL, number, at: number, by: 'bench', previous, nonce: 'bench000' },
      ...{ format: 1, readableFrom: 1, pawl: '0.1.0' },
      ...{ eventText: JSON.stringify(event), stateText: canonicalJson(state) },
    };
    const hash = storedHash(unhashed);
    items.push(eventItem({ ...unhashed, hash }, event.type));
    previous = hash;
    if (items.length < BULK && number < events) continue;
    const requests = items.map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: requests } }));
    items = [];
  }
}

/** The median of so many rounds, milliseconds. */
async function times(round: () => Promise<void>): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const started = performance.now();
    await round();
    taken.push(performance.now() - started);
  }
  return taken.sort((a, b) => a - b)[ROUNDS / 2] ?? 0;
}
