import type { CellScope } from '../plan/owned-names.ts';
import { findingOf } from './finding.ts';
import { missingFinding } from './judge-answers.ts';
import type { KnownLog } from './known-log.ts';
import { scopesOf } from './known-log.ts';
import { playSecond } from './play-second.ts';
import type { RememberedIds } from './remembered-ids.ts';
import { rememberedIds } from './remembered-ids.ts';
import type { TrailEvent, TrailWriter } from './trail-event.ts';
import type { TrailedCell, TrailedZone, TrailReport } from './trail-report.ts';
import { newReport } from './trail-report.ts';
import type { WaitingEvents } from './waiting-events.ts';
import { waitingEvents } from './waiting-events.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { chainOf, fenceKey, keptOf, newZoneTrail } from './zone-trail.ts';

export interface TrailSettings {
  /** Whether somebody is Pawl; absent: whoever goes through the fence as Pawl does. */
  readonly isOwn?: ((who: TrailWriter) => boolean) | undefined;
  /** So many of each are remembered, of every zone: ids, nonces, names that are gone, and what hands did. */
  readonly remembered?: number;
}

/** Plays a trail, a piece at a time. */
export interface TrailPlayer {
  /** Takes the events that come next, and plays what nothing older can come before any more. */
  take(events: Iterable<TrailEvent>): void;
  /** How many of what it keeps, of all zones. */
  kept(): Readonly<Record<string, number>>;
  /** Plays the rest, and says what the whole trail showed. */
  done(): TrailReport;
}

/** An event may come as much later than a younger one. CloudTrail delivers within a quarter of an hour, as a rule. */
const LATE_MS = 3_600_000;
/** Events of one zone that wait for older ones, at most. */
const WAITING_MAX = 50_000;
/** What is remembered of each unless given. */
const REMEMBERED = 200_000;

/** One zone, with its events that were read and not played. */
interface Waiting {
  readonly trail: ZoneTrail;
  readonly events: WaitingEvents;
  readonly ids: RememberedIds;
  newest: number;
  playedTo: number;
}

/**
 * Holds a trail against the logs of a ledger and the rules of the protocol.
 *
 * @param pieces of a trail, its events in about the order of their times: each at most an hour after a younger one.
 * @param logs read after the trail's newest event was written.
 */
export async function verifyTrail(
  pieces: AsyncIterable<readonly TrailEvent[]>,
  logs: readonly KnownLog[],
  settings: TrailSettings = {},
): Promise<TrailReport> {
  const player = trailPlayer(logs, settings);
  for await (const events of pieces) player.take(events);
  return player.done();
}

// See docs/adr/0083-a-trail-is-held-against-the-rules.md.
/**
 * A player of a trail that has not begun. It keeps the records of the zones' cells, the events of an hour, and memories of a
 * bounded size, however long the trail is.
 */
export function trailPlayer(
  logs: readonly KnownLog[],
  { isOwn, remembered = REMEMBERED }: TrailSettings = {},
): TrailPlayer {
  const waiting = new Map<string, Waiting>();
  for (const [zoneId, { zone, own }] of zonesOf(logs)) {
    const trail = newZoneTrail(zone, own, { isOwn, remembered });
    const [events, ids] = [waitingEvents(), rememberedIds(remembered)];
    waiting.set(zoneId, { trail, events, ids, newest: 0, playedTo: 0 });
  }
  const report = newReport();
  return {
    take: (events) => {
      for (const event of events) {
        const zones = zonesMeant(waiting, event);
        if (zones.length === 0) report.elsewhere += 1;
        else if (report.note(event, isNewIn(zones, event)))
          for (const zone of zones) {
            take(zone, event);
            playOld(zone);
            report.add(zone.trail.findings.splice(0));
          }
      }
    },
    kept: () => sumOf([...waiting.values()].map(keptIn)),
    done: () => {
      for (const zone of waiting.values()) {
        playUpTo(zone, Number.POSITIVE_INFINITY);
        endTrail(zone.trail);
        report.add(zone.trail.findings.splice(0));
      }
      return report.done([...waiting.values()].map(({ trail }) => trailed(trail)));
    },
  };
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

/** An event counts once, however many zones it may be about. */
function isNewIn(zones: readonly Waiting[], { id }: TrailEvent): boolean {
  return zones.map(({ ids }) => ids.add(id)).includes(true);
}

/** Plays what nothing older can come before any more. */
function playOld(zone: Waiting): void {
  const oldest = zone.events.oldest();
  if (oldest === undefined) return;
  const isFull = zone.events.count() > WAITING_MAX;
  if (zone.newest - LATE_MS <= oldest && !isFull) return;
  playUpTo(zone, Math.max(zone.newest - LATE_MS, isFull ? oldest : 0));
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

function take(zone: Waiting, event: TrailEvent): void {
  const { events, trail } = zone;
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
  events.add(event);
}

/** Plays every event up to an instant, a second at a time. */
function playUpTo(zone: Waiting, upTo: number): void {
  const { events, trail } = zone;
  while ((events.oldest() ?? Number.POSITIVE_INFINITY) <= upTo && events.count() > 0) {
    const second = events.takeSecond();
    // A batch may be told a second later than the one before it: what does not fit waits for the second after it.
    if (!playSecond(trail, second, false)) playSecond(trail, [...second, ...events.takeSecond()], true);
    for (const { event } of second) zone.playedTo = Math.max(zone.playedTo, event.at);
  }
}

function keptIn({ trail, events, ids }: Waiting): Readonly<Record<string, number>> {
  return { events: events.count(), fences: events.fences(), ids: ids.count(), ...keptOf(trail) };
}

function sumOf(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const each of counts)
    for (const [what, count] of Object.entries(each)) sums[what] = (sums[what] ?? 0) + count;
  return sums;
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

function trailed({ zone, logs, steps, writers, counts, model }: ZoneTrail): TrailedZone {
  const cells = [...logs.keys()].map(
    (cell): TrailedCell => ({
      cell,
      steps: Object.fromEntries(steps.get(cell) ?? []),
      writers: Object.fromEntries(writers.get(cell) ?? []),
    }),
  );
  return { zone: zone.zone, zoneId: zone.zoneId, cells, foreign: counts.foreign, fromStart: model.fromStart };
}
