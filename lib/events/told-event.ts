import type { RecordedEvent } from '../ledger/decider/events.ts';
import type { Attention, ToldKind } from './told-kinds.ts';
import { TOLD, TOLD_SOURCE, TOLD_VERSION } from './told-kinds.ts';
import { toldMessage } from './told-message.ts';

/** An event as everybody outside gets it, in the envelope that EventBridge gives its events. */
export interface ToldEvent {
  readonly source: typeof TOLD_SOURCE;
  readonly 'detail-type': ToldKind;
  /** RFC 3339: when the event was appended. */
  readonly time: string;
  readonly detail: ToldDetail;
}

/** What lib/events/detail-schemas.ts describes; the fields of the kind stand beside these. */
export interface ToldDetail {
  readonly version: number;
  readonly id: string;
  readonly stack: string;
  readonly cell: string;
  readonly zone: string | null;
  readonly event: number;
  readonly at: string;
  readonly who: string;
  readonly attention: Attention;
  readonly generation: number | null;
  readonly summary: string;
  readonly next: string;
  readonly omitted?: Readonly<Record<string, number>>;
  readonly [field: string]: unknown;
}

/** Where an event stands: the stack, null for a world on one machine; the zone of its cell, null before its first fleet. */
export interface ToldFrom {
  readonly stack: string | null;
  readonly zone: string | null;
}

/**
 * UTF-8 octets of a detail at most. An entry of PutEvents has 256 KB at most ("PutEvents", EventBridge API reference), as
 * has a message of SNS, which gets the entry in an envelope, and an asynchronous invocation.
 */
const DETAIL_BYTES_MAX = 200_000;

/** The last millisecond of the year 9999, behind which RFC 3339 has no text; a log may name a later one. */
const TIME_MAX_MS = Date.UTC(9_999, 11, 31, 23, 59, 59, 999);

/**
 * What leaves for an event; undefined for one that nobody waits for. The id is made of the event's place in the log, and
 * of nothing that differs between two attempts. Pure.
 */
export function toldEvent(recorded: RecordedEvent, { stack, zone }: ToldFrom): ToldEvent | undefined {
  const { cell, number, event, by } = recorded;
  const said = toldMessage(event, cell);
  if (said === undefined) return undefined;
  const { kind, generation, summary, next, fields } = said;
  const at = new Date(Math.min(recorded.at, TIME_MAX_MS)).toISOString();
  const detail: ToldDetail = {
    ...{ version: TOLD_VERSION, id: `${stack ?? 'local'}/${cell}/${number}` },
    ...{ stack: stack ?? 'local', cell, zone, event: number, at, who: by },
    ...{ attention: TOLD[kind].attention, generation, summary },
    next: stack === null ? next : `${next} --stack ${stack}`,
    ...fields,
  };
  return { source: TOLD_SOURCE, 'detail-type': kind, time: at, detail: withinBytes(detail) };
}

/**
 * The detail within its bound: while it is too large, its longest list loses its second half, and `omitted` counts what
 * each list lost. Texts are bounded already, so without any list it always fits. Pure.
 */
export function withinBytes(detail: ToldDetail, bytesMax: number = DETAIL_BYTES_MAX): ToldDetail {
  let shortened = detail;
  while (Buffer.byteLength(JSON.stringify(shortened), 'utf8') > bytesMax) {
    const lists = Object.entries(shortened).flatMap(([field, value]) =>
      Array.isArray(value) && value.length > 0
        ? [{ field, value, bytes: Buffer.byteLength(JSON.stringify(value), 'utf8') }]
        : [],
    );
    const longest = lists.toSorted((a, b) => b.bytes - a.bytes)[0];
    if (longest === undefined) return shortened;
    const { field, value } = longest;
    const left = value.slice(0, Math.floor(value.length / 2));
    const omitted = (shortened.omitted?.[field] ?? 0) + value.length - left.length;
    shortened = { ...shortened, [field]: left, omitted: { ...shortened.omitted, [field]: omitted } };
  }
  return shortened;
}
