import type { Head } from '../ledger/ledger.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { RecordSet } from '../plan/records.ts';
import { fingerprint, recordsFingerprint } from './fingerprint.ts';
import type { Answer } from './port-call.ts';

const heads = new WeakMap<Head, string>();

/** The fingerprint of a log up to and with this head. */
export function headKey(head: Head): string {
  const known = heads.get(head);
  if (known !== undefined) return known;
  // A head that nobody followed: everything it says.
  const key = fingerprint(canonicalJson(head));
  heads.set(head, key);
  return key;
}

const entries = new WeakMap<object, string>();

/** Notes that `head` is the log of `before` with this event after it, so that its key need not read the whole state. */
export function followHead(before: Head, head: Head): void {
  const { last } = head;
  if (last === undefined || heads.has(head)) return;
  let entry = entries.get(last.event);
  if (entry === undefined) {
    entry = canonicalJson(last.event);
    entries.set(last.event, entry);
  }
  heads.set(head, fingerprint(`${headKey(before)} ${last.at} ${last.by} ${entry}`));
}

/** Equal for answers that nobody can tell apart. */
export function answerKey(answer: Answer): string {
  if (answer.type === 'error') return `error ${answer.error instanceof Error ? answer.error.name : 'thrown'}`;
  const { value } = answer;
  if (typeof value === 'string') return value.length > 64 ? 'text' : value;
  if (typeof value !== 'object' || value === null) return typeof value;
  if (isPage(value)) return `page ${recordsFingerprint(value.records)} ${value.next?.name ?? ''}`;
  if (isHead(value)) return `head ${headKey(value)}`;
  if (!('type' in value)) return fingerprint(canonicalJson(value));
  if (value.type === 'appended' && 'head' in value) return `appended ${headKey(value.head as Head)}`;
  if (value.type === 'accepted' && 'changeId' in value) return `accepted ${String(value.changeId)}`;
  if (value.type === 'lost' || value.type === 'unknown' || value.type === 'rejected') return value.type;
  return fingerprint(canonicalJson(value));
}

function isPage(value: object): value is { records: readonly RecordSet[]; next?: { name: string } } {
  return 'records' in value;
}

function isHead(value: object): value is Head {
  return 'state' in value && 'number' in value && 'hash' in value;
}
