import { expect } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { CheckMutantWork } from './check-mutant-worker.ts';

/** A bug that one text in the place of another one makes, and the check that must find it. */
export type CheckMutant = readonly [name: string, foundBy: string, file: string, find: string, put: string];

/** Fails unless the check that is named finds the bug. */
export async function expectFound(
  of: CheckMutantWork['of'],
  [, check, file, find, put]: CheckMutant,
): Promise<void> {
  const work: CheckMutantWork = { replacements: [{ file, find, put }], of, check };
  const result = await ownProcess<string>(new URL('./check-mutant-worker.ts', import.meta.url), work);
  expect(result).toMatch(/^killed: /);
}
