/**
 * Writes test/fixtures/ledgers/0.3.0 as today's code writes format 3. Once 0.3.0 is released the folder is never
 * written again: test/ledger/kept-ledgers.test.ts holds later code to it.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptItems, ledgerIn } from '../test/support/kept-ledgers.ts';
import { expectedOf, ledgerOfFormat3, RELEASE_0_3 } from '../test/support/ledger-of-format-3.ts';

const folder = join(import.meta.dirname, '../test/fixtures/ledgers', RELEASE_0_3.pawl);
const table = await ledgerOfFormat3();
writeFileSync(join(folder, 'items.jsonl'), keptItems(table));
writeFileSync(join(folder, 'expected.json'), await expectedOf(await ledgerIn(table)));
