import { beginRun, enact } from '../../enactor/enact.ts';
import type { EnactOutcome, EnactRequest } from '../../enactor/enactor.ts';
import { serialiseCellFleet } from '../../fleet/cell-fleet-codec.ts';
import { retire } from '../../janitor/retire.ts';
import { execute } from '../../ledger/execute.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { LedgerUnavailable, LedgerUnusable } from '../../ledger/ledger.ts';
import { freeze } from '../../operator/freeze.ts';
import { raiseFormat } from '../../operator/raise-format.ts';
import { rescueToRollback } from '../../operator/rescue-to-rollback.ts';
import { rollback } from '../../operator/rollback.ts';
import { thaw } from '../../operator/thaw.ts';
import type { WriterRole } from '../../plan/batch-kinds.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { generation } from '../../plan/generation.ts';
import type { CellName } from '../../plan/names.ts';
import { fenceName } from '../../plan/owned-names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../plan/stored-format.ts';
import { planCell } from '../../planner/plan-cell.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
import { ZoneUnavailable } from '../../zone/zone.ts';
import type { ActorPorts, Workplace } from '../ports/actor-ports.ts';
import { actorPorts } from '../ports/actor-ports.ts';
import type { TargetEvent } from '../ports/port-call.ts';
import type { ActorRelease } from '../ports/releases.ts';
import { happening, suspendingQuota } from '../ports/suspending-ports.ts';
import { awaitMessage, suspendingSuccessor } from '../ports/suspending-queue.ts';
import type { ActorContext, Workflow } from './coroutine.ts';
import { watchEnactor } from './enactor-memory.ts';
import { EPOCH_MS } from './environment.ts';
import { watchRetries } from './retry-memory.ts';

/** What an actor does in its one run, and the release whose code it runs. */
export type ActorRole = ActorWork & {
  /**
   * `before`: the actor reads and writes the ledger as the release before does, and stops at a format that it does not
   * know.
   */
  readonly release?: ActorRelease;
  /** Milliseconds by which its clock is ahead of the others' clocks; less than 0: behind. None unless given. */
  readonly skewMs?: number;
  /** The cell that it works on; the scenario's first one unless given. */
  readonly cell?: CellName;
};

type ActorWork =
  | {
      readonly type: 'enactor';
      readonly mode: EnactRequest['mode'];
      /** It does not stand by while trees propagate: it asks for a successor, and ends. */
      readonly handsOver?: true;
      /** It is such a successor: it begins when a message is delivered, and has nothing to do without one. */
      readonly follows?: true;
      /** It may ask Route 53 how many records the zone may hold. */
      readonly asksLimit?: true;
    }
  | { readonly type: 'janitor' }
  /**
   * Declares each of these fleets and plans it, one after the other. With no fleets it plans what is declared: once, or
   * after each of these events.
   */
  | {
      readonly type: 'planner';
      readonly fleets: readonly CellFleet[];
      readonly after?: readonly TargetEvent[] | undefined;
    }
  /** fenceOnly: as if the ledger were away; the log learns nothing of it. */
  | { readonly type: 'freeze'; readonly fenceOnly?: true }
  | { readonly type: 'thaw' }
  /** Rolls back to this applied generation; when absent, to the newest one that differs from the goal. */
  | { readonly type: 'rollback'; readonly to?: number }
  | { readonly type: 'rescue' }
  /** Appends that every function reads the newest format, although others may be at work that do not. */
  | { readonly type: 'raise-format' }
  /** Nobody: a minute passes, in which changes become INSYNC. */
  | { readonly type: 'minute' }
  /** Any other workflow. Its batches may contain what this writer's may. */
  | {
      readonly type: 'workflow';
      readonly writer: WriterRole;
      readonly perform: (deps: WorkflowDeps) => Promise<unknown>;
      /** A person's command that is given once more in the quiet phase, because it may have been cut off. */
      readonly repeated?: true;
    };

/** What any workflow can be run with: an actor's ports, and settings under which no run ends by its deadline. */
export interface WorkflowDeps extends ActorPorts {
  /** INSYNC is asked for as often as this, and an auditor records this limit of the zone. */
  readonly settings: typeof INSYNC & { readonly recordLimit: number };
  readonly deadline: Instant;
}

/** So far away that no simulated run ends by its deadline. */
const DEADLINE = instant(EPOCH_MS + 10 * 365 * 86_400_000);
/** A change that Route 53 does not know is not known at once: nobody is harmed who need not wait for that. */
const INSYNC = { insyncPollMs: 2_000, unknownChangeMs: 0 };

const MINUTE_MS = 60_000;

/** What the batches of a role may contain. A planner writes none. */
const WRITERS: Readonly<Record<Exclude<ActorRole['type'], 'workflow'>, WriterRole>> = {
  enactor: 'enactor',
  janitor: 'janitor',
  planner: 'operator',
  freeze: 'operator',
  thaw: 'operator',
  rollback: 'operator',
  rescue: 'rescue',
  'raise-format': 'operator',
  minute: 'operator',
};

/** The production workflow of a role, on ports that suspend. */
export function workflowOf(role: ActorRole, name: string, workplace: Workplace): Workflow {
  const writer = role.type === 'workflow' ? role.writer : WRITERS[role.type];
  return (context) => {
    const { release, skewMs = 0 } = role;
    const settings = { ...INSYNC, recordLimit: workplace.recordLimit };
    const ports = actorPorts(context, name, { writer, release, skewMs }, workplace);
    return perform(role, { ...ports, settings, deadline: DEADLINE }, context);
  };
}

function perform(role: ActorRole, deps: WorkflowDeps, context: ActorContext): Promise<unknown> {
  const { writer, deadline } = deps;
  const { cell } = writer.scope;
  switch (role.type) {
    case 'enactor':
      return enactAndForget(role, deps, context);
    case 'janitor':
      return retire(retrying(context, deps), { deadline });
    case 'planner':
      return declareAndPlan(role, deps, context);
    case 'freeze':
      return freeze(retrying(context, deps), {
        cell,
        reason: 'simulated',
        wait: deps,
        fenceOnly: role.fenceOnly === true,
      });
    case 'thaw':
      return thaw(deps, { cell });
    case 'rollback': {
      const to = role.to === undefined ? {} : { to: generation(role.to) };
      return rollback(retrying(context, deps), { cell, apply: true, ...to });
    }
    case 'rescue':
      return rescueToRollback(writer, deps.clock, { wait: deps });
    case 'raise-format':
      return raiseFormat(retrying(context, deps), { cell, functionsRead: NEWEST_LEDGER_FORMAT, apply: true });
    case 'minute':
      return deps.clock.sleep(MINUTE_MS);
    case 'workflow':
      return role.perform(deps);
  }
}

/**
 * Whether a workflow may fail with this error: a service was away, or an actor of the release before met a newer
 * format.
 */
export function isExpectedEnd(error: unknown, { release }: ActorRole): boolean {
  if (error instanceof LedgerUnusable) return release === 'before';
  return error instanceof ZoneUnavailable || error instanceof LedgerUnavailable;
}

/** What a successor comes to that no message reaches. */
const NOT_ASKED: EnactOutcome = { type: 'idle', reason: 'no message came' };

/** An enactor that reports the calls in which it has forgotten almost all of its answers. */
async function enactAndForget(
  { mode, handsOver, follows, asksLimit }: Extract<ActorWork, { readonly type: 'enactor' }>,
  deps: WorkflowDeps,
  { forgetAt }: ActorContext,
): Promise<EnactOutcome> {
  if (follows === true && !(await awaitMessage(deps.suspend))) return NOT_ASKED;
  const request = { mode, deadline: deps.deadline, follows: follows === true };
  const run = beginRun(deps, request);
  const { ledger, memory } = watchEnactor(deps.ledger, run, fenceName(deps.writer.scope));
  forgetAt(memory);
  const successor = handsOver === true ? suspendingSuccessor(deps.suspend) : undefined;
  const quota = asksLimit === true ? suspendingQuota(deps.suspend) : undefined;
  return enact({ ...deps, ledger, successor, quota }, request, run);
}

/** Reports the calls in which a workflow has forgotten what the lost append rested on. */
function retrying({ forgetAt }: ActorContext, deps: WorkflowDeps): WorkflowDeps {
  const { ledger, memory } = watchRetries(deps.ledger);
  forgetAt(memory);
  return { ...deps, ledger };
}

async function declareAndPlan(
  { fleets, after = [] }: Extract<ActorWork, { readonly type: 'planner' }>,
  deps: WorkflowDeps,
  { forgetAt }: ActorContext,
): Promise<unknown> {
  const { ledger, memory } = watchRetries(deps.ledger);
  const outcomes: string[] = [];
  forgetAt((call) => {
    const remembered = memory(call);
    return remembered && { known: `${outcomes.join()} ${remembered.known}` };
  });
  const plan = async (): Promise<void> => {
    const { type } = await planCell({ ...deps, ledger }, { cell: deps.writer.scope.cell, append: true });
    outcomes.push(type);
  };
  for (const event of after) {
    await happening(deps.suspend, event);
    await plan();
  }
  for (const fleet of fleets) {
    await declareFleet(ledger, fleet, deps.clock, deps.name);
    await plan();
  }
  if (fleets.length + after.length === 0) await plan();
  return outcomes;
}

/** Appends a fleet to the log. */
export async function declareFleet(
  ledger: Ledger,
  fleet: CellFleet,
  clock: Clock,
  by: string,
): Promise<void> {
  const { cell, zone, zoneId, policy, endpoints, targets } = fleet;
  const digest = await ledger.putBody(cell, canonicalJson(serialiseCellFleet(fleet)));
  await execute(ledger, cell, { at: () => clock.now(), by }, () => ({
    type: 'DeclareFleet',
    digest,
    zone,
    zoneId,
    policy,
    endpoints: endpoints.length,
    targets: targets.length,
  }));
}
