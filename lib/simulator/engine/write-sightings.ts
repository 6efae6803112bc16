import { THIS_RELEASE } from '../../ledger/stored-event.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import { outcomeOf } from '../ports/port-call.ts';
import type { ActorRelease } from '../ports/releases.ts';
import { RELEASE_BEFORE } from '../ports/releases.ts';
import type { Sighting, Sightings } from './sightings.ts';
import { sighting } from './sightings.ts';

/** What was there when a request was answered. */
export interface Scene {
  readonly before: readonly RecordSet[];
  /** True while an actor that has begun to freeze the cell has not ended. */
  readonly freezing: boolean;
  /** For each generation, the actor that was the first to stage it in this run. */
  readonly stagers: Map<string, Stager>;
}

/** The actor that began what a flip finishes. */
export type Stager = Pick<PendingCall, 'actor' | 'release'>;

/** A request that may write, with what a situation depends on. */
interface Write extends Scene {
  readonly actor: string;
  readonly release: ActorRelease;
  /** The kind of the batch, or the type of the event. */
  readonly what: string;
  readonly detail: string;
  readonly outcome: string;
  /** The actor that was the first to stage the batch's generation. */
  readonly stager: Stager | undefined;
}

/** Each situation, with the condition on a write and its answer. */
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
      outcome === 'accepted' && what === 'flip' && stager !== undefined && stager.actor !== actor,
    sighting: sighting('a plan was applied that another had staged'),
  },
  {
    is: ({ outcome, what, stager, release }) =>
      outcome === 'accepted' && what === 'flip' && stager !== undefined && stager.release !== release,
    sighting: sighting('a flip was begun by one release and finished by the other'),
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

/** Counts every situation that a write and its answer show. */
export function noteWrite(sightings: Sightings, scene: Scene, call: PendingCall, answer: Answer): void {
  const { actor, release, detail } = call;
  const [what = ''] = detail.split(/[: ]/);
  const outcome = outcomeOf(answer);
  const generation = /@(\d+)/.exec(detail)?.[1] ?? '';
  const { stagers } = scene;
  if (outcome === 'accepted' && what === 'stage' && !stagers.has(generation))
    stagers.set(generation, { actor, release });
  const write: Write = { ...scene, actor, release, what, detail, outcome, stager: stagers.get(generation) };
  for (const { is, sighting } of SEEN) if (is(write)) sightings.note(sighting);
}

const BEFORE_AFTER_THIS = sighting('the release before wrote an event after one of this release');

/** Counts the situations that the writers of two successive events show. */
export function noteReleases(sightings: Sightings, before: WrittenBy | undefined, written: WrittenBy): void {
  const isSeen = before?.pawl === THIS_RELEASE.pawl && written.pawl === RELEASE_BEFORE.pawl;
  if (isSeen) sightings.note(BEFORE_AFTER_THIS);
}
