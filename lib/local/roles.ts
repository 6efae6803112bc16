import { audit } from '../auditor/audit.ts';
import type { AuditOutcome } from '../auditor/auditor.ts';
import type { Resolver } from '../auditor/resolver.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import { enact } from '../enactor/enact.ts';
import { staticSource } from '../fleet/sources/static-source.ts';
import { retire } from '../janitor/retire.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import { planCell } from '../planner/plan-cell.ts';
import type { PlanOutcome } from '../planner/planner.ts';
import type { Clock } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import type { CellSettings } from '../wiring/roles.ts';
import { auditorDeps, enactorDeps, janitorDeps, plannerDeps } from '../wiring/roles.ts';
import type { World } from '../wiring/world.ts';
import type { Reporter } from './reports.ts';
import type { Role } from './role-loop.ts';

/** How a role of the local world works. */
export interface RoleSettings {
  readonly sweepMs: number;
  readonly firstSweepMs: number;
  /** A run begins nothing new after so long; the next one goes on. */
  readonly runMs: number;
  readonly insyncPollMs: number;
}

/** The planner's last word on a cell, and the number of the newest event when it was reached. */
export interface PlannerWord {
  readonly position: number;
  readonly outcome: PlanOutcome['type'];
}

/** Says a thing once a cell, until another thing is said. */
type SaySometimes = (cell: CellName, what: string | undefined, say: () => void) => void;

function onceACell(): SaySometimes {
  const said = new Map<CellName, string>();
  return (cell, what, say) => {
    if (what === undefined) said.delete(cell);
    else if (said.get(cell) !== what) {
      said.set(cell, what);
      say();
    }
  };
}

/** Plans every cell from what its fleet says; `words` receives its last word on each. */
export function plannerRole(
  world: World,
  settings: RoleSettings,
  report: Reporter,
  words: Map<CellName, PlannerWord>,
): Role {
  const source = staticSource();
  const sometimes = onceACell();
  return {
    ...common(world, settings),
    followsLog: true,
    run: async ({ cell, position }) => {
      const ledger = await world.ledger();
      const claimed = await claimedNames(ledger, new Set([cell]));
      const outcome = await planCell(plannerDeps(world, ledger, source), { cell, append: true, claimed });
      words.set(cell, { position, outcome: outcome.type });
      switch (outcome.type) {
        case 'coalesced':
          return outcome.until;
        case 'lost':
          return world.clock.now();
        case 'fatal': {
          const { findings } = outcome;
          sometimes(cell, JSON.stringify(findings), () => report({ type: 'fatal', cell, findings }));
          return undefined;
        }
        case 'refused': {
          const { reason } = outcome;
          sometimes(cell, reason, () => report({ type: 'refused', role: world.operator, cell, reason }));
          return undefined;
        }
        case 'appended':
        case 'proposed':
        case 'unchanged':
        case 'paused':
        case 'idle':
          sometimes(cell, undefined, () => undefined);
          return undefined;
      }
    },
  };
}

/** Brings every cell to its goal; any number of these race, and the fence decides. */
export function enactorRole(world: World, settings: RoleSettings, report: Reporter): Role {
  const sometimes = onceACell();
  return {
    ...common(world, settings),
    followsLog: true,
    run: async ({ cell, occasion }) => {
      const ledger = await world.ledger();
      const place = await cellSettings(ledger, cell, settings);
      if (place === undefined) return undefined;
      const outcome = await enact(enactorDeps(world, ledger, place), {
        mode: occasion,
        deadline: deadline(world.clock, settings),
      });
      if (outcome.type === 'superseded' && outcome.by !== world.operator) {
        report({ type: 'lost', role: world.operator, cell, to: outcome.by });
      }
      const refusal = outcome.type === 'refused' ? outcome.reason : undefined;
      sometimes(cell, refusal, () =>
        report({ type: 'refused', role: world.operator, cell, reason: refusal ?? '' }),
      );
      return outcome.type === 'unfinished' ? world.clock.now() : undefined;
    },
  };
}

/** Deletes what no plan needs any more; whatever the log says, there is time. */
export function janitorRole(world: World, settings: RoleSettings): Role {
  return {
    ...common(world, settings),
    followsLog: false,
    run: async ({ cell }) => {
      const ledger = await world.ledger();
      const place = await cellSettings(ledger, cell, settings);
      if (place === undefined) return undefined;
      const request = { deadline: deadline(world.clock, settings) };
      const outcome = await retire(janitorDeps(world, ledger, place), request);
      // One batch at a time: there may be more.
      return outcome.type === 'retired' ? world.clock.now() : undefined;
    },
  };
}

/** Looks at every zone and records what is wrong with it; the enactors hear of it from the log. */
export function auditorRole(
  world: World,
  settings: RoleSettings,
  report: Reporter,
  resolver: Resolver,
): Role {
  const sometimes = onceACell();
  return {
    ...common(world, settings),
    followsLog: false,
    run: async ({ cell }) => {
      const ledger = await world.ledger();
      const place = await cellSettings(ledger, cell, settings);
      if (place === undefined) return undefined;
      const request = { deadline: deadline(world.clock, settings) };
      const outcome = await audit(auditorDeps(world, ledger, place, { resolver }), request);
      const what = unrecorded(outcome);
      sometimes(cell, what, () => report({ type: 'found', role: world.operator, cell, what: what ?? '' }));
      return undefined;
    },
  };
}

/** What an audit found that no event tells: names that resolve to nothing although the zone is as planned. */
function unrecorded(outcome: AuditOutcome): string | undefined {
  if (outcome.type === 'idle') return undefined;
  const { dangling, empty } = outcome.report;
  const names = [
    ...dangling.map(({ name, target }) => `${name} points at ${target}, where nothing stands`),
    ...empty.map(({ name, type }) => `${name} ${type} is answered with nothing`),
  ];
  return names.length === 0 ? undefined : names.join('; ');
}

function common(world: World, { sweepMs, firstSweepMs }: RoleSettings) {
  return { name: world.operator, ledger: () => world.ledger(), sweepMs, firstSweepMs };
}

/** Where a cell lives, as its newest fleet says; undefined before the first. */
async function cellSettings(
  ledger: Ledger,
  cell: CellName,
  { insyncPollMs }: RoleSettings,
): Promise<CellSettings | undefined> {
  const { fleet } = (await ledger.head(cell)).state;
  if (fleet === null) return undefined;
  const { zone, zoneId, policy } = fleet;
  return {
    scope: { cell, zone, zoneId },
    insyncPollMs,
    unknownChangeMs: policy.unknownChangeS * 1_000,
  };
}

function deadline(clock: Clock, { runMs }: RoleSettings) {
  return instant(clock.now() + runMs);
}
