import { LedgerUnavailable } from '../ledger/ledger.ts';
import { adoptRescue } from '../operator/adopt-rescue.ts';
import { exportPlan } from '../operator/export-plan.ts';
import { resumePlanner } from '../operator/pause.ts';
import { rescuePlan } from '../operator/rescue-plan.ts';
import { thaw } from '../operator/thaw.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { zoneWriter } from '../wiring/zone-writer.ts';
import type { DrillBench } from './drill-bench.ts';
import { Missed } from './drill-bench.ts';
import type { DrillStep } from './drill-steps.ts';
import { calm, standing, waitIn } from './drill-steps.ts';

/** What a person has of a cell while nobody can read its log. */
interface InHand {
  scope?: CellScope;
  plan?: Plan;
}

/** Seconds; none of the defaults, so that it is seen which plan answers. */
const RESCUED_TTL_S = 37;

/** The steps of a drill in which the ledger is lost for a time, as docs/operations.md says of a rescue. In order. */
export function ledgerDrillSteps(): readonly DrillStep[] {
  const inHand: InHand = {};
  return [calm, away(inHand), standing, exported(inHand), rescued(inHand), back, adopted(inHand)];
}

function away(inHand: InHand): DrillStep {
  return {
    id: 'ledger-away',
    does: 'The ledger goes away.',
    expects: 'No log can be read, no role plans or applies anything, and every command says so.',
    look: ['status', 'freeze CELL'],
    run: async (bench) => {
      // A person has it in the fleet file and in their head.
      inHand.scope = (await bench.operator()).writer.scope;
      bench.running.ledgerAway(true);
      try {
        await bench.state();
      } catch (error) {
        if (error instanceof LedgerUnavailable) return error.message;
        throw error;
      }
      throw new Missed('the log could be read');
    },
  };
}

function exported(inHand: InHand): DrillStep {
  return {
    id: 'plan-exported',
    does: "A plan is rebuilt from the zone's own trees.",
    expects: 'It has every endpoint of the cell. Nothing is written.',
    look: ['rescue --export --cell CELL --zone ZONE --out plan.json'],
    run: async (bench) => {
      const outcome = await exportPlan(rescuer(bench, inHand), {});
      if (outcome.type !== 'done') throw new Missed(outcome.reason);
      const { plan, leftOut } = outcome;
      const [left] = leftOut;
      if (left !== undefined) throw new Missed(`${left.name} is left out: ${left.reason}`);
      const edited = editedIn(plan);
      if (edited === undefined) throw new Missed('the plan has no endpoint with addresses');
      inHand.plan = {
        ...plan,
        // One alone: what changes many endpoints at once is a guard's business later.
        endpoints: plan.endpoints.map((endpoint) =>
          endpoint.name === edited.name ? { ...endpoint, ttl: RESCUED_TTL_S } : endpoint,
        ),
      };
      return `a plan of ${plan.endpoints.length} endpoints`;
    },
  };
}

function rescued(inHand: InHand): DrillStep {
  return {
    id: 'rescued',
    does: `The plan is edited (a TTL of ${RESCUED_TTL_S} s), and the zone is made to answer so.`,
    expects: 'It answers as the file says, with Route 53 alone, and the fence is frozen.',
    look: ['rescue --plan plan.json --dry-run', 'rescue --plan plan.json --out live.json'],
    run: async (bench) => {
      const { clock } = bench.running.world;
      const { settings, deadline } = waitIn(clock);
      const plan = planOf(inHand);
      const outcome = await rescuePlan(rescuer(bench, inHand), clock, { plan, settings, deadline });
      if (outcome.type !== 'done') throw new Missed(outcome.reason);
      await bench.until(async () => answersSo(bench, inHand), 'the zone does not answer as the file says');
      return `frozen at fence seq ${outcome.seq}; ${await bench.everyNameAnswers()} questions, all answered`;
    },
  };
}

const back: DrillStep = {
  id: 'ledger-back',
  does: 'The ledger is back.',
  expects: 'Every role sees the frozen fence: the log says that the cell was rescued, and nobody undoes it.',
  look: ['status', 'history'],
  run: async (bench) => {
    bench.running.ledgerAway(false);
    await bench.until(async () => (await found(bench)) !== null, 'nobody records the rescue');
    const rescue = await found(bench);
    if (rescue === null) throw new Missed('the rescue is not in the log any more');
    return `RescueFound at fence seq ${rescue.seq}; ${await bench.everyNameAnswers()} questions, all answered`;
  },
};

/** What the log says of a rescue; null also while the first requests still find no ledger. */
async function found(bench: DrillBench) {
  try {
    return (await bench.state()).rescue;
  } catch (error) {
    if (error instanceof LedgerUnavailable) return null;
    throw error;
  }
}

function adopted(inHand: InHand): DrillStep {
  return {
    id: 'adopted-and-thawed',
    does: 'What the rescue did is adopted, the cell is thawed, and its planner goes on.',
    expects: 'The file becomes the goal, then the fleet is asked for again, and every name has an answer.',
    look: ['rescue adopt live.json', 'thaw CELL', 'resume CELL', 'status'],
    run: async (bench) => {
      const deps = await bench.operator();
      const { cell } = bench;
      const outcome = await adoptRescue(deps, { cell, plan: planOf(inHand), apply: true });
      if (outcome.type !== 'done') throw new Missed(outcome.reason);
      const melted = await thaw(deps, { cell });
      if (melted.type !== 'done') throw new Missed(melted.reason);
      const resumed = await resumePlanner(deps, { cell });
      if (resumed.type !== 'done') throw new Missed(resumed.reason);
      await bench.until(() => isThrough(bench), 'a cell does not come to its goal');
      const { keptBack } = await bench.state();
      if (keptBack.length === 0 && answersSo(bench, inHand))
        throw new Missed('the zone goes on answering as the file of the rescue says');
      const { applied } = await bench.state();
      return `@${outcome.plan.generation} was the goal, and @${applied?.generation} is applied; ${await bench.everyNameAnswers()} questions, all answered`;
    },
  };
}

function rescuer({ running }: DrillBench, { scope }: InHand) {
  if (scope === undefined) throw new Missed('nobody knows where the cell lives');
  return zoneWriter(running.world, 'rescue', scope);
}

function planOf({ plan }: InHand): Plan {
  if (plan === undefined) throw new Missed('there is no plan');
  return plan;
}

/** The endpoint whose TTL is edited: aliases have none. */
function editedIn({ endpoints }: Plan): Plan['endpoints'][number] | undefined {
  return endpoints.find(({ kind, nodes }) => kind === 'addresses' && nodes === undefined);
}

/** A guard may let a person decide about the way back: a small cell changes by more than its policy lets go. */
async function isThrough({ running }: DrillBench): Promise<boolean> {
  return (await running.convergence()).every(({ converged, waits }) => converged || waits);
}

/** Whether a root points at a tree with the TTL of the rescue's file. */
function answersSo({ running: { account } }: DrillBench, { scope, plan }: InHand): boolean {
  const records = account.records(scope?.zoneId ?? '');
  const name = plan === undefined ? undefined : editedIn(plan)?.name;
  const roots = records.filter((each) => each.name === name);
  return roots.some((root) =>
    records.some((each) => each.name === root.alias?.name && each.ttl === RESCUED_TTL_S),
  );
}
