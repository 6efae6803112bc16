import { planOf } from '../cell/cell-bodies.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { OperatorZoneDeps } from '../operator/operator.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { LeafType } from '../plan/plan.ts';
import { rootTypes } from '../plan/plan.ts';
import { systemClock } from '../runtime/clock.ts';
import { serverAnswers } from '../wiring/server-answers.ts';
import { zoneWriter } from '../wiring/zone-writer.ts';
import type { RunningWorld } from './start-local-world.ts';

/** A step did not show what it promises. The message is a clause that says what was seen instead. */
export class Missed extends Error {
  override readonly name = 'Missed';
}

/** What the steps of a drill work with: a local world of their own, and the cell that they practise on. */
export interface DrillBench {
  readonly running: RunningWorld;
  readonly cell: CellName;
  /** Milliseconds that the world's changes took to become INSYNC when the drill began. */
  readonly insyncDelayMs: number;
  state(): Promise<CellState>;
  /** The verbs of an operator, as the command line has them. */
  operator(): Promise<OperatorZoneDeps>;
  /** Asks for every name of what is applied; resolves with the number of questions. @throws Missed when one has no answer. */
  everyNameAnswers(): Promise<number>;
  /** Looks until it holds. @throws Missed with `otherwise` when it does not in time. */
  until(holds: () => Promise<boolean>, otherwise: string): Promise<void>;
}

/** Longer than a role's own wait after trouble, and than one request that is tried again. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

export function drillBench(running: RunningWorld, cell: CellName): DrillBench {
  const { world, facts } = running;
  const state = async () => (await (await world.ledger()).head(cell)).state;
  const resolver = serverAnswers(world, facts.dns);
  let questions: readonly Question[] = [];
  const questionsNow = async (): Promise<readonly Question[]> => {
    try {
      return await questionsOf(await world.ledger(), cell);
    } catch (error) {
      // Clients go on asking for what they asked before.
      if (error instanceof LedgerUnavailable && questions.length > 0) return questions;
      throw error;
    }
  };
  return {
    running,
    cell,
    insyncDelayMs: running.account.settings().insyncDelayMs,
    state,
    operator: async () => {
      const { clock, randomness, telemetry, operator: name } = world;
      const writer = zoneWriter(world, 'operator', await scopeOf(state, cell));
      return { ledger: await world.ledger(), clock, randomness, telemetry, name, writer };
    },
    everyNameAnswers: async () => {
      questions = await questionsNow();
      for (const { name, type } of questions) {
        const answer = await resolver.answers(name, type);
        if (answer !== 'answer') throw new Missed(`${name} ${type} is ${answer}`);
      }
      return questions.length;
    },
    until: async (holds, otherwise) => {
      const end = systemClock.now() + PATIENCE_MS;
      while (!(await holds())) {
        if (systemClock.now() > end) throw new Missed(otherwise);
        await systemClock.sleep(LOOK_MS);
      }
    },
  };
}

interface Question {
  readonly name: DnsName;
  readonly type: LeafType;
}

async function questionsOf(ledger: Ledger, cell: CellName): Promise<readonly Question[]> {
  const plan = await planOf(ledger, cell, (await ledger.head(cell)).state.applied);
  if (plan === undefined) throw new Missed('nothing is applied');
  return plan.endpoints.flatMap((endpoint) =>
    rootTypes(endpoint).map((type) => ({ name: asked(endpoint.name), type })),
  );
}

async function scopeOf(state: () => Promise<CellState>, cell: CellName): Promise<CellScope> {
  const { fleet } = await state();
  if (fleet === null) throw new Missed(`no fleet is declared for ${cell}`);
  return { cell, zone: fleet.zone, zoneId: fleet.zoneId };
}

/** A wildcard is asked for by a name that no record has. */
function asked(name: DnsName): DnsName {
  return name.startsWith('*.') ? dnsName(`pawl-drill${name.slice(1)}`) : name;
}
