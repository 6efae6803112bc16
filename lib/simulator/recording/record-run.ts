import { InvalidValue, invariant } from '../../plan/invariant.ts';
import type { Decision } from '../engine/decision.ts';
import type { PlaySettings } from '../engine/play-settings.ts';
import type { Play, PlayedStep } from '../engine/playing.ts';
import type { Scenario } from '../engine/scenario.ts';
import { prepareStage } from '../engine/scenario.ts';
import { SCENARIOS, scenarioNamed } from '../engine/scenarios.ts';
import { strategyOf, winnersOf } from '../random/campaign.ts';
import type { RunResult } from '../random/play-run.ts';
import { playRun } from '../random/play-run.ts';
import { formatReplay, parseReplay, settingsOf } from '../random/replay-line.ts';
import { replayed } from '../random/replayed-choices.ts';
import type { Strategy } from '../random/strategy.ts';
import type { RecordedStep, Recording, StepMark } from './recording.ts';
import { makeRecording } from './recording.ts';
import type { ZonePicture } from './zone-picture.ts';
import { pictureZone } from './zone-picture.ts';

const SEED = /^\d{1,15}$/;
/** The number of characters that a title shows of a run's line. The whole line can be long. */
const LINE_CHARS = 60;

/**
 * Plays any run of the simulator and records it, so that a person can look at a failure.
 *
 * @param run the line that a failure prints (`flip:3,12z,4`), or a seed, which determines its scenario and strategy.
 * @throws InvalidValue when it is neither.
 */
export async function recordRun(run: string): Promise<Recording> {
  if (!SEED.test(run)) {
    const line = parseReplay(run);
    return record(scenarioNamed(line.scenario), replayed(line.choices), settingsOf(line));
  }
  const seed = Number(run);
  const scenario = SCENARIOS[seed % SCENARIOS.length];
  if (scenario === undefined) throw new InvalidValue(`There is no scenario for the seed ${run}.`);
  return record(scenario, strategyOf('mixed', seed), { winners: winnersOf(seed) });
}

/** Plays one run and records it step by step. */
export async function record(
  scenario: Scenario,
  strategy: Strategy,
  settings: Partial<PlaySettings>,
): Promise<Recording> {
  const stage = await prepareStage(scenario);
  const seen: Seen = { play: undefined, picked: undefined, steps: [], from: 0 };
  const watched = {
    ...stage,
    begin: async (changes?: Partial<PlaySettings>) => {
      const play = await stage.begin(changes);
      seen.play = play;
      seen.from = play.environment.time.now();
      seen.steps.push(before(play, scenario));
      return play;
    },
  };
  const noting: Strategy = {
    draw: (below) => strategy.draw(below),
    pick: (decisions) => {
      const choice = strategy.pick(decisions);
      seen.picked = decisions[choice];
      return choice;
    },
  };
  const result = await playRun(watched, noting, settings, (step) => {
    seen.steps.push(recorded(seen, step));
    seen.picked = undefined;
  });
  if (result.violation !== undefined) seen.steps.push(broken(seen, result.violation.message));
  return recordingOf(scenario, settings, seen.steps, result);
}

interface Seen {
  play: Play | undefined;
  /** The last decision, as long as its step is not recorded; it shows where a run broke off. */
  picked: Decision | undefined;
  readonly steps: RecordedStep[];
  from: number;
}

function recordingOf(
  scenario: Scenario,
  settings: Partial<PlaySettings>,
  steps: readonly RecordedStep[],
  { choices, decisions, quietCalls, violation }: RunResult,
): Recording {
  const { reduce = false, winners } = settings;
  const line = formatReplay({ scenario: scenario.name, searched: reduce, winners, choices });
  const acted = [...new Set(steps.flatMap(({ lane }) => lane ?? []))];
  // Workflows come first, then hands, time and services.
  const names = [...acted.filter(isActor).sort(), ...acted.filter((name) => !isActor(name))];
  const shown = line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS - 3)}...` : line;
  const run = {
    id: 'run',
    title: `Scenario ${scenario.name}`,
    about: `${scenario.parts.map(({ type }) => type).join(', ')}.`,
    steps,
    verdict:
      violation === undefined
        ? {
            good: true,
            text: `Every rule held in ${decisions} decisions, and in the ${quietCalls} calls of the quiet phase after them.`,
          }
        : { good: false, text: violation.message },
  };
  return makeRecording({
    title: `Run ${shown}`,
    about:
      'Pawl’s own workflows, with every order of calls, fault and tampering decided by this run’s choices.',
    lanes: names.map((id) => ({ id, title: id })),
    runs: [run],
  });
}

/** Actors are numbered: `enactor-2`. */
function isActor(lane: string): boolean {
  return /-\d+$/.test(lane);
}

function before(play: Play, { before: preparations }: Scenario): RecordedStep {
  const done = preparations
    .map((each) => (each.type === 'plan' ? `plan ${each.version}` : each.type))
    .join(', ');
  return {
    atMs: 0,
    lane: null,
    mark: 'looked',
    headline: `Done undisturbed: ${done}.`,
    calls: [],
    zone: picture(play),
    alarms: [],
  };
}

function recorded({ play, from }: Seen, step: PlayedStep): RecordedStep {
  invariant(play !== undefined, 'a step comes after the beginning of its run');
  const { actor, site, detail, answer } = step;
  const refused = REFUSALS.has(answer);
  const isCall = site.includes('.');
  return {
    atMs: play.environment.time.now() - from,
    lane: actor,
    mark: markOf(step, refused),
    headline: headlineOf(step, refused),
    calls: isCall ? [{ site, detail, times: 1, answer: answer === '' ? null : answer, refused }] : [],
    zone: picture(play),
    alarms: [],
  };
}

/** The step in which a rule was broken. It was decided, and the play did not report it. */
function broken({ play, picked, from }: Seen, message: string): RecordedStep {
  invariant(play !== undefined, 'a rule is broken after the beginning of its run');
  const actor = picked !== undefined && 'actor' in picked ? picked.actor : null;
  const call = actor === null ? undefined : play.callOf(actor);
  const lane = actor !== null && play.seats.some(({ name }) => name === actor) ? actor : null;
  const calls =
    call === undefined
      ? []
      : [{ site: call.site, detail: call.detail, times: 1, answer: null, refused: false }];
  return {
    atMs: play.environment.time.now() - from,
    lane,
    mark: 'stopped',
    headline: picked === undefined ? 'In the quiet phase a rule is broken.' : 'A rule is broken.',
    calls,
    zone: picture(play),
    alarms: [message],
  };
}

const REFUSALS: ReadonlySet<string> = new Set(['rejected', 'lost']);
const UNANSWERED: ReadonlySet<string> = new Set(['unknown', 'no answer']);
const UNHEARD: ReadonlySet<string> = new Set(['timeout', 'lose-answer', 'throttle']);
const WRITES: ReadonlySet<string> = new Set(['zone.change', 'ledger.append']);

function markOf({ decision, site, answer }: PlayedStep, refused: boolean): StepMark {
  if (decision.type === 'crash') return 'stopped';
  if (refused || UNHEARD.has(decision.type) || UNANSWERED.has(answer)) return 'refused';
  return decision.type === 'tamper' || decision.type === 'return' || WRITES.has(site) ? 'wrote' : 'looked';
}

function headlineOf({ decision, site, detail, answer }: PlayedStep, refused: boolean): string {
  const call = `${site} ${detail}`.trim();
  switch (decision.type) {
    case 'run':
      return answer === '' || refused ? `calls ${call}` : `calls ${call} -> ${answer}`;
    case 'timeout':
      return `hears nothing from ${call}: the request is still under way`;
    case 'lose-answer':
      return `hears nothing from ${call}: it was done, and the answer is lost`;
    case 'throttle':
      return `is told that the service is too busy for ${call}`;
    case 'crash':
      return `dies in ${call}: the request is still under way`;
    case 'land':
      return `is long gone, and its request lands: ${call} -> ${answer}`;
    case 'duplicate':
      return `starts, ${detail}`;
    case 'tamper':
      return `changes the zone: ${detail}`;
    case 'return':
      return `goes back to an earlier commit: ${detail}`;
    case 'advance':
      return `passes, ${detail}`;
    case 'outage':
      return detail;
    case 'rest':
      return 'has ended; what is still under way never lands';
  }
}

function picture({ environment, watch }: Play): ZonePicture {
  return pictureZone(environment.records(), environment.scope, [...watch.declared].sort());
}
