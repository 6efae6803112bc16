import { appendFile, mkdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A trail that is kept in files of a bounded size. */
export interface TrailFileWriter {
  /** Adds one event as a line. It never throws: what cannot be written is said, and the next event is tried anew. */
  add(record: Readonly<Record<string, unknown>>): void;
  /** Resolves when everything added so far is written, or was given up. */
  flush(): Promise<void>;
}

export interface TrailFileSettings {
  /** `…/trail.ndjson`; older parts are `…/trail.1.ndjson` and on. */
  readonly path: string;
  /** A part that is as large is ended, bytes. */
  readonly partBytes?: number;
  /** Older parts that are kept beside the newest. */
  readonly parts?: number;
  /** Called for each event that could not be written: the trail then lacks it. */
  readonly onLost: (error: unknown) => void;
}

const PART_BYTES = 32_000_000;
const PARTS = 7;

/** Opens a trail. One process at a time may write it. */
export function trailFile({
  path,
  partBytes = PART_BYTES,
  parts = PARTS,
  onLost,
}: TrailFileSettings): TrailFileWriter {
  let writing: Promise<void> = Promise.resolve();
  /** The bytes of the newest part up to the end of its last whole line; undefined: nobody has looked. */
  let whole: number | undefined;
  let isBroken = false;
  const write = async (line: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    whole ??= await wholeLines(path);
    if (isBroken) await truncate(path, whole);
    isBroken = false;
    if (whole >= partBytes) {
      await turn(path, parts);
      whole = 0;
    }
    isBroken = true;
    await appendFile(path, line);
    isBroken = false;
    whole += Buffer.byteLength(line);
  };
  return {
    add: (record) => {
      const line = `${JSON.stringify(record)}\n`;
      writing = writing.then(() => write(line)).catch(onLost);
    },
    flush: () => writing,
  };
}

/** The files of a trail, oldest first. */
export function trailParts(path: string, parts: number = PARTS): readonly string[] {
  return [...Array.from({ length: parts }, (_, index) => partPath(path, parts - index)), path];
}

function partPath(path: string, number: number): string {
  return path.replace(/(\.[a-z]+)$/, `.${number}$1`);
}

async function turn(path: string, parts: number): Promise<void> {
  await rm(partPath(path, parts), { force: true });
  for (let number = parts - 1; number >= 1; number -= 1)
    await renameIfThere(partPath(path, number), partPath(path, number + 1));
  await renameIfThere(path, partPath(path, 1));
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Cuts off a line that the process before this one did not end, and says how long the rest is. */
async function wholeLines(path: string): Promise<number> {
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
  const length = text.lastIndexOf('\n') + 1;
  if (length < text.length) await truncate(path, length);
  return length;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
