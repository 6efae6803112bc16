/**
 * Writes test/fixtures/ledgers/0.6.0 as today's code writes format 6. Once it has landed the folder is never written
 * again, whatever the release is called: test/ledger/kept-ledgers.test.ts holds later code to it.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptItems, ledgerIn } from '../test/support/kept-ledgers.ts';
import { expectedOf } from '../test/support/ledger-of-format-3.ts';
import { ledgerOfFormat6, RELEASE_0_6 } from '../test/support/ledger-of-format-6.ts';

const folder = join(import.meta.dirname, '../test/fixtures/ledgers', RELEASE_0_6.pawl);
mkdirSync(folder, { recursive: true });
const table = await ledgerOfFormat6();
writeFileSync(join(folder, 'items.jsonl'), keptItems(table));
writeFileSync(join(folder, 'expected.json'), await expectedOf(await ledgerIn(table)));
