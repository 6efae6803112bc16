import { openLedger } from '../../lib/ledger/dynamodb-ledger.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb-table.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import type { LedgerRecords } from '../../lib/ledger/ledger-records.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { startDynalite } from '../support/dynalite.ts';
import { LEDGER } from '../support/ledger-events.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

/** A fresh, empty ledger, seen by two processes. */
export interface OpenedLedger {
  readonly ledger: Ledger & { readonly records: LedgerRecords };
  /** The same ledger as another process has it open. */
  readonly other: Ledger & { readonly records: LedgerRecords };
  close(): Promise<void>;
}

export async function openMemory(): Promise<OpenedLedger> {
  const ledger = memoryLedger(LEDGER);
  return { ledger, other: ledger, close: async () => {} };
}

export async function openDynamo(): Promise<OpenedLedger> {
  const dynalite = await startDynalite();
  const table = 'pawl-ledger';
  await createLedgerTable(dynalite.client(), table);
  const ledger = await openLedger({ client: dynalite.client(), table, randomness: seededRandomness(1) });
  const other = await openLedger({ client: dynalite.client(), table, randomness: seededRandomness(2) });
  return { ledger, other, close: dynalite.close };
}
