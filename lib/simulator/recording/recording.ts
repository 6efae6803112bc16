import { invariant } from '../../plan/invariant.ts';
import type { EndpointPicture, ZonePicture } from './zone-picture.ts';

/**
 * One run of a simulation, or two on one schedule, step by step. It is plain JSON that a view or the replay page can
 * show without knowing which run it is.
 */
export interface Recording {
  readonly format: 1;
  readonly title: string;
  /** What the recording shows, in a sentence or two. */
  readonly about: string;
  /** The lanes in the order in which they are shown. */
  readonly lanes: readonly Lane[];
  /** One run, or two with equally many steps. */
  readonly runs: readonly RecordedRun[];
  /**
   * The first step after which clients of the two runs get different answers; null when there is none, or only one run.
   */
  readonly parting: number | null;
}

export interface Lane {
  readonly id: string;
  readonly title: string;
}

export interface RecordedRun {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly steps: readonly RecordedStep[];
  readonly verdict: Verdict;
}

export interface Verdict {
  readonly good: boolean;
  readonly text: string;
}

export interface RecordedStep {
  /** Milliseconds of the simulation's own time since the first step. */
  readonly atMs: number;
  /** Null for a step in which nobody acts: the zone before the run. */
  readonly lane: string | null;
  /** The mark of the step in its lane. */
  readonly mark: StepMark;
  /** What happened, without its subject. */
  readonly headline: string;
  readonly calls: readonly RecordedCall[];
  readonly zone: ZonePicture;
  /** What must never happen and happened in this step. */
  readonly alarms: readonly string[];
}

/**
 * wrote: the zone or the log changed; looked: nothing changed; refused: a write was refused; stopped: the actor cannot
 * go on.
 */
export type StepMark = 'wrote' | 'looked' | 'refused' | 'stopped';

/** A call of a port, or `times` equal calls in a row when it was a wait. */
export interface RecordedCall {
  readonly site: string;
  readonly detail: string;
  readonly times: number;
  /** Null where the answer is of no interest. */
  readonly answer: string | null;
  readonly refused: boolean;
}

/** Puts runs together. @throws InvariantViolated when two runs do not have the same steps. */
export function makeRecording(parts: Omit<Recording, 'format' | 'parting'>): Recording {
  const [first, second] = parts.runs;
  invariant(first !== undefined && parts.runs.length <= 2, 'a recording has one run or two');
  const lanes = new Set(parts.lanes.map(({ id }) => id));
  for (const { steps } of parts.runs) {
    invariant(steps.length === first.steps.length, 'the runs of a recording have equally many steps');
    for (const { lane } of steps) invariant(lane === null || lanes.has(lane), `there is no lane ${lane}`);
  }
  const parting =
    second === undefined ? -1 : first.steps.findIndex((step, at) => differs(step, second.steps[at]));
  return { format: 1, ...parts, parting: parting < 0 ? null : parting };
}

function differs(one: RecordedStep, other: RecordedStep | undefined): boolean {
  const destinations = (step: RecordedStep | undefined) =>
    JSON.stringify(step?.zone.endpoints.map(({ root, answer }) => [root?.target ?? null, answer]) ?? []);
  return destinations(one) !== destinations(other);
}

/** What must never happen to clients: a root that goes back, or a name that loses its answer. Pure. */
export function alarmsBetween(before: ZonePicture, after: ZonePicture): readonly string[] {
  return after.endpoints.flatMap((endpoint) => {
    const was = before.endpoints.find(({ name }) => name === endpoint.name);
    return was === undefined ? [] : [...wentBack(was, endpoint), ...wentEmpty(was, endpoint)];
  });
}

function wentBack(was: EndpointPicture, is: EndpointPicture): readonly string[] {
  const from = was.root?.generation ?? null;
  const to = is.root?.generation ?? null;
  if (from === null || to === null || to >= from) return [];
  return [`${is.name} went back from plan ${from} to plan ${to}.`];
}

function wentEmpty(was: EndpointPicture, is: EndpointPicture): readonly string[] {
  if (!isEmpty(is) || isEmpty(was)) return [];
  return [`${is.name} has no answer: its root points at ${is.root?.target ?? 'nothing'}, which is gone.`];
}

/** True when a resolver gets no answer for the name. */
export function isEmpty({ answer }: EndpointPicture): boolean {
  return answer.values.length === 0;
}
