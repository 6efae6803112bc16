/**
 * Writes test/fixtures/ledgers/0.4.0 as today's code writes format 4. Once 0.4.0 is released the folder is never
 * written again: test/ledger/kept-ledgers.test.ts holds later code to it.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptItems, ledgerIn } from '../test/support/kept-ledgers.ts';
import { expectedOf } from '../test/support/ledger-of-format-3.ts';
import { ledgerOfFormat4, RELEASE_0_4 } from '../test/support/ledger-of-format-4.ts';

const folder = join(import.meta.dirname, '../test/fixtures/ledgers', RELEASE_0_4.pawl);
mkdirSync(folder, { recursive: true });
const table = await ledgerOfFormat4();
writeFileSync(join(folder, 'items.jsonl'), keptItems(table));
writeFileSync(join(folder, 'expected.json'), await expectedOf(await ledgerIn(table)));
