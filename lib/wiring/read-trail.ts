import { InvalidValue } from '../plan/invariant.ts';
import type { TrailEvent } from '../trail/trail-event.ts';
import { TrailUnreadable } from '../trail/trail-event.ts';
import type { TrailFile } from './trail-files.ts';
import { textOf } from './trail-files.ts';
import { EVENT_NAMES, trailEventOf } from './trail-json.ts';
import type { TrailText } from './trail-lines.ts';
import { DocumentTooLarge, trailText } from './trail-lines.ts';

/** What was left out of a trail that is read. */
export interface TrailReading {
  readonly files: number;
  /** Events that are not about records of a zone. */
  others: number;
}

/**
 * The events of these files about records of zones, in the order of the files, a piece of a file at a time.
 *
 * @throws TrailUnreadable at the first file that is no trail, or not whole.
 */
export async function* readTrail(
  files: readonly TrailFile[],
  reading: TrailReading,
): AsyncGenerator<readonly TrailEvent[]> {
  for (const file of files) {
    try {
      yield* eventsIn(file, reading);
    } catch (cause) {
      throw unreadable(file, cause);
    }
  }
}

/** What a person can do about a file that cannot be read; a bug is given back as it is. */
function unreadable({ path }: TrailFile, cause: unknown): unknown {
  if (cause instanceof TrailUnreadable) return cause;
  if (cause instanceof DocumentTooLarge)
    return new TrailUnreadable(`${path} is one document of more than ${cause.max} characters: split it.`);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'Z_BUF_ERROR')
    return new TrailUnreadable(`${path} is cut off: get the whole file again.`, { cause });
  if (code === '') return cause;
  return new TrailUnreadable(`${path} cannot be read (${code}): name a file of CloudTrail.`, { cause });
}

async function* eventsIn(file: TrailFile, reading: TrailReading): AsyncGenerator<readonly TrailEvent[]> {
  let isEmpty = true;
  for await (const text of trailText(textOf(file))) {
    isEmpty = false;
    if (text.type === 'document') yield* eventsOfDocument(file.path, text.text, reading);
    else yield eventsOfLines(file, text, reading);
  }
  if (isEmpty && file.bytes === 0)
    throw new TrailUnreadable(`${file.path} is empty: name a file of CloudTrail.`);
}

/** Records of a document that are read before they are handed on. */
const RECORDS_AT_ONCE = 500;

/**
 * The events in one document of CloudTrail.
 *
 * @throws TrailUnreadable when it is none.
 */
export function* eventsOfDocument(
  path: string,
  text: string,
  reading: TrailReading,
): Generator<readonly TrailEvent[]> {
  const json = jsonOf(text);
  if (json === undefined)
    throw new TrailUnreadable(`${path} is cut off, or no JSON: get the whole file again.`);
  const records = typeof json === 'object' && json !== null && 'Records' in json ? json.Records : undefined;
  if (!Array.isArray(records))
    throw new TrailUnreadable(`${path} is no file of CloudTrail: it has no list of Records.`);
  let events: TrailEvent[] = [];
  for (const [index, record] of records.entries()) {
    const event = eventOf(record, () => `${path}, record ${index + 1}`, reading);
    if (event !== undefined) events.push(event);
    if (events.length < RECORDS_AT_ONCE) continue;
    yield events;
    events = [];
  }
  yield events;
}

function eventsOfLines(
  file: TrailFile,
  { lines, number, isEnd }: Extract<TrailText, { readonly type: 'lines' }>,
  reading: TrailReading,
): readonly TrailEvent[] {
  const events: TrailEvent[] = [];
  for (const [index, line] of lines.entries()) {
    const isLast = isEnd && index === lines.length - 1;
    const event = eventOfLine(file, line, { number: number + index, isLast }, reading);
    if (event !== undefined) events.push(event);
  }
  return events;
}

function eventOfLine(
  { path, isGrowing = false }: Pick<TrailFile, 'path'> & { readonly isGrowing?: boolean },
  line: string,
  { number, isLast }: { readonly number: number; readonly isLast: boolean },
  reading: TrailReading,
): TrailEvent | undefined {
  const trimmed = line.trim();
  if (trimmed === '') return undefined;
  // Most events of an account are not about zones, and cost no parser.
  if (
    trimmed.startsWith('{') &&
    trimmed.endsWith('}') &&
    !EVENT_NAMES.some((name) => trimmed.includes(name))
  ) {
    if (!trimmed.includes('eventName'))
      throw new TrailUnreadable(`${path} is no trail of CloudTrail: line ${number} has no eventName.`);
    reading.others += 1;
    return undefined;
  }
  const json = jsonOf(trimmed);
  if (json === undefined && isLast && isGrowing) return undefined;
  if (json === undefined) {
    const what = isLast && number > 1 ? 'is cut off' : 'is no trail of CloudTrail';
    throw new TrailUnreadable(
      `${path} ${what}: line ${number} is not a whole JSON object. Get the whole file again.`,
    );
  }
  return eventOf(json, () => `${path}, line ${number}`, reading);
}

function eventOf(json: unknown, where: () => string, reading: TrailReading): TrailEvent | undefined {
  try {
    const event = trailEventOf(json);
    if (event === undefined) reading.others += 1;
    return event;
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new TrailUnreadable(`${where()} is no event of CloudTrail: ${error.message}`, { cause: error });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
