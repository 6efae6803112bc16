import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIZES, USUAL_SIZE } from './sizes.ts';
import type { SearchResult } from './spin.ts';
import { reachableStates, searchLiveness, searchSafety } from './spin.ts';

/** Prints the table of README.md: states, abstract states and seconds of every size, on this machine. */
async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-model-'));
  const say = (name: string, { states, megabytes, seconds, errors }: SearchResult, abstract: string) =>
    process.stdout.write(
      `| ${name} | ${states.toLocaleString('en')} | ${abstract} | ${seconds} s | ${megabytes} MB | ${errors} |\n`,
    );
  try {
    for (const size of SIZES) {
      const result = await searchSafety(folder, size);
      say(size.name, result, (await reachableStates(folder, size)).size.toLocaleString('en'));
    }
    say(`goal reached, ${USUAL_SIZE.name}`, await searchLiveness(folder, USUAL_SIZE), '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await measure();
