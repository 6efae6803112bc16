import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { TrailFinding } from './finding.ts';
import { findingOf } from './finding.ts';
import { missingFinding } from './judge-answers.ts';
import type { KnownLog } from './known-log.ts';
import { scopesOf } from './known-log.ts';
import { playSecond } from './play-second.ts';
import type { RememberedIds } from './remembered-ids.ts';
import { rememberedIds } from './remembered-ids.ts';
import type { TrailEvent, TrailWriter } from './trail-event.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { chainOf, fenceKey, newZoneTrail } from './zone-trail.ts';

/** What a trail showed of one cell. */
export interface TrailedCell {
  readonly cell: CellName;
  /** Batches of each kind of step: `{"stage": 3, "flip": 1}`. */
  readonly steps: Readonly<Record<string, number>>;
  /** Batches by the name in their fences. */
  readonly writers: Readonly<Record<string, number>>;
}

export interface TrailedZone {
  readonly zone: DnsName;
  readonly zoneId: string;
  readonly cells: readonly TrailedCell[];
  /** Batches that touch nothing of Pawl's. */
  readonly foreign: number;
  /** Whether the trail begins before anything stood in the zone. Otherwise what it never touched is from before. */
  readonly fromStart: boolean;
}

export interface TrailReport {
  /** Events about records of zones, each once. */
  readonly events: number;
  readonly accepted: number;
  readonly refused: number;
  /** Events that the trail delivered again. */
  readonly again: number;
  /** Events of zones in which the ledger has no cell. */
  readonly elsewhere: number;
  /** Milliseconds since 1970; absent where there was no event. */
  readonly from?: number;
  readonly to?: number;
  readonly zones: readonly TrailedZone[];
  /** In the order of the trail, at most {@link FINDINGS_MAX}. */
  readonly findings: readonly TrailFinding[];
  /** Findings of each code, those that are not listed too. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface TrailSettings {
  /** Whether somebody is Pawl; absent: whoever goes through the fence as Pawl does. */
  readonly isOwn?: ((who: TrailWriter) => boolean) | undefined;
}

const FINDINGS_MAX = 1_000;
/** An event may come as much later than a younger one. CloudTrail delivers within a quarter of an hour, as a rule. */
const LATE_MS = 3_600_000;
/** Events of one zone that wait for older ones, at most. */
const WAITING_MAX = 50_000;
const SECOND_MS = 1_000;
/** Events that one second may have. */
const TOGETHER_MAX = 200;

/** Events of one zone that were read and not played. */
interface Waiting {
  readonly trail: ZoneTrail;
  /** In the order of their times. */
  readonly events: TrailEvent[];
  readonly ids: RememberedIds;
  /** The events that leave a fence, by its value. */
  readonly leaves: Map<string, TrailEvent>;
  newest: number;
  playedTo: number;
}

// See docs/adr/0083-a-trail-is-held-against-the-rules.md.
/**
 * Holds a trail against the logs of a ledger and the rules of the protocol. It keeps the records of the zones' cells and the
 * events of an hour, and nothing else, however long the trail is.
 *
 * @param events in about the order of their times: each at most an hour after a younger one.
 * @param logs read after the trail's newest event was written.
 */
export async function verifyTrail(
  events: AsyncIterable<TrailEvent>,
  logs: readonly KnownLog[],
  { isOwn }: TrailSettings = {},
): Promise<TrailReport> {
  const waiting = new Map<string, Waiting>();
  for (const [zoneId, { zone, own }] of zonesOf(logs)) {
    const trail = newZoneTrail(zone, own, isOwn);
    waiting.set(zoneId, {
      trail,
      events: [],
      ids: rememberedIds(),
      leaves: new Map(),
      newest: 0,
      playedTo: 0,
    });
  }
  const report = newReport();
  for await (const event of events) {
    const zones = zonesMeant(waiting, event);
    if (zones.length === 0) report.elsewhere += 1;
    else if (noteEvent(zones, event, report))
      for (const zone of zones) {
        take(zone, event);
        playOld(zone);
        report.add(zone.trail.findings.splice(0));
      }
  }
  for (const zone of waiting.values()) {
    playUpTo(zone, Number.POSITIVE_INFINITY);
    endTrail(zone.trail);
    report.add(zone.trail.findings.splice(0));
  }
  return report.done([...waiting.values()].map(({ trail }) => trailed(trail)));
}

/** The zones that an event may be about: all of them, where the trail left out which. */
function zonesMeant(
  waiting: ReadonlyMap<string, Waiting>,
  { zoneId, content }: TrailEvent,
): readonly Waiting[] {
  if (zoneId === '' && content.type === 'omitted') return [...waiting.values()];
  const zone = waiting.get(zoneId);
  return zone === undefined ? [] : [zone];
}

/** Plays what nothing older can come before any more. */
function playOld(zone: Waiting): void {
  const [oldest] = zone.events;
  if (oldest === undefined) return;
  const isFull = zone.events.length > WAITING_MAX;
  if (zone.newest - LATE_MS <= oldest.at && !isFull) return;
  playUpTo(zone, Math.max(zone.newest - LATE_MS, isFull ? oldest.at : 0));
}

function zonesOf(
  logs: readonly KnownLog[],
): ReadonlyMap<string, { readonly zone: Omit<CellScope, 'cell'>; readonly own: KnownLog[] }> {
  const zones = new Map<string, { readonly zone: Omit<CellScope, 'cell'>; readonly own: KnownLog[] }>();
  for (const log of logs) {
    for (const { zone, zoneId } of scopesOf(log)) {
      const known = zones.get(zoneId) ?? { zone: { zone, zoneId }, own: [] };
      known.own.push(log);
      zones.set(zoneId, known);
    }
  }
  return zones;
}

interface RunningReport {
  events: number;
  accepted: number;
  refused: number;
  again: number;
  elsewhere: number;
  from: number | undefined;
  to: number | undefined;
  add(findings: readonly TrailFinding[]): void;
  done(zones: readonly TrailedZone[]): TrailReport;
}

function newReport(): RunningReport {
  const listed: TrailFinding[] = [];
  const counts: Record<string, number> = {};
  const report: RunningReport = {
    ...{ events: 0, accepted: 0, refused: 0, again: 0, elsewhere: 0, from: undefined, to: undefined },
    add: (findings) => {
      for (const finding of findings) {
        counts[finding.code] = (counts[finding.code] ?? 0) + 1;
        if (listed.length < FINDINGS_MAX) listed.push(finding);
      }
    },
    done: (zones) => {
      const { events, accepted, refused, again, elsewhere, from, to } = report;
      return {
        ...{ events, accepted, refused, again, elsewhere },
        ...(from === undefined || to === undefined ? {} : { from, to }),
        ...{ zones, findings: listed, counts },
      };
    },
  };
  return report;
}

/** Counts an event once, however many zones it may be about. @returns whether it is to be played. */
function noteEvent(zones: readonly Waiting[], event: TrailEvent, report: RunningReport): boolean {
  const isNew = zones.map(({ ids }) => ids.add(event.id)).includes(true);
  if (!isNew) {
    report.again += 1;
    return false;
  }
  report.events += 1;
  report.from = Math.min(report.from ?? event.at, event.at);
  report.to = Math.max(report.to ?? event.at, event.at);
  if (event.content.type === 'refused') {
    report.refused += 1;
    return false;
  }
  report.accepted += 1;
  return true;
}

function take(zone: Waiting, event: TrailEvent): void {
  const { events, leaves, trail } = zone;
  if (event.at < zone.playedTo) {
    trail.findings.push(
      findingOf('late', event, {
        zone: trail.zone.zone,
        what: 'the event came more than an hour after younger ones, and was left out',
      }),
    );
    return;
  }
  zone.newest = Math.max(zone.newest, event.at);
  let at = events.length;
  while (at > 0 && (events[at - 1]?.at ?? 0) > event.at) at -= 1;
  events.splice(at, 0, event);
  for (const value of leftBy(event)) leaves.set(value, event);
}

function leftBy({ content }: TrailEvent): readonly string[] {
  return fencesIn(content, (action) => action !== 'DELETE');
}

function takenBy({ content }: TrailEvent): readonly string[] {
  return fencesIn(content, (action) => action === 'DELETE');
}

function fencesIn(content: TrailEvent['content'], isMeant: (action: string) => boolean): readonly string[] {
  if (content.type !== 'batch') return [];
  const values: string[] = [];
  for (const { action, record } of content.changes)
    if (isMeant(action) && record.name.startsWith('fence.'))
      values.push(`${record.name} ${record.values?.join() ?? ''}`);
  return values;
}

/** Plays every event up to an instant, a second at a time. */
function playUpTo(zone: Waiting, upTo: number): void {
  const { events, trail, leaves } = zone;
  while (events[0] !== undefined && events[0].at <= upTo) {
    const second = takeSecond(zone);
    // A batch may be told a second later than the one before it: what does not fit waits for the second after it.
    if (!playSecond(trail, second, false)) playSecond(trail, [...second, ...takeSecond(zone)], true);
    for (const event of second) {
      zone.playedTo = Math.max(zone.playedTo, event.at);
      for (const value of leftBy(event)) if (leaves.get(value) === event) leaves.delete(value);
    }
  }
}

/** The events of the oldest second, and those that a fence tells to come before one of them, whatever their time. */
function takeSecond({ events, leaves }: Waiting): readonly TrailEvent[] {
  const [first] = events;
  if (first === undefined) return [];
  const second = Math.floor(first.at / SECOND_MS);
  let length = 0;
  while (length < TOGETHER_MAX && Math.floor((events[length]?.at ?? -SECOND_MS) / SECOND_MS) === second)
    length += 1;
  const taken = new Set(events.splice(0, length));
  for (const event of taken) {
    for (const value of takenBy(event)) {
      const before = leaves.get(value);
      if (before === undefined || taken.has(before)) continue;
      const at = events.indexOf(before);
      if (at < 0) continue;
      events.splice(at, 1);
      taken.add(before);
    }
  }
  return [...taken];
}

/** What shows at the end of a trail: what is still missing, and what the log says was applied and no fence showed. */
function endTrail(trail: ZoneTrail): void {
  const { missing, logs, stood, findings, zone } = trail;
  for (const [key, found] of missing) findings.push(missingFinding(trail, key, found, null));
  for (const log of logs.values()) {
    const chain = chainOf(trail, log.cell);
    const { first, highest } = chain;
    if (first === undefined || chain.hasGap) continue;
    for (const applied of log.applied) {
      const { generation, seq, plan, number, at } = applied;
      if (seq <= first || seq > highest || stood.has(fenceKey(log.cell, applied))) continue;
      const event: TrailEvent = {
        ...{ id: '', at, zoneId: zone.zoneId, who: { name: 'the log', names: [] } },
        content: { type: 'refused' },
      };
      const what = `event ${number} of the log says that ${generation} (${plan}) was applied at seq ${seq}, and no batch of the trail wrote that fence`;
      findings.push(findingOf('applied-unseen', event, { zone: zone.zone, cell: log.cell, what }));
    }
  }
}

function trailed({ zone, logs, steps, counts, model }: ZoneTrail): TrailedZone {
  const cells = [...logs.keys()].map((cell): TrailedCell => {
    const of = (wanted: (word: string) => boolean) =>
      Object.fromEntries(
        [...steps].flatMap(([key, value]) =>
          key.startsWith(`${cell} `) && wanted(key.slice(cell.length + 1))
            ? [[key.slice(cell.length + 1).replace(/^by /, ''), value] as const]
            : [],
        ),
      );
    return {
      cell,
      steps: of((word) => !word.startsWith('by ')),
      writers: of((word) => word.startsWith('by ')),
    };
  });
  return { zone: zone.zone, zoneId: zone.zoneId, cells, foreign: counts.foreign, fromStart: model.fromStart };
}
