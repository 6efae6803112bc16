import type { ExitCode } from '../../../lib/cli/command/exit-codes.ts';
import { main } from '../../../lib/cli/main.ts';
import type { AppendOnlyTable } from '../../../lib/emulator/dynamodb/append-only-table.ts';
import { appendOnlyTable } from '../../../lib/emulator/dynamodb/append-only-table.ts';
import type { Route53 } from '../../../lib/emulator/route53.ts';
import { createRoute53 } from '../../../lib/emulator/route53.ts';
import type { Route53Deps } from '../../../lib/emulator/route53-state.ts';
import { PROMPT_ROUTE53 } from '../../../lib/emulator/settings.ts';
import { NEWEST_LEDGER_FORMAT } from '../../../lib/plan/stored-format.ts';
import type { AccountSurvey } from '../../../lib/preflight/survey.ts';
import { NotAsked } from '../../../lib/preflight/survey.ts';
import type { Clock } from '../../../lib/runtime/clock.ts';
import { connect } from '../../../lib/wiring/connect.ts';
import { unaskedNames } from '../../../lib/wiring/name-survey.ts';
import type { World } from '../../../lib/wiring/world.ts';
import { workOnce } from '../../rollout/working-cells.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';
import { seededRandomness, virtualClock } from '../../runtime/virtual-clock.ts';
import type { Behind, Disturbance, FaultyEndpoints, SeenRequest } from './faulty-endpoints.ts';
import { TABLE } from './faulty-endpoints.ts';

/** A world that can be copied, so that every fault begins where the one before it began. */
export interface Stage {
  readonly core: Route53;
  readonly table: AppendOnlyTable;
  readonly startMs: number;
}

/** A copy of a stage, in which commands are typed. */
export interface Played {
  /** Types a command line after `pawl`, words apart by single spaces. */
  pawl(line: string, disturbance?: Disturbance): Promise<Performed>;
  /** The world, for a test to look around in; undisturbed. */
  world(): World;
  readonly clock: VirtualClock;
  stage(): Stage;
}

export interface Performed {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
  readonly requests: readonly SeenRequest[];
  /** How long it took on the stage's own clock, milliseconds. */
  readonly tookMs: number;
}

const noAccount = async () => {
  throw new NotAsked('a test has no account');
};
const NO_ACCOUNT: AccountSurvey = {
  stack: noAccount,
  concurrency: noAccount,
  mayAssume: noAccount,
  subscriptions: noAccount,
  loadBalancers: noAccount,
};
const START = Date.parse('2026-11-21T10:00:00Z');
const BETWEEN_COMMANDS_MS = 60_000;

/** Nothing but one hosted zone, example.test. */
export function emptyStage(): Stage {
  const clock = virtualClock(START);
  const core = createRoute53(PROMPT_ROUTE53, coreDeps(clock));
  core.createHostedZone({ name: 'example.test', callerReference: 'a test' });
  return { core, table: appendOnlyTable(), startMs: START };
}

/**
 * @param roles endpoints of their own, through which roles of every cell work whenever a command sleeps; nobody does unless
 * given.
 */
export function play(endpoints: FaultyEndpoints, stage: Stage, roles?: FaultyEndpoints): Played {
  const clock = virtualClock(stage.startMs);
  const core = stage.core.clone(coreDeps(clock));
  const table = stage.table.clone();
  const behind = { core, table, clock };
  const time = roles === undefined ? clock : withRoles(behind, roles);
  const world = (): World => ({
    ...connect({
      kind: 'aws',
      title: 'a faulty world',
      operator: 'operator-ana',
      route53: endpoints.route53,
      dynamodb: endpoints.dynamodb,
      table: TABLE,
      rate: { requestsPerSecond: 3, burst: 5, reserve: 1 },
      requestDeadlineMs: 30_000,
      clock: time,
      around: { account: NO_ACCOUNT, names: unaskedNames('a test has no other DNS') },
      functionsRead: NEWEST_LEDGER_FORMAT,
    }),
    // The clients serve every command.
    close: async () => undefined,
  });
  return {
    clock,
    world: () => {
      endpoints.begin(behind);
      return world();
    },
    stage: () => ({ core, table, startMs: clock.now() }),
    pawl: async (line, disturbance) => {
      clock.shift(BETWEEN_COMMANDS_MS);
      const began = clock.now();
      const out: string[] = [];
      const err: string[] = [];
      const requests = endpoints.begin(behind, disturbance);
      // A word that a shell would read otherwise is quoted where a command says what finishes it.
      const words = line.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
      const exit = await main(words, {
        terminal: {
          write: (text) => void out.push(text),
          complain: (text) => void err.push(text),
          isTty: false,
          showsProgress: false,
          canAsk: false,
          width: 100,
          ask: async () => '',
        },
        env: {},
        interruption: () => new AbortController().signal,
        chooseWorld: async () => ({ type: 'world', world: world() }),
      });
      const tookMs = clock.now() - began;
      return { exit, out: out.join(''), err: err.join(''), requests, tookMs };
    },
  };
}

/** Roles are at work so often, on the stage's clock: a command sleeps for a third of a second between its requests. */
const ROLES_APART_MS = 5_000;

/** A clock during whose sleeps every cell is planned and enacted, undisturbed. */
function withRoles(behind: Behind, roles: FaultyEndpoints): Clock {
  const { core, clock } = behind;
  const randomness = seededRandomness();
  let isAtWork = false;
  let worked = Number.NEGATIVE_INFINITY;
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (isAtWork || clock.now() < worked + ROLES_APART_MS) return;
      isAtWork = true;
      roles.begin(behind);
      const { route53, dynamodb } = roles;
      const world = connect({
        ...{ kind: 'aws', title: 'the roles', operator: 'roles', route53, dynamodb, table: TABLE, clock },
        ...{ rate: { requestsPerSecond: 3, burst: 5, reserve: 1 }, requestDeadlineMs: 30_000 },
      });
      const zoneId = core.listHostedZones().zones[0]?.id ?? '';
      await workOnce({ ledger: await world.ledger(), core, zoneId, clock, randomness });
      isAtWork = false;
      worked = clock.now();
    },
  };
}

let ids = 0;

function coreDeps(clock: VirtualClock): Route53Deps {
  return {
    now: () => clock.now(),
    id: (prefix) => {
      ids += 1;
      return `${prefix}${String(ids).padStart(12, '0')}`;
    },
  };
}
