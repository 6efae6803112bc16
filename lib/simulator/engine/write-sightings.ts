import type { RecordSet } from '../../plan/records.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import { outcomeOf } from '../ports/port-call.ts';
import type { Sighting, Sightings } from './sightings.ts';
import { sighting } from './sightings.ts';

/** What was there when a request was answered. */
export interface Scene {
  readonly before: readonly RecordSet[];
  /** True while somebody who has begun to freeze the cell is not done. */
  readonly freezing: boolean;
  /** Who was the first to stage which generation in this run. */
  readonly stagers: Map<string, string>;
}

/** A request that may write, as far as a situation shows in it. */
interface Write extends Scene {
  readonly actor: string;
  /** The batch's kind, or the event's type. */
  readonly what: string;
  readonly detail: string;
  readonly outcome: string;
  /** Who was the first to stage what a batch is about. */
  readonly stager: string | undefined;
}

/** Each situation with how it shows in a write and its answer. */
const SEEN: readonly { readonly is: (write: Write) => boolean; readonly sighting: Sighting }[] = [
  {
    is: ({ outcome }) => outcome === 'rejected',
    sighting: sighting('a fence was lost'),
  },
  {
    is: ({ outcome, freezing, what }) => outcome === 'accepted' && freezing && what !== 'freeze',
    sighting: sighting('a freeze was in flight at a commit'),
  },
  {
    is: ({ outcome, what }) => outcome === 'accepted' && what === 'repair',
    sighting: sighting('a tree was repaired in place'),
  },
  {
    is: ({ outcome, what }) => outcome === 'accepted' && what === 'fence',
    sighting: sighting('a fence was made anew'),
  },
  {
    is: ({ outcome, what, stager, actor }) =>
      outcome === 'accepted' && what === 'flip' && stager !== undefined && stager !== actor,
    sighting: sighting('a plan was applied that another had staged'),
  },
  {
    is: ({ outcome, what, before }) =>
      outcome === 'accepted' &&
      what === 'flip' &&
      !before.some(({ name }) => name.startsWith('rollback.api.')),
    sighting: sighting('a rollback root was missing at a flip'),
  },
  {
    is: ({ outcome, what }) => outcome === 'lost' && what === 'TreesRetired',
    sighting: sighting('a retirement lost its place in the log'),
  },
  {
    is: ({ outcome, what }) => outcome === 'appended' && what === 'FenceAhead',
    sighting: sighting('a goal was reissued above a fence that was ahead'),
  },
  {
    is: ({ outcome, detail }) => outcome === 'appended' && detail.startsWith('PlanApplied (observed)'),
    sighting: sighting('a flip was recorded by another'),
  },
  {
    is: ({ outcome, detail }) => outcome === 'appended' && detail.startsWith('PlanApplied (repair)'),
    sighting: sighting('the same generation was applied again'),
  },
];

/** Notes every situation that shows in a write and its answer. */
export function noteWrite(sightings: Sightings, scene: Scene, call: PendingCall, answer: Answer): void {
  const { actor, detail } = call;
  const [what = ''] = detail.split(/[: ]/);
  const outcome = outcomeOf(answer);
  const generation = /@(\d+)/.exec(detail)?.[1] ?? '';
  const { stagers } = scene;
  if (outcome === 'accepted' && what === 'stage' && !stagers.has(generation)) stagers.set(generation, actor);
  const write: Write = { ...scene, actor, what, detail, outcome, stager: stagers.get(generation) };
  for (const { is, sighting } of SEEN) if (is(write)) sightings.note(sighting);
}
