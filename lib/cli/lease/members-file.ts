import { open } from 'node:fs/promises';
import { MEMBERS_MAX } from '../../lease/lease-row.ts';
import { BadInput, systemCode } from '../command/failures.ts';

/** A member of a group as its file names it. */
export interface Member {
  readonly name: string;
  /** 0 out, 1 to 255 a share of its capacity. */
  readonly share: number;
}

const WHOLE = 255;
const PERCENT_MAX = 100;
const NAME = /^[\w.:@/+-]{1,128}$/;
const COMMENT = /(^|\s)#.*$/;
const FILE_BYTES_MAX = 1_000_000;

/**
 * Reads a file of members: one a line, `NAME`, `NAME SHARE` with a percent of 0 to 100, or `NAME out`; `#` begins a
 * comment. Their order is that of the bytes of the row.
 *
 * @throws BadInput in one sentence when the file cannot be read, or has a mistake.
 */
export async function readMembers(path: string): Promise<readonly Member[]> {
  return parseMembers(path, await textOf(path));
}

/** @param path for the sentence about a mistake. @throws BadInput. */
export function parseMembers(path: string, text: string): readonly Member[] {
  const members = new Map<string, Member>();
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(COMMENT, '').trim().split(/\s+/);
    const [name = '', share, extra] = words;
    if (name === '') continue;
    const at = `${path}:${index + 1}`;
    if (extra !== undefined)
      throw new BadInput(`${at}: a line is a name and a share, and "${extra}" is one word more: remove it.`);
    if (!NAME.test(name))
      throw new BadInput(`${at}: "${name}" is no name: use 1 to 128 letters, digits and any of _.:@/+-.`);
    if (members.has(name)) throw new BadInput(`${at}: ${name} is there twice: remove one of them.`);
    members.set(name, { name, share: shareOf(at, share) });
  }
  if (members.size === 0) throw new BadInput(`${path} names no member: write one name a line.`);
  if (members.size > MEMBERS_MAX)
    throw new BadInput(`${path} names ${members.size} members, more than ${MEMBERS_MAX}: make two groups.`);
  return [...members.values()];
}

function shareOf(at: string, text: string | undefined): number {
  if (text === undefined) return WHOLE;
  const percent = text === 'out' ? 0 : /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent <= PERCENT_MAX))
    throw new BadInput(`${at}: "${text}" is no share: write a percent of 0 to 100, or "out".`);
  // A share is never rounded to out.
  return percent === 0 ? 0 : Math.max(1, Math.round((percent * WHOLE) / PERCENT_MAX));
}

async function textOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > FILE_BYTES_MAX)
      throw new BadInput(`${path} has more than ${FILE_BYTES_MAX / 1_000_000} MB: it is no file of members.`);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof BadInput) throw error;
    const code = systemCode(error);
    if (code === undefined) throw error;
    const what = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new BadInput(`The file of members ${path} ${what}: give one that can be read.`, { cause: error });
  }
}
