import type { DnsName } from '../../plan/names.ts';
import { dnsName, dnsNameProblem } from '../../plan/names.ts';
import { ANSWER_TYPES } from '../answer-nodes.ts';
import type { ZoneEntry, ZoneWord } from './bind-entries.ts';
import { zoneEntries } from './bind-entries.ts';
import { wholeName } from './bind-name.ts';
import type { AskedZone, DeclaredZone, DeclaredZones, GivenFile } from './declared-zone.ts';
import { inBounds } from './file-mistakes.ts';
import type { SingleRecord } from './grouped-records.ts';
import { groupedRecords } from './grouped-records.ts';

const ANSWERS: ReadonlySet<string> = new Set(ANSWER_TYPES);
const CLASS = /^(IN|CH|HS|CS|ANY|NONE|CLASS[0-9]+)$/i;
const TTL = /^([0-9]+[smhdw]?)+$/i;
const TYPE = /^[a-z][a-z0-9-]*$/i;
const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const TTL_MAX_S = 2_147_483_647;
/** The place of the minimum in the words of an SOA record. */
const SOA_WORDS = 7;

/** What the lines before have said. */
interface Reading {
  readonly singles: SingleRecord[];
  readonly mistakes: string[];
  /** Without a full stop at its end. */
  origin: string | undefined;
  /** `$TTL`, seconds. */
  ttl: number | undefined;
  /** The TTL of the record before, seconds (RFC 1035, 5.1). */
  lastTtl: number | undefined;
  owner: DnsName | undefined;
  /** The owner of the first SOA record. */
  apex: DnsName | undefined;
}

/**
 * Reads zone files (RFC 1035, 5.1, with `$TTL` of RFC 2308, 4, and BIND's units of time). A file is the zone of its SOA
 * record; without one it is the zone that was asked for. Pure; never throws.
 */
export function readBind(files: readonly GivenFile[], asked: AskedZone): DeclaredZones {
  const zones = new Map<DnsName, SingleRecord[]>();
  const mistakes = files.flatMap(({ path, text }) => {
    const { singles, mistakes: found, apex } = readEntries(text, asked.name);
    const zone = apex ?? asked.name;
    const nameless = 'The file has no SOA record, which says the zone: give its name to --zone.';
    if (found.length > 0)
      return inBounds(
        found.map((each) => `${path}:${each}`),
        path,
      );
    if (zone === undefined) return [`${path}: ${nameless}`];
    zones.set(zone, [...(zones.get(zone) ?? []), ...singles]);
    return [];
  });
  if (mistakes.length > 0) return { type: 'invalid', mistakes };
  return {
    type: 'zones',
    zones: [...zones].map(
      ([name, singles]): DeclaredZone => ({ name, ...groupedRecords(singles), inner: new Set(), left: [] }),
    ),
  };
}

function readEntries(text: string, zone: DnsName | undefined): Reading {
  const reading: Reading = {
    ...{ singles: [], mistakes: [], origin: zone, owner: undefined, apex: undefined },
    ...{ ttl: undefined, lastTtl: undefined },
  };
  const found = zoneEntries(text);
  if (found.type === 'invalid') return { ...reading, mistakes: [`${found.line}: ${found.message}`] };
  for (const entry of found.entries) {
    const [first] = entry.words;
    const isDirective = first?.text.startsWith('$') === true && !first.isQuoted && !entry.isOwned;
    const mistake = isDirective ? readDirective(entry.words, reading) : readRecord(entry, reading);
    if (mistake !== undefined) reading.mistakes.push(`${entry.line}: ${mistake}`);
  }
  return reading;
}

/** @returns what is wrong, where something is. */
function readDirective([first, second]: readonly ZoneWord[], reading: Reading): string | undefined {
  const name = (first?.text ?? '').toUpperCase();
  const value = second?.text ?? '';
  if (name === '$ORIGIN') {
    const origin = wholeName(value, reading.origin);
    if (origin === undefined || (origin !== '' && dnsNameProblem(origin) !== undefined))
      return `$ORIGIN is ${JSON.stringify(value)}: use a whole name with a full stop behind it.`;
    reading.origin = origin.toLowerCase();
    return undefined;
  }
  if (name === '$TTL') {
    reading.ttl = seconds(value);
    return reading.ttl === undefined ? `$TTL is ${JSON.stringify(value)}: use seconds, or 1h30m.` : undefined;
  }
  if (name === '$INCLUDE' || name === '$GENERATE')
    return `This line needs a name server to carry it out (${name}): give the zone as "named-compilezone -o - ZONE FILE" writes it.`;
  return `The directive ${JSON.stringify(first?.text)} is not known: use $ORIGIN and $TTL.`;
}

/** @returns what is wrong, where something is. */
function readRecord({ words, isOwned }: ZoneEntry, reading: Reading): string | undefined {
  const [first] = words;
  if (!isOwned && first !== undefined) {
    const text = wholeName(first.text, reading.origin);
    if (text === undefined)
      return `The name ${JSON.stringify(first.text)} needs an origin: give the zone's name to --zone.`;
    const problem = dnsNameProblem(text);
    if (problem !== undefined) return `The name ${JSON.stringify(first.text)} is no DNS name: ${problem}.`;
    reading.owner = dnsName(text);
  }
  const { owner } = reading;
  if (owner === undefined) return 'This line begins with a blank, and no line before it has a name.';
  const head = readHead(isOwned ? words : words.slice(1));
  if (typeof head === 'string') return head;
  const { type, data } = head;
  if (type === 'SOA') {
    reading.apex ??= owner;
    const minimum = data[SOA_WORDS - 1]?.text;
    if (minimum === undefined) return `The SOA record has ${data.length} values: it needs ${SOA_WORDS}.`;
    // As BIND does ("no TTL specified; using SOA MINTTL instead").
    if (head.ttl === undefined && reading.lastTtl === undefined) reading.ttl ??= seconds(minimum);
  }
  const ttl = head.ttl ?? reading.ttl ?? reading.lastTtl;
  if (ttl === undefined) return 'This record has no TTL, and no line before it says one: add $TTL.';
  if (head.ttl !== undefined) reading.lastTtl = head.ttl;
  const value = recordValue(type, data, reading.origin);
  if ('mistake' in value) return value.mistake;
  reading.singles.push({ name: owner, type, ttl, value: value.text });
  return undefined;
}

interface RecordHead {
  readonly type: string;
  readonly ttl?: number | undefined;
  readonly data: readonly ZoneWord[];
}

/** The TTL and the class may be there in either order, before the type. */
function readHead(words: readonly ZoneWord[]): RecordHead | string {
  let ttl: number | undefined;
  let cls: string | undefined;
  for (const [index, { text, isQuoted }] of words.entries()) {
    if (!isQuoted && ttl === undefined && TTL.test(text)) {
      ttl = seconds(text);
      if (ttl === undefined) return `The TTL ${text} is more than ${TTL_MAX_S} seconds.`;
    } else if (!isQuoted && cls === undefined && CLASS.test(text)) {
      cls = text.toUpperCase();
      if (cls !== 'IN') return `The class ${cls} is not that of the internet: remove the record, or use IN.`;
    } else if (!isQuoted && TYPE.test(text))
      return { type: text.toUpperCase(), ttl, data: words.slice(index + 1) };
    else return `${JSON.stringify(text)} stands where the type of the record does: use one such as A.`;
  }
  return 'This record has no type: add one, such as A, and a value.';
}

function recordValue(
  type: string,
  data: readonly ZoneWord[],
  origin: string | undefined,
): { readonly text: string } | { readonly mistake: string } {
  const [first, ...others] = data;
  if (!ANSWERS.has(type))
    return { text: data.map(({ text, isQuoted }) => (isQuoted ? `"${text}"` : text)).join(' ') };
  if (first === undefined || others.length > 0)
    return { mistake: `The ${type} record has ${data.length} values: it needs one.` };
  if (type !== 'CNAME') return { text: first.text };
  const name = wholeName(first.text, origin);
  if (name === undefined)
    return {
      mistake: `The name ${JSON.stringify(first.text)} needs an origin: give the zone's name to --zone.`,
    };
  const problem = dnsNameProblem(name);
  return problem === undefined
    ? { text: `${dnsName(name)}.` }
    : { mistake: `The name ${JSON.stringify(first.text)} is no DNS name: ${problem}.` };
}

/** `300`, `1h`, `1h30m` as seconds; undefined for anything else. */
function seconds(text: string): number | undefined {
  if (!TTL.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(/([0-9]+)([smhdw]?)/g)];
  const total = parts.reduce(
    (sum, [, count = '', unit = '']) => sum + Number(count) * (UNIT_S[unit] ?? 1),
    0,
  );
  return total <= TTL_MAX_S ? total : undefined;
}
