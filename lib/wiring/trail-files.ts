import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { TrailUnreadable } from '../trail/trail-event.ts';

/** A file of a trail, as long as it was when it was found. */
export interface TrailFile {
  readonly path: string;
  readonly bytes: number;
  /** Somebody is writing it: a last line that is not whole is left for later. */
  readonly isGrowing?: true;
}

const TRAIL_FILE = /\.(?:json|json\.gz|ndjson|ndjson\.gz|jsonl)$/;
/** CloudTrail's names have the minute of their delivery (CloudTrail User Guide, "CloudTrail log file name format"). */
const DELIVERED = /_(\d{8}T\d{4})Z_/;
const EVENT_TIME = /"eventTime"\s*:\s*"([^"]+)"/;
const FILES_MAX = 100_000;
const FOLDERS_MAX = 20;
/** What is read of a file to find the time of its first event. */
const PEEKED_BYTES = 65_536;
/** What is unpacked at once: a trail is read faster in few large pieces. */
const CHUNK_BYTES = 262_144;
/** Packed files of so many bytes are unpacked at once, unless their text is longer. CloudTrail's are smaller, as a rule. */
const AT_ONCE_BYTES = 2_000_000;
const AT_ONCE_UNPACKED_BYTES = 64_000_000;

/**
 * The files that these paths mean, a folder's with all that is below it, in the order of their times.
 *
 * @throws TrailUnreadable when a path is neither, or a folder holds no file of a trail.
 */
export async function trailFiles(paths: readonly string[]): Promise<readonly TrailFile[]> {
  const found: TrailFile[] = [];
  for (const path of paths) found.push(...(await filesAt(path, 0)));
  const timed: { readonly file: TrailFile; readonly time: string }[] = [];
  const isOne = found.length < 2;
  for (const file of found) timed.push({ file, time: isOne ? '' : await timeOf(file) });
  timed.sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
  return timed.map(({ file }) => file);
}

async function filesAt(path: string, depth: number): Promise<readonly TrailFile[]> {
  const facts = await stat(path).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new TrailUnreadable(`${path} ${why}: name a file of CloudTrail, or a folder of them.`, {
      cause: error,
    });
  });
  if (!facts.isDirectory()) return [{ path, bytes: facts.size }];
  if (depth > FOLDERS_MAX) return [];
  const found: TrailFile[] = [];
  for (const entry of (await readdir(path, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) found.push(...(await filesAt(below, depth + 1)));
    else if (TRAIL_FILE.test(entry.name)) found.push({ path: below, bytes: (await stat(below)).size });
    if (found.length > FILES_MAX)
      throw new TrailUnreadable(
        `${path} holds more than ${FILES_MAX} files: name the folders of fewer days.`,
      );
  }
  if (depth === 0 && found.length === 0)
    throw new TrailUnreadable(
      `${path} holds no file of a trail (.json, .json.gz, .ndjson): name another folder.`,
    );
  return found;
}

/** Those of these files that are there. */
export async function filesThere(paths: readonly string[]): Promise<readonly TrailFile[]> {
  const found: TrailFile[] = [];
  for (const path of paths) {
    const facts = await stat(path).catch(() => undefined);
    if (facts?.isFile() === true) found.push({ path, bytes: facts.size });
  }
  return found;
}

/** The time of a file as text that sorts: of its name, or of its first event. */
async function timeOf(file: TrailFile): Promise<string> {
  const [, delivered] = DELIVERED.exec(file.path) ?? [];
  if (delivered !== undefined) return delivered;
  const stream = opened(file);
  let text = '';
  try {
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.length > PEEKED_BYTES || EVENT_TIME.test(text)) break;
    }
  } catch {
    // Whoever reads it says what is wrong with it.
  } finally {
    stream.destroy();
  }
  return (EVENT_TIME.exec(text)?.[1] ?? '').replaceAll(/[-:]/g, '');
}

/** The file's text as far as it had come when it was found: a local world goes on writing. */
export async function* textOf(file: TrailFile): AsyncGenerator<string> {
  const whole = file.path.endsWith('.gz') && file.bytes <= AT_ONCE_BYTES ? await unpacked(file) : undefined;
  if (whole !== undefined) yield whole;
  else for await (const chunk of opened(file)) yield String(chunk);
}

/** A small file is unpacked at once, in half the time that a stream takes; undefined for one of too much text. */
async function unpacked({ path, bytes }: TrailFile): Promise<string | undefined> {
  const packed = await readFile(path);
  try {
    return gunzipSync(packed.subarray(0, bytes), { maxOutputLength: AT_ONCE_UNPACKED_BYTES }).toString(
      'utf8',
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function opened({ path, bytes }: TrailFile): Readable {
  const stream = createReadStream(path, bytes === 0 ? {} : { end: bytes - 1 });
  if (!path.endsWith('.gz')) return stream.setEncoding('utf8');
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.on('error', (error) => plain.destroy(error));
  return stream.pipe(plain).setEncoding('utf8');
}
