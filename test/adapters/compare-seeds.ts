import type { Winners } from '../../lib/ledger/memory-ledger.ts';
import { CAMPAIGN } from '../../lib/simulator/engine/campaign-scenarios.ts';
import type { EnvironmentPorts } from '../../lib/simulator/engine/environment.ts';
import { DIRECT_PORTS } from '../../lib/simulator/engine/environment.ts';
import type { Scenario, Stage } from '../../lib/simulator/engine/scenario.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { fingerprint } from '../../lib/simulator/fingerprint.ts';
import { strategyOf, winnersOf } from '../../lib/simulator/random/campaign.ts';
import { playRun } from '../../lib/simulator/random/play-run.ts';
import { formatReplay } from '../../lib/simulator/random/replay-line.ts';
import type { AdapterWorld } from './adapter-world.ts';
import { notedPorts } from './noted-ports.ts';
import type { WireFault } from './wire-faults.ts';

export interface SeedRange {
  readonly first: number;
  readonly count: number;
  /** The distance from one seed to the next; 1 unless given. */
  readonly stride?: number;
}

export interface Comparison {
  /** The number of seeds whose traces were equal in both plays. */
  readonly equal: number;
  /** The number of decisions in the fault phases of one play of each seed. */
  readonly decisions: number;
  /** The number of port calls in the quiet phases of one play of each seed. */
  readonly quietCalls: number;
  /** The number of requests that the clients sent. */
  readonly requests: number;
  readonly faults: Readonly<Record<WireFault, number>>;
  /** The first seed whose plays differ, or that broke a rule. No seed was played after it. */
  readonly difference?: string;
}

/**
 * Scenarios in which an auditor holds the log against the fence. Both plays write one mark for every event, so that only
 * one of the two logs has it.
 */
const AUDITED: ReadonlySet<string> = new Set(['crowded', 'limit-not-known']);

/** A call that needs every event, from as many pages as they take. */
const ALL_EVENTS: Scenario = {
  name: 'rollback-to-unknown',
  endpoints: 2,
  before: CAMPAIGN.find(({ name }) => name === 'retire')?.before ?? [],
  parts: [
    { type: 'rollback', to: 200 },
    { type: 'enactor', mode: 'hint' },
  ],
  budget: { faults: 2, tamperings: 0, duplicates: 0, outages: 0, advances: 1, returns: 0 },
};

/** Plays every seed twice, without adapters and through them. Compares everything that happened and every answer. */
export async function compareSeeds(
  world: AdapterWorld,
  { first, count, stride = 1 }: SeedRange,
): Promise<Comparison> {
  const direct = createRecorder(DIRECT_PORTS);
  const wired = createRecorder(world.ports);
  const stages: { readonly direct: Stage; readonly wired: Stage }[] = [];
  for (const scenario of [...CAMPAIGN.filter(({ name }) => !AUDITED.has(name)), ALL_EVENTS]) {
    stages.push({
      direct: await prepareStage(scenario, { ports: direct.ports }),
      wired: await prepareStage(scenario, { ports: wired.ports }),
    });
  }
  let equal = 0;
  let decisions = 0;
  let quietCalls = 0;
  let difference: string | undefined;
  for (let index = 0; index < count && difference === undefined; index += 1) {
    const seed = first + index * stride;
    const both = stages[seed % stages.length];
    if (both === undefined) break;
    const winners = world.winners === 'drawn' ? winnersOf(seed) : 'withheld';
    const expected = await direct.play(both.direct, seed, winners);
    world.faults.begin(seed);
    const found = await wired.play(both.wired, seed, winners);
    decisions += expected.decisions;
    quietCalls += expected.quietCalls;
    difference = differenceOf(expected, found);
    if (difference === undefined) equal += 1;
    else difference = `seed ${seed}, ${expected.replay}: ${difference}`;
  }
  return {
    equal,
    decisions,
    quietCalls,
    requests: world.requests(),
    faults: world.faults.counts(),
    ...(difference === undefined ? {} : { difference }),
  };
}

interface Trace {
  /** Equal when the decisions, the calls and the answers are the same, in the same order, in the quiet phase too. */
  readonly hash: string;
  readonly lines: readonly string[];
  readonly decisions: number;
  readonly quietCalls: number;
  readonly replay: string;
  readonly violation: string | undefined;
}

function differenceOf(expected: Trace, found: Trace): string | undefined {
  const { violation } = expected.violation === undefined ? found : expected;
  if (expected.hash !== found.hash) {
    const at = expected.lines.findIndex((line, index) => line !== found.lines[index]);
    const index = at < 0 ? expected.lines.length : at;
    const what = `${expected.lines[index] ?? 'the end'} / ${found.lines[index] ?? 'the end'}`;
    return `the worlds part at step ${index}: ${what}${violation === undefined ? '' : ` (${violation})`}`;
  }
  return violation;
}

interface Recorder {
  readonly ports: EnvironmentPorts;
  play(stage: Stage, seed: number, winners: Winners): Promise<Trace>;
}

function createRecorder(ports: EnvironmentPorts): Recorder {
  let lines: string[] = [];
  return {
    ports: notedPorts(ports, (line) => lines.push(line)),
    play: async (stage, seed, winners) => {
      lines = [];
      const result = await playRun(stage, strategyOf('mixed', seed), { winners }, (step) => {
        const { decision, actor, site, detail, answer } = step;
        lines.push(`${decision.type} ${actor} ${site} ${detail} ${answer}`);
      });
      stage.behaviours.trim();
      const { choices, decisions, quietCalls, violation } = result;
      return {
        hash: fingerprint(lines.join('\n')),
        lines,
        decisions,
        quietCalls,
        replay: formatReplay({ scenario: stage.scenario.name, searched: false, winners, choices }),
        violation: violation?.message,
      };
    },
  };
}
