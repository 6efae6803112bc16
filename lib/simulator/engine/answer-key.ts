import type { Head } from '../../ledger/ledger.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { RecordSet } from '../../plan/records.ts';
import { fingerprint, recordsFingerprint } from '../fingerprint.ts';
import type { Answer } from '../ports/port-call.ts';

const folds = new WeakMap<Head, string>();

/**
 * Equal for logs that end at the same number in the same folded state. Whoever reads a head learns nothing else about
 * the events before it.
 */
function headKey(head: Head): string {
  const known = folds.get(head);
  if (known !== undefined) return known;
  const key = fingerprint(`${head.number} ${canonicalJson(head.state)}`);
  folds.set(head, key);
  return key;
}

const logs = new WeakMap<Head, string>();
const events = new WeakMap<object, string>();

/** Equal for logs that hold the same events in the same order. */
function logKey(head: Head): string {
  const known = logs.get(head);
  if (known !== undefined) return known;
  // Nobody has called {@link followHead} for this head, so the key covers everything in it.
  const key = fingerprint(canonicalJson(head));
  logs.set(head, key);
  return key;
}

/** Records that `head` is the log of `before` with one more event. */
export function followHead(before: Head, head: Head): void {
  const { last } = head;
  if (last === undefined || logs.has(head)) return;
  let text = events.get(last.event);
  if (text === undefined) {
    text = canonicalJson(last.event);
    events.set(last.event, text);
  }
  logs.set(head, fingerprint(`${logKey(before)} ${last.at} ${last.by} ${text}`));
}

/** How answers are compared with each other. */
export interface AnswerLens {
  /** Compares logs by the state that they end in, or by the events in them, which is cheaper. */
  readonly head: (head: Head) => string;
  readonly records: (listing: readonly RecordSet[]) => string;
  readonly text: (text: string) => string;
}

/** Equal for answers that nobody can tell apart. */
export function answerKey(answer: Answer, { head, records, text }: AnswerLens): string {
  if (answer.type === 'error') return `error ${answer.error instanceof Error ? answer.error.name : 'thrown'}`;
  const { value } = answer;
  if (typeof value === 'string') return value.length > 64 ? 'text' : text(value);
  if (typeof value !== 'object' || value === null) return typeof value;
  if (isPage(value)) return `page ${records(value.records)} ${value.next?.name ?? ''}`;
  if (isHead(value)) return `head ${head(value)}`;
  if (!('type' in value)) return fingerprint(text(canonicalJson(value)));
  if (value.type === 'appended' && 'head' in value) return `appended ${head(value.head as Head)}`;
  if (value.type === 'accepted' && 'changeId' in value) return `accepted ${String(value.changeId)}`;
  if (value.type === 'lost' && isWon(value)) return `lost to ${head(value.winner)}`;
  if (value.type === 'lost' || value.type === 'unknown' || value.type === 'rejected') return value.type;
  return fingerprint(text(canonicalJson(value)));
}

/** Compares answers as they are, and logs by the events in them. */
export const BY_EVENTS: AnswerLens = { head: logKey, records: recordsFingerprint, text: asItIs };
/** Compares answers as they are, and logs by the state that they end in. */
export const BY_STATE: AnswerLens = { head: headKey, records: recordsFingerprint, text: asItIs };

function asItIs(text: string): string {
  return text;
}

function isPage(value: object): value is { records: readonly RecordSet[]; next?: { name: string } } {
  return 'records' in value;
}

function isWon(value: object): value is { readonly winner: Head } {
  return 'winner' in value && value.winner !== undefined;
}

function isHead(value: object): value is Head {
  return 'state' in value && 'number' in value && 'hash' in value;
}
