import { createHash } from 'node:crypto';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { TrailFinding } from '../trail/finding.ts';
import { findingOf } from '../trail/finding.ts';
import type { KnownLog } from '../trail/known-log.ts';
import { readKnownLog, scopesOf } from '../trail/known-log.ts';
import type { TrailSettings } from '../trail/play-trail.ts';
import { trailPlayer } from '../trail/play-trail.ts';
import { readRecentLog } from '../trail/recent-log.ts';
import type { TrailEvent } from '../trail/trail-event.ts';
import type { TrailReport } from '../trail/trail-report.ts';
import type { TrailMemoryStore, TrailStore } from './trail-store.ts';
import type { TrailWindow } from './trail-window.ts';
import { readWindow } from './trail-window.ts';

export interface TrailPassDeps {
  readonly store: TrailStore;
  readonly memory: TrailMemoryStore;
  readonly ledger: Pick<Ledger, 'id' | 'cells' | 'head' | 'events'>;
  /** The cells that findings are told of: this stack's. */
  readonly cells: ReadonlySet<CellName>;
  readonly clock: Pick<Clock, 'now'>;
  readonly telemetry: Telemetry;
  /** Says one finding, each time that it is asked to. */
  readonly say: (finding: TrailFinding) => void;
  readonly settings: TrailSettings & {
    /** Of this much before the last pass's end the trail is played again, milliseconds. */
    readonly lookBackMs: number;
  };
}

export interface TrailPass {
  readonly type: 'passed';
  readonly objects: number;
  readonly events: number;
  /** Findings that no pass has told before. */
  readonly found: number;
  /** Cells of which the log says that plans were applied, and the trail says nothing. */
  readonly blind: readonly CellName[];
  readonly lagSeconds: number;
  /** Milliseconds since 1970; before the pass began where there was more to read than one pass reads. */
  readonly reached: number;
}

/** CloudTrail delivers within a quarter of an hour, as a rule. What an event that is late could explain waits so long. */
const SETTLE_MS = 3_600_000;
/** What one batch shows by itself, whatever else is delivered later. */
const AT_ONCE: readonly string[] = [
  ...['outside-fence', 'own-unfenced', 'other-ledger', 'contents'],
  ...['unknown-plan', 'unknown-event', 'frozen', 'omitted'],
];
/** What the newest part of a log may not settle, and the whole of it does. */
const OF_THE_LOG: readonly string[] = [
  ...['unknown-plan', 'unknown-event', 'applied-unseen', 'fence', 'frozen', 'no-step'],
];
/** What says something of the trail, and nothing of what Pawl did. */
const OF_THE_TRAIL: readonly string[] = ['trail-lacks', 'omitted', 'late', 'order'];
const TOLD_MAX = 5_000;
/** Of the digest by which a finding is remembered: all of them fit into one item. */
const KEY_DIGITS = 16;

// See docs/adr/0085-a-trail-is-read-beside-the-auditor.md.
/**
 * One pass over a trail: what was delivered since the last pass, after the hours before it, which give the new events
 * their context. It tells each finding once, and remembers that after it has told it: a pass that breaks off tells again.
 *
 * @throws TrailAway, LedgerUnavailable, LedgerUnusable: the next pass begins where the last one ended.
 */
export async function passTrail(
  deps: TrailPassDeps,
  { deadline }: { readonly deadline: Instant },
): Promise<TrailPass> {
  const { memory, ledger, cells, clock, telemetry, say, settings } = deps;
  const began = clock.now();
  const kept = await memory.read();
  const from = Math.min(kept?.reached ?? began, began) - settings.lookBackMs;
  const window = await readWindow(deps, { from, upTo: began, reached: kept?.reached, deadline });
  const told = kept?.told ?? new Map<string, number>();
  // The logs are read after the trail: they know of everything that it holds by now.
  const known = await ledger.cells();
  const recent: KnownLog[] = [];
  for (const cell of known) recent.push(await readRecentLog(ledger, cell, from));
  const seen = await foundIn(deps, { window, logs: recent, told });
  const news = seen.findings.filter((finding) => !told.has(keyOf(finding)));
  for (const finding of news) say(finding);
  telemetry.count(METRICS.trailFindings, news.length);
  telemetry.count(METRICS.trailViolations, news.filter(isViolation).length);
  const blind = recent
    .filter((log) => cells.has(log.cell) && isBlind(log, window, settings.lookBackMs))
    .map(({ cell }) => cell);
  telemetry.count(METRICS.trailBlind, blind.length);
  const lagSeconds = Math.round((began - (window.newest ?? from)) / 1_000);
  telemetry.count(METRICS.trailLagSeconds, lagSeconds);
  const version = (kept?.version ?? 0) + 1;
  const next = keptOf([...told, ...news.map(entryOf)], window);
  await memory.write({ version, reached: window.reached, told: next }, kept);
  telemetry.count(METRICS.trailPasses, 1);
  const { objects, reached } = window;
  const events = seen.report.events;
  return { type: 'passed', objects, events, found: news.length, blind, lagSeconds, reached };
}

/** By what a finding is the same in every pass. What was found of one event is told once, in one cell. */
function keyOf({ code, zone, cell, event, what }: TrailFinding): string {
  const text = [code, zone, cell ?? '', event === '' ? what : event].join(' ');
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_DIGITS);
}

function entryOf(finding: TrailFinding): readonly [string, number] {
  return [keyOf(finding), finding.at];
}

interface Seen {
  readonly findings: readonly TrailFinding[];
  readonly report: TrailReport;
}

/** What a window shows. What the newest part of the logs cannot settle is held against the whole of them. */
async function foundIn(
  { ledger, cells, settings }: Pick<TrailPassDeps, 'ledger' | 'cells' | 'settings'>,
  {
    window,
    logs,
    told,
  }: {
    readonly window: TrailWindow;
    readonly logs: readonly KnownLog[];
    readonly told: ReadonlyMap<string, number>;
  },
): Promise<Seen> {
  const play = (by: readonly KnownLog[]): Seen => {
    const player = trailPlayer(by, settings);
    player.take(window.events);
    const report = player.done();
    const findings = [...report.findings.filter(isTold(window, settings.lookBackMs)), ...doubts(window, by)];
    return { report, findings: findings.filter(({ cell }) => cell === undefined || cells.has(cell)) };
  };
  const first = play(logs);
  const isOpen = (finding: TrailFinding) => OF_THE_LOG.includes(finding.code) && !told.has(keyOf(finding));
  if (!first.findings.some(isOpen)) return first;
  const whole: KnownLog[] = [];
  for (const { cell } of logs) whole.push(await readKnownLog(ledger, cell));
  return play(whole);
}

/**
 * Whether a finding is ready to be told: what one batch shows is at once, everything else when no event that is late can
 * explain it any more, and when it lies deep enough in the window for what went before it to be known.
 */
function isTold({ from, reached }: TrailWindow, lookBackMs: number): (finding: TrailFinding) => boolean {
  return ({ code, at }) =>
    AT_ONCE.includes(code) || (at <= reached - SETTLE_MS && at >= from + lookBackMs / 2);
}

/** What no play of the window shows: files that cannot be read, and events that came when their time was over. */
function doubts({ unreadable, late }: TrailWindow, logs: readonly KnownLog[]): readonly TrailFinding[] {
  const zones = new Map(logs.flatMap(scopesOf).map(({ zoneId, zone }) => [zoneId, zone] as const));
  const who = { name: 'CloudTrail', names: [] };
  const ofFiles = unreadable.flatMap(({ object, why }) =>
    [...zones].map(([zoneId, zone]) => {
      const at = object.delivered;
      const event: TrailEvent = { id: object.key, at, zoneId, who, content: { type: 'omitted' } };
      return findingOf('trail-lacks', event, { zone, what: `a file of the trail cannot be read: ${why}` });
    }),
  );
  const ofEvents = late.flatMap((event) => {
    const zone = zones.get(event.zoneId);
    const what = 'the event came hours late, and no pass has held it against the rules';
    return zone === undefined || event.content.type === 'refused'
      ? []
      : [findingOf('late', event, { zone, what })];
  });
  return [...ofFiles, ...ofEvents];
}

/** Whether Pawl itself broke a rule, as opposed to a hand in its zone and to a trail that does not tell. */
function isViolation({ code, byHand }: TrailFinding): boolean {
  return !byHand && !OF_THE_TRAIL.includes(code) && code !== 'outside-fence';
}

/** Whether a plan was applied, and long after it the trail has no event of the cell's zones around that time. */
function isBlind(log: KnownLog, { from, reached, events }: TrailWindow, lookBackMs: number): boolean {
  const half = lookBackMs / 2;
  const newest = events.reduce(
    (at, { zoneId, content, at: eventAt }) =>
      log.zones.has(zoneId) && content.type !== 'refused' ? Math.max(at, eventAt) : at,
    Number.NEGATIVE_INFINITY,
  );
  return log.applied.some(({ at }) => at >= from + half && at <= reached - SETTLE_MS && newest < at - half);
}

/** What a later pass could find again, and as much of it as fits. */
function keptOf(
  told: readonly (readonly [string, number])[],
  { from }: Pick<TrailWindow, 'from'>,
): ReadonlyMap<string, number> {
  return new Map(told.filter(([, at]) => at >= from - SETTLE_MS).slice(-TOLD_MAX));
}
