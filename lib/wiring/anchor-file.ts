import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnchorStore } from '../ledger/anchor-store.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { HeadMark } from '../plan/fence.ts';
import { MARK_DIGITS } from '../plan/fence.ts';

/** `use1-a 151 9f3c…`; a line that was cut off by the end of its process is none. */
const LINE = /^([a-z0-9-]+ [1-9]\d*) ([0-9a-f]{64})$/;

/**
 * Anchors of a local world: a file beside its ledger, to which the process that runs the world adds a line an event.
 * Whoever may write the folder may write both, so it protects nobody: it is there so that people see what a bucket is for
 * (docs/adr/0054-anchors-of-the-log.md).
 *
 * @param folder of the local world. One process at a time may keep anchors there, which the folder's lock ensures.
 */
export function fileAnchors(folder: string): AnchorStore {
  const path = join(folder, 'anchors.txt');
  const name = `the file ${path}`;
  const read = () => reached(name, async () => keptIn(await readText(path)));
  let known: Promise<Map<string, Set<string>>> | undefined;
  return {
    name,
    keep: async (cell, { number, hash }) => {
      known ??= read();
      const kept = await known.catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      const place = `${cell} ${number}`;
      const hashes = kept.get(place) ?? new Set();
      // The line feed comes first, so that it ends a line that was cut off.
      if (!hashes.has(hash)) await reached(name, () => appendFile(path, `\n${place} ${hash}`));
      kept.set(place, hashes.add(hash));
      return hashes.size > 1 ? 'contradicted' : 'kept';
    },
    marks: async (cell, after, upTo) => {
      const marks: HeadMark[] = [];
      for (const [place, hashes] of await read()) {
        const [of, digits] = place.split(' ');
        const number = Number(digits);
        if (of === cell && number > after && number <= upTo)
          for (const hash of hashes) marks.push({ number, digits: hash.slice(0, MARK_DIGITS) });
      }
      return marks.sort((a, b) => a.number - b.number);
    },
  };
}

/** The hashes in a file's text by cell and number. */
function keptIn(text: string): Map<string, Set<string>> {
  const kept = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, place, hash] = LINE.exec(line) ?? [];
    if (place !== undefined && hash !== undefined)
      kept.set(place, (kept.get(place) ?? new Set<string>()).add(hash));
  }
  return kept;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** @throws LedgerUnavailable with one sentence. */
async function reached<Answer>(name: string, request: () => Promise<Answer>): Promise<Answer> {
  try {
    return await request();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LedgerUnavailable(`The anchors in ${name} cannot be used (${reason}).`, { cause });
  }
}
