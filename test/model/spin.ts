import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ModelSize } from './sizes.ts';

const MODEL = fileURLToPath(new URL('pawl.pml', import.meta.url));
/** Megabytes that a search may take. */
const MEMORY_MB = 6_000;
const DEPTH_MAX = 1_000_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

const run = promisify(execFile);

/** What a search came to. */
export interface SearchResult {
  readonly errors: number;
  readonly states: number;
  readonly seconds: number;
  readonly megabytes: number;
  /** The assertion that failed, or `acceptance cycle`. */
  readonly violation: string | undefined;
  /** False when there was more to look at than fits. */
  readonly complete: boolean;
}

/** A simplification of pawl.pml that `-D` switches on. */
export type Mutant =
  | 'FLIP_WITHOUT_FENCE'
  | 'STAGE_WITHOUT_FENCE'
  | 'FLIP_BEFORE_INSYNC'
  | 'DELETE_BEFORE_TREES_RETIRED'
  | 'FENCE_ALONE_REFRESHED'
  | 'THAW_RETRIES';

/** Looks at every state for a failed assertion or a process that is stuck. */
export async function searchSafety(folder: string, size: ModelSize, mutant?: Mutant): Promise<SearchResult> {
  const mutants = mutant === undefined ? [] : [`-D${mutant}`];
  await compile(folder, [...sizeFlags(size), ...mutants], ['-DSAFETY']);
  return search(folder, []);
}

/** Looks for a fair run, in which nobody dies, that never comes to the goal to stay there. */
export async function searchLiveness(folder: string, size: ModelSize): Promise<SearchResult> {
  await compile(folder, [...sizeFlags(size), '-DFAULTS=0', '-DLIVE'], ['-DNFAIR=3']);
  return search(folder, ['-a', '-f']);
}

/** Every abstract state that the model comes to, as lines of {@link abstractState}'s form. */
export async function reachableStates(folder: string, size: ModelSize): Promise<ReadonlySet<string>> {
  // Reduction keeps every answer to a question, not every state; here the states are the question.
  await compile(folder, [...sizeFlags(size), '-DENUMERATE'], ['-DSAFETY', '-DNOREDUCE']);
  const result = await search(folder, []);
  if (result.errors > 0 || !result.complete)
    throw new Error(`the states of ${size.name} cannot be listed: ${JSON.stringify(result)}`);
  const text = await readFile(join(folder, 'states.txt'), 'utf8');
  return new Set(text.trim().split('\n'));
}

function sizeFlags(size: ModelSize): readonly string[] {
  const { base, plans, rollbacks, enactors, janitors, freezes, thaws, zombies } = size;
  return [
    `-DBASE=${base}`,
    `-DPLANS=${plans}`,
    `-DROLLBACKS=${rollbacks}`,
    `-DENACTORS=${enactors}`,
    `-DJANITORS=${janitors}`,
    `-DFREEZES=${freezes}`,
    `-DTHAWS=${thaws}`,
    `-DZOMBIES=${zombies}`,
  ];
}

async function compile(
  folder: string,
  spinFlags: readonly string[],
  compilerFlags: readonly string[],
): Promise<void> {
  await run('spin', ['-a', ...spinFlags, MODEL], { cwd: folder });
  // COLLAPSE keeps states whole; a hash of them would take less, and lose a few in a million.
  const flags = ['-O3', '-w', `-DMEMLIM=${MEMORY_MB}`, '-DCOLLAPSE', ...compilerFlags];
  await run('gcc', [...flags, '-o', 'pan', 'pan.c'], { cwd: folder });
}

async function search(folder: string, flags: readonly string[]): Promise<SearchResult> {
  const { stdout } = await run(join(folder, 'pan'), [`-m${DEPTH_MAX}`, ...flags], {
    cwd: folder,
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  return {
    errors: number(/errors: (\d+)/),
    states: number(/(\d+) states, stored/),
    seconds: number(/elapsed time (\S+) seconds/),
    megabytes: Math.ceil(number(/([\d.]+)\s+total actual memory usage/)),
    violation: /^pan:\d+: (.*) \(at depth/m.exec(stdout)?.[1],
    complete: !/Search not completed|max search depth too small|out of memory/.test(stdout),
  };
}
