import type { BodyDigest } from '../../ledger/decider/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readOnlyLedger } from '../../ledger/read-only-ledger.ts';
import type { World } from '../../wiring/world.ts';
import { readOnlyZone } from '../../zone/read-only-zone.ts';

/** All of a world that the page gets: nothing here writes, and there is nothing else to reach. */
export interface PageWorld
  extends Pick<World, 'kind' | 'title' | 'clock' | 'telemetry' | 'operator' | 'zone'> {
  /** Reads alone. @throws LedgerUnavailable, LedgerUnusable. */
  ledger(): Promise<Ledger>;
}

/** Bodies that are remembered, and their characters together: a body never changes, so none is read twice. */
const BODIES_MAX = 512;
const BODY_CHARS_MAX = 32_000_000;

/** The same world for whoever only looks (docs/adr/0079-the-page-only-reads.md). */
export function pageWorld(world: PageWorld): PageWorld {
  const { kind, title, clock, telemetry, operator } = world;
  let opened: Promise<Ledger> | undefined;
  return {
    ...{ kind, title, clock, telemetry, operator },
    zone: (id) => readOnlyZone(world.zone(id)),
    ledger: () => {
      // What could not be opened is opened again by the next look.
      opened ??= world
        .ledger()
        .then((ledger) => rememberedBodies(readOnlyLedger(ledger)))
        .catch((error: unknown) => {
          opened = undefined;
          throw error;
        });
      return opened;
    },
  };
}

function rememberedBodies(ledger: Ledger): Ledger {
  const bodies = new Map<string, string>();
  let chars = 0;
  const forget = (key: string): void => {
    chars -= bodies.get(key)?.length ?? 0;
    bodies.delete(key);
  };
  return {
    ...ledger,
    getBody: async (cell, digest: BodyDigest) => {
      const key = `${cell} ${digest}`;
      const text = bodies.get(key) ?? (await ledger.getBody(cell, digest));
      forget(key);
      bodies.set(key, text);
      chars += text.length;
      for (const oldest of bodies.keys()) {
        if (bodies.size <= BODIES_MAX && chars <= BODY_CHARS_MAX) break;
        forget(oldest);
      }
      return text;
    },
  };
}
