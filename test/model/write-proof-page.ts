import { writeFile } from 'node:fs/promises';
import { proofPage } from './proof-page.ts';
import { THEORIES } from './theories.ts';

await writeFile(new URL('../../docs/proof.md', import.meta.url), proofPage(THEORIES));
