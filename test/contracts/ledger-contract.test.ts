import { openDynamo, openMemory } from './ledger-adapters.ts';
import { ledgerContract } from './ledger-contract.ts';

ledgerContract('memoryLedger', openMemory);
ledgerContract('openLedger on dynalite', openDynamo);
