import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidValue } from '../plan/invariant.ts';
import type { TrailEvent } from '../trail/trail-event.ts';
import { EVENT_NAMES, trailEventOf } from './trail-json.ts';

/** A file of a trail, as long as it was when it was found. */
export interface TrailFile {
  readonly path: string;
  readonly bytes: number;
  /** Somebody is writing it: a last line that is not whole is left for later. */
  readonly isGrowing?: true;
}

/** What was left out of a trail that is read. */
export interface TrailReading {
  readonly files: number;
  /** Events that are not about records of a zone. */
  others: number;
}

/** A file is no trail, or not the whole of one. The message is one sentence with what to do. */
export class TrailUnreadable extends Error {
  override readonly name = 'TrailUnreadable';
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
/** A file of one document is read whole. CloudTrail's are smaller. */
const DOCUMENT_CHARS_MAX = 256_000_000;

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
function opened({ path, bytes }: TrailFile): Readable {
  const stream = createReadStream(path, bytes === 0 ? {} : { end: bytes - 1 });
  if (!path.endsWith('.gz')) return stream.setEncoding('utf8');
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.on('error', (error) => plain.destroy(error));
  return stream.pipe(plain).setEncoding('utf8');
}

/**
 * The events of these files about records of zones, in the order of the files.
 *
 * @throws TrailUnreadable at the first file that is no trail, or not whole.
 */
export async function* readTrail(
  files: readonly TrailFile[],
  reading: TrailReading,
): AsyncGenerator<TrailEvent> {
  for (const file of files) {
    try {
      yield* eventsIn(file, reading);
    } catch (cause) {
      if (cause instanceof TrailUnreadable) throw cause;
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (code === 'Z_BUF_ERROR')
        throw new TrailUnreadable(`${file.path} is cut off: get the whole file again.`, { cause });
      if (code !== '')
        throw new TrailUnreadable(`${file.path} cannot be read (${code}): name a file of CloudTrail.`, {
          cause,
        });
      throw cause;
    }
  }
}

async function* eventsIn(file: TrailFile, reading: TrailReading): AsyncGenerator<TrailEvent> {
  const { path } = file;
  const lines = createInterface({ input: opened(file), crlfDelay: Number.POSITIVE_INFINITY });
  let document: string[] | undefined;
  let chars = 0;
  let number = 0;
  let pending: string | undefined;
  for await (const line of lines) {
    number += 1;
    if (number === 1 && isDocument(line)) document = [];
    if (document !== undefined) {
      document.push(line);
      chars += line.length;
      if (chars > DOCUMENT_CHARS_MAX)
        throw new TrailUnreadable(
          `${path} is one document of more than ${DOCUMENT_CHARS_MAX} characters: split it.`,
        );
      continue;
    }
    if (pending !== undefined) yield* eventOfLine(pending, { path, number: number - 1 }, reading);
    pending = line;
  }
  if (document !== undefined) yield* eventsOfDocument(path, document.join('\n'), reading);
  else if (pending !== undefined)
    yield* eventOfLine(pending, { path, number, isLast: true, isGrowing: file.isGrowing === true }, reading);
  else if (file.bytes === 0) throw new TrailUnreadable(`${path} is empty: name a file of CloudTrail.`);
}

/** A document of CloudTrail is one object with all records; a line of its own is a record whole. */
function isDocument(line: string): boolean {
  const start = line.trimStart();
  return /^\{\s*("Records"|$)/.test(start) || start === '';
}

/**
 * The events in one document of CloudTrail.
 *
 * @throws TrailUnreadable when it is none.
 */
export function* eventsOfDocument(path: string, text: string, reading: TrailReading): Generator<TrailEvent> {
  const json = jsonOf(text);
  if (json === undefined)
    throw new TrailUnreadable(`${path} is cut off, or no JSON: get the whole file again.`);
  const records = typeof json === 'object' && json !== null && 'Records' in json ? json.Records : undefined;
  if (!Array.isArray(records))
    throw new TrailUnreadable(`${path} is no file of CloudTrail: it has no list of Records.`);
  for (const [index, record] of records.entries())
    yield* eventOf(record, `${path}, record ${index + 1}`, reading);
}

interface LineAt {
  readonly path: string;
  readonly number: number;
  readonly isLast?: boolean;
  readonly isGrowing?: boolean;
}

function* eventOfLine(
  line: string,
  { path, number, isLast = false, isGrowing = false }: LineAt,
  reading: TrailReading,
): Generator<TrailEvent> {
  const trimmed = line.trim();
  if (trimmed === '') return;
  // Most events of an account are not about zones, and cost no parser.
  if (
    trimmed.startsWith('{') &&
    trimmed.endsWith('}') &&
    !EVENT_NAMES.some((name) => trimmed.includes(name))
  ) {
    if (!trimmed.includes('eventName'))
      throw new TrailUnreadable(`${path} is no trail of CloudTrail: line ${number} has no eventName.`);
    reading.others += 1;
    return;
  }
  const json = jsonOf(trimmed);
  if (json === undefined && isLast && isGrowing) return;
  if (json === undefined) {
    const what = isLast && number > 1 ? 'is cut off' : 'is no trail of CloudTrail';
    throw new TrailUnreadable(
      `${path} ${what}: line ${number} is not a whole JSON object. Get the whole file again.`,
    );
  }
  yield* eventOf(json, `${path}, line ${number}`, reading);
}

function* eventOf(json: unknown, where: string, reading: TrailReading): Generator<TrailEvent> {
  try {
    const event = trailEventOf(json);
    if (event === undefined) reading.others += 1;
    else yield event;
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new TrailUnreadable(`${where} is no event of CloudTrail: ${error.message}`, { cause: error });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
