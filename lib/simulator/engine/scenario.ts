import type { Weakness } from '../../emulator/settings.ts';
import { recordEvent } from '../../operator/record-event.ts';
import type { FleetEndpoint } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { Change, RecordSet } from '../../plan/records.ts';
import { watchCommits } from '../checkers/commit-watch.ts';
import type { DeclaredTargets } from '../checkers/declared-half.ts';
import type { TargetEvent } from '../ports/port-call.ts';
import { siteOf } from '../ports/port-call.ts';
import type { ActorRelease } from '../ports/releases.ts';
import { newestReadBy } from '../ports/releases.ts';
import type { ActorRole } from './actor-roles.ts';
import type { Behaviours } from './behaviour.ts';
import { createBehaviours } from './behaviour.ts';
import type { Budget } from './decision.ts';
import type { Environment, EnvironmentPorts } from './environment.ts';
import { DIRECT_PORTS, emptyEnvironment } from './environment.ts';
import type { Hindrance } from './hindrance.ts';
import { hinder } from './hindrance.ts';
import { createPlay } from './play.ts';
import type { PlaySettings } from './play-settings.ts';
import { UNDISTURBED } from './play-settings.ts';
import type { Play } from './playing.ts';
import type { SampleSize } from './sample-fleet.ts';
import { SAMPLE_CELL, SAMPLE_ZONE, sampleFleet } from './sample-fleet.ts';
import type { Sightings } from './sightings.ts';
import { createSightings } from './sightings.ts';

/** One undisturbed step before a run begins. */
export type Preparation =
  /** The cell's log is read in the newest format that this release knows. */
  | { readonly type: 'raise'; readonly release?: ActorRelease; readonly cell?: CellName }
  /** Declares the sample fleet's version and plans it. */
  | { readonly type: 'plan'; readonly version: number; readonly cell?: CellName }
  /** Applies the goal and waits until it is INSYNC. */
  | { readonly type: 'apply'; readonly cell?: CellName }
  | { readonly type: 'retire'; readonly cell?: CellName }
  | { readonly type: 'freeze' }
  /** One actor runs to its end, or until it dies after this call, named as {@link siteOf} does. */
  | { readonly type: 'do'; readonly part: Part; readonly diesAfter?: string }
  /** Somebody changes the zone by hand. */
  | {
      readonly type: 'tamper';
      readonly changes: (cell: CellScope, there: readonly RecordSet[]) => readonly Change[];
    }
  /** Something that Pawl cannot remove is put in the way of the cell, or taken away. */
  | { readonly type: 'hinder'; readonly hindrance: Hindrance };

/** An actor of a scenario. */
export type Part =
  | Exclude<ActorRole, { readonly type: 'planner' }>
  /** Declares and plans these versions of the sample fleet; with none, what is declared, after each of these events. */
  | {
      readonly type: 'planner';
      readonly versions: readonly number[];
      readonly after?: readonly TargetEvent[];
      readonly release?: ActorRelease;
      readonly skewMs?: number;
      readonly cell?: CellName;
    };

/** Where a run begins, which actors are in it, and what may go wrong. */
export interface Scenario {
  readonly name: string;
  readonly endpoints: SampleSize;
  /** The cells of the zone: the first has the sample fleet, the others have no endpoints; absent: one. */
  readonly cells?: readonly [CellName, ...CellName[]] | undefined;
  /** The number of record sets that the zone may hold; 10,000 unless given. An audit records it. */
  readonly recordLimit?: number | undefined;
  /** How many targets each endpoint keeps until a person accepts a lower floor; absent: nobody lowers one. */
  readonly floors?: ReadonlyMap<DnsName, number> | undefined;
  readonly before: readonly Preparation[];
  readonly parts: readonly Part[];
  readonly budget: Budget;
}

/** A prepared scenario, from which any number of runs begin. */
export interface Stage {
  readonly scenario: Scenario;
  readonly behaviours: Behaviours;
  readonly sightings: Sightings;
  /** A new run with every actor in its first call. */
  begin(settings?: Partial<PlaySettings>): Promise<Play>;
}

const CALLS_MAX = 500;

export interface StageSettings {
  readonly sightings?: Sightings;
  /** Whether local states are merged where a workflow reports that it has forgotten their differences; for searches. */
  readonly forgets?: boolean;
  /** What stands behind the ports; the emulator's core and a ledger in memory, without adapters, unless given. */
  readonly ports?: EnvironmentPorts;
  /** The properties of Route 53 that its emulator lacks here; none unless given. */
  readonly weaknesses?: ReadonlySet<Weakness>;
  /**
   * Whether every batch is held against the steps of the proof. Unless given it is, but where an adapter stands behind the
   * ports, because the bodies of its ledger cannot be read at once, or where Route 53 lacks what the proof rests on.
   */
  readonly isRefined?: boolean | undefined;
  /** Whether fences name the events that they were decided on, as in production; a search has no use for them. */
  readonly isMarked?: boolean;
}

function declaredTargets({ targets, route }: FleetEndpoint): DeclaredTargets {
  const branches = route?.type === 'branches' ? route.branches : [];
  const counts = branches.map(
    ({ id, route: below }) => [id, below.type === 'targets' ? below.targets.length : 0] as const,
  );
  const owed = branches.filter(({ id }) => id === 'default').map(({ id }) => id);
  return { targets: targets.length, branches: new Map(counts), owed: new Set(owed) };
}

/** Prepares a scenario once. Every run is a copy. */
export async function prepareStage(
  scenario: Scenario,
  {
    sightings = createSightings(),
    forgets = false,
    ports = DIRECT_PORTS,
    weaknesses = new Set(),
    isRefined = ports === DIRECT_PORTS && weaknesses.size === 0,
    isMarked,
  }: StageSettings = {},
): Promise<Stage> {
  const behaviours = createBehaviours(forgets, !weaknesses.has('not-atomic'));
  const { cells = [SAMPLE_CELL] } = scenario;
  const environment = emptyEnvironment(cells, SAMPLE_ZONE, {
    ports,
    weaknesses,
    recordLimit: scenario.recordLimit,
    isMarked,
  });
  const { scope, route53 } = environment;
  const settings: PlaySettings = { ...UNDISTURBED, budget: scenario.budget };
  const healthCheckId = scenario.endpoints === 3 ? makeHealthCheck(environment) : undefined;
  const fleetOf = (version: number, cell?: CellName) => {
    const fleet = sampleFleet(environment.at(cell).scope, version, scenario.endpoints, healthCheckId);
    // Every other cell begins without endpoints.
    return cell === undefined || cell === scope.cell ? fleet : { ...fleet, endpoints: [] };
  };
  const { endpoints, policy } = fleetOf(1);
  const bounded = policy.blindPercent < 100 ? endpoints : [];
  const watch = watchCommits(environment, {
    isRefined,
    isUndisturbed: scenario.budget.tamperings + scenario.budget.returns === 0,
    matched: (step) => sightings.note({ name: `step ${step}` }),
    bounded: new Map(bounded.map((endpoint) => [endpoint.name, declaredTargets(endpoint)])),
    floors: scenario.floors,
  });
  const roleOf = (part: Part): ActorRole =>
    part.type === 'planner'
      ? {
          type: 'planner',
          fleets: part.versions.map((version) => fleetOf(version, part.cell)),
          ...(part.cell === undefined ? {} : { cell: part.cell }),
          after: part.after,
          release: part.release,
          ...(part.skewMs === undefined ? {} : { skewMs: part.skewMs }),
        }
      : part;
  for (const { name } of endpoints) watch.declared.add(name);
  const base = createPlay(environment, watch, {
    behaviours,
    sightings: createSightings(),
    settings: UNDISTURBED,
  });
  for (const [index, preparation] of scenario.before.entries()) {
    if (preparation.type === 'tamper') {
      route53.changeResourceRecordSets(scope.zoneId, {
        changes: [...preparation.changes(scope, environment.records())],
      });
      watch.tampered();
    } else if (preparation.type === 'hinder') {
      hinder(environment, preparation.hindrance);
      watch.hindered();
    } else {
      const diesAfter = preparation.type === 'do' ? preparation.diesAfter : undefined;
      await act(base, `before-${index + 1}`, roleOf(partOf(preparation)), diesAfter);
    }
    environment.time.advanceTo(environment.time.now() + SETTLING_MS);
  }
  const bare = createPlay(environment, watch, { behaviours, sightings, settings });
  return {
    scenario,
    behaviours,
    sightings,
    begin: async (changes = {}) => {
      const chosen = { ...settings, ...changes };
      // Only a scenario says whether its zone may go back.
      const budget = { ...chosen.budget, returns: scenario.budget.returns };
      const play = bare.clone({ ...chosen, budget });
      const counts: Record<string, number> = {};
      for (const part of scenario.parts) {
        counts[part.type] = (counts[part.type] ?? 0) + 1;
        await play.start(`${part.type}-${counts[part.type]}`, roleOf(part));
      }
      return play;
    },
  };
}

/** Longer than INSYNC takes, and longer than a change that nobody knows counts as pending. */
const SETTLING_MS = 3_600_000;

/** A health check for a target to name. */
function makeHealthCheck({ route53 }: Environment): string {
  const config = { Type: 'TCP', IPAddress: '198.51.100.1', Port: '443' };
  return route53.createHealthCheck({ callerReference: 'simulated', config }).id;
}

function partOf(preparation: Exclude<Preparation, { readonly type: 'tamper' | 'hinder' }>): Part {
  switch (preparation.type) {
    case 'raise':
      return { ...raiseTo(newestReadBy(preparation.release)), ...at(preparation) };
    case 'plan':
      return { type: 'planner', versions: [preparation.version], ...at(preparation) };
    case 'apply':
      return { type: 'enactor', mode: 'sweep', ...at(preparation) };
    case 'retire':
      return { type: 'janitor', ...at(preparation) };
    case 'freeze':
      return { type: 'freeze' };
    case 'do':
      return preparation.part;
  }
}

/** In which cell; in the first one unless it says so. */
function at({ cell }: { readonly cell?: CellName }): { readonly cell?: CellName } {
  return cell === undefined ? {} : { cell };
}

function raiseTo(format: number): Part {
  return {
    type: 'workflow',
    writer: 'operator',
    perform: (deps) => recordEvent(deps, deps.writer.scope.cell, () => ({ type: 'RaiseFormat', format })),
  };
}

/** Runs one actor alone to its end, or to its death after a call. Returns the number of its calls. */
export async function act(play: Play, name: string, role: ActorRole, diesAfter?: string): Promise<number> {
  await play.start(name, role);
  for (let calls = 0; calls < CALLS_MAX; calls += 1) {
    const call = play.callOf(name);
    if (call === undefined) return calls;
    await play.apply({ type: 'run', actor: name }, () => 0);
    if (siteOf(call) !== diesAfter) continue;
    await play.apply({ type: 'crash', actor: name }, () => 0);
    return calls + 1;
  }
  invariant(false, `${name} makes more than ${CALLS_MAX} calls`);
}
