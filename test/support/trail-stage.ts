import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { MemoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { Instant } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { TrailFinding } from '../../lib/trail/finding.ts';
import type { TrailEvent } from '../../lib/trail/trail-event.ts';
import { TrailUnreadable } from '../../lib/trail/trail-event.ts';
import type { TrailPass } from '../../lib/trail-watch/trail-pass.ts';
import { passTrail } from '../../lib/trail-watch/trail-pass.ts';
import type { TrailMemory, TrailObject } from '../../lib/trail-watch/trail-store.ts';
import { TrailAway } from '../../lib/trail-watch/trail-store.ts';
import { CELL, LEDGER } from './ledger-events.ts';
import { BEGAN } from './written-trail.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** Every port of a pass, by what it does. */
export const PORTS = ['read', 'list', 'get', 'ledger', 'write'] as const;

/** A trail, a ledger and a pass over them, in memory. */
export interface TrailStage {
  readonly ledger: MemoryLedger;
  /** Milliseconds since {@link BEGAN}. */
  at: number;
  /** The port that is down. */
  down: (typeof PORTS)[number] | undefined;
  /** The write lands, and its answer is lost. */
  losesAnswer: boolean;
  /** Every reading of a file takes so long, milliseconds. */
  slowness: number;
  memory: TrailMemory | undefined;
  readonly said: TrailFinding[];
  readonly counted: Map<string, number[]>;
  /** Events that were asked of the ledger from the beginning of its log. */
  wholeReads: number;
  /** A file with these events is delivered, at the stage's time unless given. */
  deliver(events: readonly TrailEvent[] | 'cut', at?: number): void;
  append(events: readonly LedgerEvent[]): Promise<void>;
  pass(own?: ReadonlySet<typeof CELL>): Promise<TrailPass>;
  /** A pass every quarter of an hour until so long after the beginning. */
  passesUntil(at: number): Promise<void>;
}

export function trailStage(lookBackMs = 3 * HOUR_MS): TrailStage {
  const objects: { readonly object: TrailObject; readonly events: readonly TrailEvent[] | 'cut' }[] = [];
  const ledger = memoryLedger(LEDGER, { missingBodies: 'allow' });
  const reach = (port: TrailStage['down']): void => {
    if (stage.down === port) throw new TrailAway(`${port} is down`);
  };
  const now = (): Instant => instant(BEGAN + stage.at);
  const stage: TrailStage = {
    ...{ ledger, at: 0, down: undefined, losesAnswer: false, slowness: 0, memory: undefined },
    ...{ said: [], counted: new Map(), wholeReads: 0 },
    deliver: (events, at = stage.at) => {
      const minute = Math.floor((BEGAN + at) / MINUTE_MS) * MINUTE_MS;
      // A copy: whoever wrote the trail may write on.
      const kept = events === 'cut' ? events : [...events];
      objects.push({ object: { key: `file ${objects.length + 1}`, delivered: minute }, events: kept });
    },
    append: async (events) => {
      for (const event of events) {
        const head = await ledger.head(CELL);
        const outcome = await ledger.append(head, { event, at: now(), by: 'somebody' });
        if (outcome.type !== 'appended') throw new Error(`the log did not take ${event.type}`);
      }
    },
    pass: (own = new Set([CELL])) =>
      passTrail(
        {
          store: {
            objects: async (from, upTo) => {
              reach('list');
              return objects
                .map(({ object }) => object)
                .filter(({ delivered }) => delivered >= from && delivered <= upTo)
                .sort((a, b) => a.delivered - b.delivered);
            },
            events: async ({ key }) => {
              reach('get');
              stage.at += stage.slowness;
              const found = objects.find(({ object }) => object.key === key);
              if (found === undefined || found.events === 'cut')
                throw new TrailUnreadable(`${key} is cut off.`);
              return found.events;
            },
          },
          memory: {
            read: async () => {
              reach('read');
              return stage.memory;
            },
            write: async (memory, before) => {
              reach('write');
              if (before !== stage.memory) throw new TrailAway('somebody else has written');
              stage.memory = memory;
              if (stage.losesAnswer) throw new TrailAway('no answer came');
            },
          },
          ledger: {
            id: LEDGER,
            cells: async () => {
              reach('ledger');
              return ledger.cells();
            },
            head: (cell) => ledger.head(cell),
            events: (cell, range) => {
              if (range.limit > 100) stage.wholeReads += 1;
              return ledger.events(cell, range);
            },
          },
          cells: own,
          clock: { now },
          telemetry: {
            count: (metric, value) => {
              stage.counted.set(metric, [...(stage.counted.get(metric) ?? []), value]);
            },
            note: () => undefined,
          },
          say: (finding) => stage.said.push(finding),
          settings: { lookBackMs, isOwn: ({ names }) => names.includes('pawl') },
        },
        { deadline: instant(now() + 5 * MINUTE_MS) },
      ),
    passesUntil: async (at) => {
      while (stage.at < at) {
        stage.at += 15 * MINUTE_MS;
        await stage.pass();
      }
    },
  };
  return stage;
}
