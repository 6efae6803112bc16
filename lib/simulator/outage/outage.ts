import { invariant } from '../../plan/invariant.ts';
import type { ChangeOutcome } from '../../zone/zone.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import type {
  RecordedCall,
  RecordedRun,
  RecordedStep,
  Recording,
  StepMark,
  Verdict,
} from '../recording/recording.ts';
import { alarmsBetween, isEmpty, makeRecording } from '../recording/recording.ts';
import type { ZonePicture } from '../recording/zone-picture.ts';
import { pictureZone } from '../recording/zone-picture.ts';
import type { Cast } from './outage-cast.ts';
import { OUTAGE_ENDPOINT, outageFleet, pawlCast, referenceCast } from './outage-cast.ts';
import type { Halt, Turn } from './outage-schedule.ts';
import { LANES, SCHEDULE } from './outage-schedule.ts';

/**
 * Plays 20 October 2025 twice on the same schedule: with the enactor of that day, and with Pawl's own workflows. A run
 * is a function of the code alone, so the recording is the same every time, to the letter.
 *
 * @throws InvariantViolated when Pawl breaks a rule: the world's checkers look at each of its commits.
 */
export async function replayOutage(): Promise<Recording> {
  return makeRecording({
    title: '20 October 2025, played twice',
    about:
      'An enactor is held up with an old decision while a newer plan is applied. The same schedule, once with the enactor that failed that day, rebuilt from its owner’s account, and once with Pawl’s production code.',
    lanes: LANES,
    runs: [await playOutage(await referenceCast()), await playOutage(await pawlCast())],
  });
}

/** The plans that were live before the schedule begins. It begins at plan 109. */
const SETTLED = [108, 109];
const CALLS_MAX = 400;
const MINUTE_MS = 60_000;

async function playOutage(cast: Cast): Promise<RecordedRun> {
  const stage: Stage = { cast, actors: new Map(), runs: 0 };
  await settle(stage);
  const from = cast.world.time.now();
  const first: RecordedStep = {
    atMs: 0,
    lane: null,
    mark: 'looked',
    headline: 'Plan 109 is live, plan 108 is kept for a rollback.',
    calls: [],
    zone: picture(cast),
    alarms: [],
  };
  const steps = [first];
  for (const turn of SCHEDULE) steps.push(await play(stage, turn, steps.at(-1)?.zone ?? first.zone, from));
  const { id, title, about } = cast;
  return {
    id,
    title,
    about,
    steps,
    verdict: verdictOf(steps, cast.world.ledger.peek(cast.world.scope.cell).state.highest),
  };
}

/** A cast in the middle of its play: the last actor of every lane, and the number of its actors. */
interface Stage {
  readonly cast: Cast;
  readonly actors: Map<string, string>;
  runs: number;
}

async function settle(stage: Stage): Promise<void> {
  const { world } = stage.cast;
  for (const generation of SETTLED) {
    await planUpTo(stage.cast, generation);
    await goOn(stage, await newRun(stage, 'enactor-c'), 'end');
    world.time.advanceTo(world.time.now() + 60 * MINUTE_MS);
  }
}

async function play(stage: Stage, turn: Turn, before: ZonePicture, from: number): Promise<RecordedStep> {
  const { cast } = stage;
  const { world } = cast;
  world.time.advanceTo(world.time.now() + turn.afterMinutes * MINUTE_MS);
  const { calls, stopped } = await makeMove(stage, turn);
  const zone = picture(cast);
  return {
    atMs: world.time.now() - from,
    lane: turn.lane,
    mark: markOf(calls, stopped, turn.move.type === 'plan'),
    headline: turn.tells[cast.id],
    calls,
    zone,
    alarms: alarmsBetween(before, zone),
  };
}

interface Moved {
  readonly calls: readonly RecordedCall[];
  /** True when the actor ended because it could not do its work. */
  readonly stopped: boolean;
}

async function makeMove(stage: Stage, { lane, move }: Turn): Promise<Moved> {
  switch (move.type) {
    case 'plan':
      return { calls: await planUpTo(stage.cast, move.upTo), stopped: false };
    case 'enact': {
      const last = stage.actors.get(lane);
      const actor = move.fresh || last === undefined ? await newRun(stage, lane) : last;
      return goOn(stage, actor, move.until);
    }
    case 'clean-up': {
      const actor = await stage.cast.startCleanUp(stage.actors.get(move.after) ?? move.after);
      return goOn(stage, actor, 'end');
    }
  }
}

async function newRun(stage: Stage, lane: string): Promise<string> {
  stage.runs += 1;
  const actor = `${lane} run ${stage.runs}`;
  stage.actors.set(lane, actor);
  await stage.cast.startEnactor(actor, lane);
  return actor;
}

/** Appends plans, each with other addresses, up to a generation. */
async function planUpTo({ world }: Cast, generation: number): Promise<readonly RecordedCall[]> {
  const next = world.ledger.peek(world.scope.cell).state.highest + 1;
  for (let plan = next; plan <= generation; plan += 1) {
    await world.declare(outageFleet(plan));
    const appended = await world.plan();
    invariant(appended === plan, `plan ${plan} was appended as ${appended}`);
  }
  return [called('ledger.append', `PlanAppended ${next === generation ? next : `${next} to ${generation}`}`)];
}

/** Lets an actor make its calls up to a landmark, or to its end. */
async function goOn(stage: Stage, actor: string, until: Halt): Promise<Moved> {
  const { cast } = stage;
  const { scheduler } = cast.world;
  const calls: RecordedCall[] = [];
  for (let count = 0; count < CALLS_MAX; count += 1) {
    const pending = scheduler.pending(actor);
    if (pending === undefined) return { calls, stopped: hasStopped(cast, actor) };
    const text = `${pending.site} ${pending.detail}`;
    const isThere = until === 'one-call' ? count === 1 : until !== 'end' && cast.landmarks[until].test(text);
    if (isThere) return { calls, stopped: false };
    const outcome = changeOutcome(pending, await scheduler.run(actor));
    const refused = outcome !== undefined && outcome.type !== 'accepted';
    const said = outcome === undefined ? null : refused ? outcome.reason : 'accepted';
    noteCall(calls, { ...called(pending.site, pending.detail), answer: said, refused });
  }
  throw new Error(`${actor} did not end`);
}

/** The outcome of a write to the zone; undefined for any other call. */
function changeOutcome({ site, effect }: PendingCall, answer: Answer | undefined): ChangeOutcome | undefined {
  if (effect !== 'write' || !site.startsWith('zone.') || answer?.type !== 'value') return undefined;
  return answer.value as ChangeOutcome;
}

function hasStopped({ world }: Cast, actor: string): boolean {
  const state = world.scheduler.state(actor);
  if (state.type === 'failed') throw state.error;
  invariant(state.type === 'done', `${actor} is ${state.type}`);
  return (state.outcome as { readonly type: string }).type === 'stuck';
}

function called(site: string, detail: string): RecordedCall {
  return { site, detail, times: 1, answer: null, refused: false };
}

const WAITING: ReadonlySet<string> = new Set(['zone.changeStatus', 'clock.sleep']);

/** A wait is one line, however many calls it takes. */
function noteCall(calls: RecordedCall[], call: RecordedCall): void {
  const last = calls.at(-1);
  if (call.site === 'clock.sleep') return;
  if (last === undefined || !WAITING.has(call.site) || last.site !== call.site) calls.push(call);
  else calls[calls.length - 1] = { ...last, times: last.times + 1 };
}

function markOf(calls: readonly RecordedCall[], stopped: boolean, planned: boolean): StepMark {
  if (stopped) return 'stopped';
  if (calls.some(({ refused }) => refused)) return 'refused';
  return planned || calls.some(({ answer }) => answer === 'accepted') ? 'wrote' : 'looked';
}

function picture({ world }: Cast): ZonePicture {
  return pictureZone(world.records(), world.scope, [OUTAGE_ENDPOINT]);
}

/** The verdict follows from what was recorded, and not from what the schedule expects. */
function verdictOf(steps: readonly RecordedStep[], newest: number): Verdict {
  const isEmptyAt = ({ zone }: RecordedStep) => zone.endpoints.some(isEmpty);
  const emptyFrom = steps.findIndex(isEmptyAt);
  const last = steps.at(-1);
  const isEmptyNow = last !== undefined && isEmptyAt(last);
  if (isEmptyNow) {
    return {
      good: false,
      text: `${OUTAGE_ENDPOINT} has had no answer since step ${emptyFrom}, and no enactor can go on. People must repair it by hand.`,
    };
  }
  const good = emptyFrom < 0 && steps.every(({ alarms }) => alarms.length === 0);
  const live = last?.zone.endpoints[0]?.root?.generation;
  return {
    good: good && live === newest,
    text: good
      ? `Plan ${live} is live. At every step there was an answer, and never an older one than before.`
      : `Plan ${live} is live.`,
  };
}
