import { open, writeFile } from 'node:fs/promises';
import type { Recording } from '../../simulator/recording/recording.ts';
import { BadInput } from '../failures.ts';
import { PAGE_SIGN, replayPage } from './page.ts';

/** The sign stands near the beginning of every page. */
const SIGN_WITHIN_BYTES = 1_024;

/**
 * Writes the page of a recording. An older page is written over; any other file is left alone.
 *
 * @throws BadInput when the file is something else, or cannot be written.
 */
export async function writeReplayPage(path: string, recording: Recording): Promise<void> {
  const page = await replayPage(recording);
  try {
    const isThere = !(await wrote(path, page, 'wx'));
    if (!isThere) return;
    if (!(await isReplayPage(path))) {
      throw new BadInput(`${path} is there already and is no replay page: name another file with --out.`);
    }
    await wrote(path, page, 'w');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    throw new BadInput(`${path} cannot be written (${codeOf(error)}): name another file with --out.`, {
      cause: error,
    });
  }
}

/** @returns false when the file must not be there and is. */
async function wrote(path: string, page: string, flag: 'wx' | 'w'): Promise<boolean> {
  try {
    await writeFile(path, page, { flag });
    return true;
  } catch (error) {
    if (flag === 'wx' && codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isReplayPage(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SIGN_WITHIN_BYTES), 0, SIGN_WITHIN_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(PAGE_SIGN);
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no reason';
}
