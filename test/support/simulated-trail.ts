import type { Route53 } from '../../lib/emulator/route53.ts';
import type { RecordedEvent } from '../../lib/ledger/decider/events.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { EnvironmentLedger, EnvironmentPorts } from '../../lib/simulator/engine/environment.ts';
import { DIRECT_PORTS } from '../../lib/simulator/engine/environment.ts';
import type { Play } from '../../lib/simulator/engine/playing.ts';
import type { Scenario, Stage } from '../../lib/simulator/engine/scenario.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { strategyOf, winnersOf } from '../../lib/simulator/random/campaign.ts';
import type { RunResult } from '../../lib/simulator/random/play-run.ts';
import { playRun } from '../../lib/simulator/random/play-run.ts';
import type { KnownLog, ReadableLog } from '../../lib/trail/known-log.ts';
import { readKnownLog } from '../../lib/trail/known-log.ts';
import { verifyTrail } from '../../lib/trail/play-trail.ts';
import type { TrailChange, TrailEvent } from '../../lib/trail/trail-event.ts';
import type { TrailReport } from '../../lib/trail/trail-report.ts';

/** What was written to a zone up to one of its versions. */
interface Written {
  readonly before: Written | undefined;
  readonly records: readonly RecordSet[];
  readonly changes: readonly TrailChange[];
  readonly by: 'pawl' | 'a hand';
  readonly number: number;
}

/** A stage whose runs are noted as a trail would have them. */
export interface TrailedStage {
  readonly stage: Stage;
  /** What was written in the run that began last, up to its quiet phase. */
  written(): readonly Written[];
  /** What led to the commit that came last, in the quiet phase too: that is played on copies. */
  newest(): { readonly written: readonly Written[]; readonly ledger: EnvironmentLedger | undefined };
  play(): Play | undefined;
}

/**
 * A scenario whose every commit is noted. A version of a zone is the same object in a copy of it, so what was written up to
 * it is found again in every run. What no port wrote, a hand has.
 */
export async function trailedStage(scenario: Scenario): Promise<TrailedStage> {
  const upTo = new WeakMap<readonly RecordSet[], Written>();
  const newest = new WeakMap<Route53, Written>();
  const seen = (core: Route53, zoneId: string): Written | undefined => {
    const records = core.records(zoneId);
    const last = upTo.get(records) ?? newest.get(core);
    const found = last?.records === records ? last : byHand(last, records);
    if (found !== undefined) {
      upTo.set(records, found);
      newest.set(core, found);
    }
    return found;
  };
  let last: Written | undefined;
  let ledger: EnvironmentLedger | undefined;
  const noted = (each: EnvironmentLedger): EnvironmentLedger => {
    ledger = { ...each, clone: (winners) => noted(each.clone(winners)) };
    return ledger;
  };
  const ports: EnvironmentPorts = {
    ledger: (id) => noted(DIRECT_PORTS.ledger(id)),
    zone: (core, zoneId) => {
      const zone = DIRECT_PORTS.zone(core, zoneId);
      return {
        ...zone,
        change: async (batch) => {
          const before = seen(core, zoneId);
          const outcome = await zone.change(batch);
          if (outcome.type !== 'accepted') return outcome;
          const records = core.records(zoneId);
          const number = (before?.number ?? 0) + 1;
          const written: Written = { before, records, changes: batch.changes, by: 'pawl', number };
          upTo.set(records, written);
          newest.set(core, written);
          last = written;
          return outcome;
        },
      };
    },
  };
  const stage = await prepareStage(scenario, { ports, isMarked: true });
  let play: Play | undefined;
  return {
    stage: {
      ...stage,
      begin: async (settings) => {
        last = undefined;
        play = await stage.begin(settings);
        return play;
      },
    },
    play: () => play,
    written: () => {
      const { environment } = play ?? {};
      return upToHere(environment && seen(environment.route53, environment.scope.zoneId));
    },
    newest: () => ({ written: upToHere(last), ledger }),
  };
}

function upToHere(newest: Written | undefined): readonly Written[] {
  const all: Written[] = [];
  for (let last = newest; last !== undefined; last = last.before) all.unshift(last);
  return all;
}

/** The NS and SOA records of a zone are there when it is made. */
function byHand(before: Written | undefined, records: readonly RecordSet[]): Written | undefined {
  const earlier = before?.records ?? records.filter(({ type }) => type === 'NS' || type === 'SOA');
  const now = new Set(records);
  const was = new Set(earlier);
  const changes: TrailChange[] = [
    ...earlier.filter((record) => !now.has(record)).map((record) => ({ action: 'DELETE' as const, record })),
    ...records.filter((record) => !was.has(record)).map((record) => ({ action: 'CREATE' as const, record })),
  ];
  if (changes.length === 0) return before;
  return { before, records, changes, by: 'a hand', number: (before?.number ?? 0) + 1 };
}

/** How the trail of a run is told. */
export interface Telling {
  /** Commits that fall into one second; 1 unless given. */
  readonly together?: number;
  /** How events are delivered; in their order unless given. */
  readonly delivered?: (events: readonly TrailEvent[]) => readonly TrailEvent[];
  /** Whether the trail begins with the zone being made; it does unless given. */
  readonly fromStart?: boolean;
}

/** A run with what its trail shows. */
export interface TrailedRun extends PlayedTrail {
  readonly result: RunResult;
  readonly report: TrailReport;
}

const BEGAN_MS = 1_760_000_000_000;

/** A run's trail, and the log that it is held against: plain data. */
export interface PlayedTrail {
  readonly events: readonly TrailEvent[];
  readonly ledger: string;
  readonly logs: readonly (readonly RecordedEvent[])[];
  /** Changes by hand in it. */
  readonly hands: number;
}

/** Plays the run of a seed, and verifies its trail. */
export async function playTrailed(
  trailed: TrailedStage,
  seed: number,
  telling: Telling = {},
): Promise<TrailedRun> {
  const { result, ...played } = await playNoted(trailed, seed, telling);
  return { result, ...played, report: await verifyPlayed(played) };
}

/** Plays the run of a seed, and gives its trail: of a run that breaks a rule, up to the commit that does. */
export async function playNoted(
  trailed: TrailedStage,
  seed: number,
  telling: Telling = {},
): Promise<PlayedTrail & { readonly result: RunResult }> {
  const { stage } = trailed;
  // Two changes by hand are two batches: each step is looked at.
  const told = (): void => void trailed.written();
  const result = await playRun(stage, strategyOf('mixed', seed), { winners: winnersOf(seed) }, told);
  stage.behaviours.trim();
  const play = trailed.play();
  if (play === undefined) throw new Error('No run has begun.');
  const { scopes, memory, scope } = play.environment;
  const newest = trailed.newest();
  const played = trailed.written();
  const isQuiet = result.violation !== undefined && newest.written.length > played.length;
  const written = isQuiet ? newest.written : played;
  const ledger = (isQuiet ? newest.ledger : undefined) ?? memory;
  const logs: (readonly RecordedEvent[])[] = [];
  for (const { cell } of scopes)
    logs.push(await ledger.port.events(cell, { after: 0, limit: 1_000, order: 'forward' }));
  return {
    ...{ result, ledger: memory.id, logs },
    events: eventsOf(written, scope.zoneId, telling),
    hands: written.filter(({ by }) => by !== 'pawl').length,
  };
}

/** What a played trail shows. */
export async function verifyPlayed({
  events,
  ledger,
  logs,
}: Omit<PlayedTrail, 'hands'>): Promise<TrailReport> {
  const known: KnownLog[] = [];
  for (const log of logs) {
    const [first] = log;
    if (first === undefined) continue;
    const readable: ReadableLog = {
      id: ledger,
      events: async (_, { after, limit }) => log.slice(after, after + limit),
    };
    known.push(await readKnownLog(readable, first.cell));
  }
  return verifyTrail(onePiece(events), known, { isOwn: ({ name }) => name === 'pawl' });
}

function eventsOf(
  written: readonly Written[],
  zoneId: string,
  { together = 1, delivered = (events) => events, fromStart = true }: Telling,
): readonly TrailEvent[] {
  const made: TrailEvent = {
    ...{ id: 'made', at: BEGAN_MS - 1_000, zoneId, who: { name: 'pawl', names: ['pawl'] } },
    content: { type: 'zone-made' },
  };
  const events = written.map(
    ({ changes, by, number }, index): TrailEvent => ({
      ...{ id: `e${number}`, at: BEGAN_MS + Math.floor(index / together) * 1_000, zoneId },
      who: { name: by, names: [by] },
      content: { type: 'batch', changes, changeId: `C${number}` },
    }),
  );
  return delivered(fromStart ? [made, ...events] : events);
}

async function* onePiece(events: readonly TrailEvent[]): AsyncGenerator<readonly TrailEvent[]> {
  yield events;
}
