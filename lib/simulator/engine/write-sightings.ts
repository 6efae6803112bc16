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
  /** True while somebody who has begun to freeze the cell is not done. */
  readonly freezing: boolean;
  /** Who was the first to stage which generation in this run. */
  readonly stagers: Map<string, Stager>;
}

/** Who began what a flip finishes. */
export type Stager = Pick<PendingCall, 'actor' | 'release'>;

/** A request that may write, as far as a situation shows in it. */
interface Write extends Scene {
  readonly actor: string;
  readonly release: ActorRelease;
  /** The batch's kind, or the event's type. */
  readonly what: string;
  readonly detail: string;
  readonly outcome: string;
  /** Who was the first to stage what a batch is about. */
  readonly stager: Stager | undefined;
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

/** Notes every situation that shows in a write and its answer. */
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

/** Notes who wrote two events of which one follows the other. */
export function noteReleases(sightings: Sightings, before: WrittenBy | undefined, written: WrittenBy): void {
  const isSeen = before?.pawl === THIS_RELEASE.pawl && written.pawl === RELEASE_BEFORE.pawl;
  if (isSeen) sightings.note(BEFORE_AFTER_THIS);
}
