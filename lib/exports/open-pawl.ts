import { planOf } from '../cell/cell-bodies.ts';
import { placedFleet } from '../cli/command/placed-fleet.ts';
import { typedSource } from '../cli/command/typed-source.ts';
import { operatorDeps } from '../cli/command/workflow-deps.ts';
import type { FleetFile } from '../fleet/declared-fleet.ts';
import type { RecordedEvent } from '../ledger/decider/events.ts';
import type { EventRange, Head } from '../ledger/ledger.ts';
import type { ForeseenPlan } from '../operator/foresee-push.ts';
import { foreseePush } from '../operator/foresee-push.ts';
import type { Outcome } from '../operator/operator.ts';
import type { Push } from '../operator/push-fleet.ts';
import { pushFleet } from '../operator/push-fleet.ts';
import type { CellName } from '../plan/names.ts';
import { cellName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { chooseWorld } from '../wiring/choose-world.ts';

/** Where the ledger is: a stack, a table, or the folder of a local world that runs. One of the three. */
export interface PawlPlace {
  /** A stack of Pawl's, whose outputs name the table and the cells. */
  readonly stack?: string;
  /** The ledger's table. */
  readonly table?: string;
  /** The folder of a `pawl start` that runs. */
  readonly folder?: string;
  /** @default what the SDK finds: AWS_REGION, or the profile's. */
  readonly region?: string;
  /** @default the SDK's chain of credentials. */
  readonly profile?: string;
}

/** What a push would do, as it stands: nothing was written. */
export interface Preview extends Push {
  /** What the planner would make of each cell that changes. */
  readonly foreseen: readonly ForeseenPlan[];
}

/** A ledger, and what a program does with it. Every verb may throw {@link LedgerUnavailable}. */
export interface OpenPawl {
  /** One line for people: `stack pawl, table pawl-Ledger, eu-west-1, account 123456789012`. */
  readonly title: string;
  /** The cells that have ever had an event. */
  cells(): Promise<readonly CellName[]>;
  /** The end of a cell's log, with the state after it. One consistent read. @throws InvalidValue for no cell's name. */
  head(cell: string): Promise<Head>;
  /** Events of a cell, at most 1,000 at a time. */
  events(cell: string, range: EventRange): Promise<readonly RecordedEvent[]>;
  /** The plan that a head refers to: `head.state.goal`, or `head.state.applied`. @throws BodyDamaged. */
  plan(head: Head, of: 'goal' | 'applied'): Promise<Plan | undefined>;
  /** Says what a push would change and what the planner would make of it, and writes nothing. */
  preview(fleet: FleetFile): Promise<Outcome<Preview>>;
  /**
   * Declares the fleet in all of its cells at once. Planners take it from there.
   *
   * @param expected the `comparedWith` of a preview: when another fleet stands by now, nothing is written.
   */
  push(fleet: FleetFile, expected?: string): Promise<Outcome<Push>>;
  /** Ends what was opened. */
  close(): Promise<void>;
}

/** There is no such place, or nobody may go there; the message says what to do. */
export class PlaceRefused extends Error {
  override readonly name = 'PlaceRefused';
}

/**
 * Opens the ledger of a stack, of a table or of a local world, as `pawl --stack`, `--table` and `--folder` do. The
 * environment's PAWL_STACK and PAWL_TABLE are not looked at.
 *
 * @throws PlaceRefused; LedgerUnavailable and LedgerUnusable as from the ledger itself.
 */
export async function openPawl(place: PawlPlace): Promise<OpenPawl> {
  const chosen = await chooseWorld(place, {});
  if (chosen.type !== 'world') throw new PlaceRefused(chosen.reason);
  const { world } = chosen;
  const ledger = await world.ledger();
  const deps = operatorDeps(world, ledger);
  const { functionsRead } = world;
  const proposed = async (fleet: FleetFile) =>
    pushFleet(deps, { cells: await placedFleet(world, fleet), apply: false, functionsRead });
  return {
    title: world.title,
    cells: () => ledger.cells(),
    head: async (cell) => ledger.head(cellName(cell)),
    events: async (cell, range) => ledger.events(cellName(cell), range),
    plan: (head, of) => planOf(ledger, head.cell, head.state[of]),
    preview: async (fleet) => {
      const push = await proposed(fleet);
      if (push.type !== 'done') return push;
      const news = new Set(push.cells.filter(({ change }) => change !== 'unchanged').map(({ cell }) => cell));
      const foreseen = await foreseePush(deps, {
        cells: push.fleets.filter(({ cell }) => news.has(cell)),
        source: typedSource(),
        handovers: push,
        functionsRead,
      });
      return { ...push, foreseen };
    },
    push: async (fleet, expected) =>
      pushFleet(deps, { cells: await placedFleet(world, fleet), apply: true, expected, functionsRead }),
    close: () => world.close(),
  };
}
