import { openDynamo, openMemory, openStrict } from './ledger-adapters.ts';
import { ledgerContract } from './ledger-contract.ts';

ledgerContract('memoryLedger', openMemory);
ledgerContract('openLedger on dynalite', openDynamo);
ledgerContract('openLedger on the strict stand-in', openStrict);
