import type { RecordSet } from '../plan/records.ts';
import type { Answer, PendingCall } from './port-call.ts';

/** Counts how often each interesting situation was really met: a search that never meets it proves nothing about it. */
export interface Sightings {
  note(what: Sighting): void;
  counts(): Readonly<Record<string, number>>;
  /** A fault hit an actor in a call. */
  fault(role: string, call: PendingCall, fault: string): void;
  /** A request whose caller was gone reached the world. */
  landed(answer: Answer): void;
  /** A request that may write was answered. */
  wrote(scene: Scene, call: PendingCall, answer: Answer): void;
}

/** Situations that a campaign must have met, each by a name of its own. */
export const SIGHTINGS = [
  'a fence was lost',
  'a plan was applied that another had staged',
  'a request landed late and took effect',
  'a request landed late in vain',
  'a tree was repaired in place',
  'the same generation was applied again',
  'a rollback root was missing at a flip',
  'a freeze was in flight at a commit',
  'a goal was reissued above a fence that was ahead',
  'a retirement lost its place in the log',
  'a flip was recorded by another',
  'a fence was made anew',
  'an outage began',
  'an outage ended',
  'ended at goal',
  'ended frozen',
  'ended other ledger',
] as const;

export type Sighting = (typeof SIGHTINGS)[number];

/** What was there when a request was answered. */
export interface Scene {
  readonly before: readonly RecordSet[];
  /** True while somebody who has begun to freeze the cell is not done. */
  readonly freezing: boolean;
  /** Who staged which generation in this run. */
  readonly stagers: Map<string, string>;
}

export function createSightings(): Sightings {
  const counts = new Map<string, number>();
  const add = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  const note = (what: Sighting): void => add(what);
  return {
    note,
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    fault: (role, call, fault) => add(`fault ${role} ${siteOf(call)} ${fault}`),
    landed: (answer) => {
      const took = ['accepted', 'appended'].includes(outcomeOf(answer));
      note(took ? 'a request landed late and took effect' : 'a request landed late in vain');
    },
    wrote: (scene, call, answer) => {
      if (call.site === 'zone.change') changed(scene, call, outcomeOf(answer), note);
      else told(call, outcomeOf(answer), note);
    },
  };
}

function changed(
  { before, freezing, stagers }: Scene,
  { actor, detail }: PendingCall,
  outcome: string,
  note: (what: Sighting) => void,
): void {
  if (outcome === 'rejected') note('a fence was lost');
  if (outcome !== 'accepted') return;
  const [kind = ''] = detail.split(':');
  const generation = /@(\d+)/.exec(detail)?.[1] ?? '';
  if (freezing && kind !== 'freeze') note('a freeze was in flight at a commit');
  if (kind === 'stage' && !stagers.has(generation)) stagers.set(generation, actor);
  if (kind === 'repair') note('a tree was repaired in place');
  if (kind === 'fence') note('a fence was made anew');
  if (kind !== 'flip') return;
  const stager = stagers.get(generation);
  if (stager !== undefined && stager !== actor) note('a plan was applied that another had staged');
  if (!before.some(({ name }) => name.startsWith('rollback.api.')))
    note('a rollback root was missing at a flip');
}

function told({ detail }: PendingCall, outcome: string, note: (what: Sighting) => void): void {
  const [event] = detail.split(' ');
  if (event === 'TreesRetired' && outcome === 'lost') note('a retirement lost its place in the log');
  if (outcome !== 'appended') return;
  if (event === 'FenceAhead') note('a goal was reissued above a fence that was ahead');
  if (detail.startsWith('PlanApplied (observed)')) note('a flip was recorded by another');
  if (detail.startsWith('PlanApplied (repair)')) note('the same generation was applied again');
}

/** The call site as the fault matrix counts it: port, verb, and what is written. */
export function siteOf({ site, detail, effect }: PendingCall): string {
  if (effect !== 'write') return site;
  return `${site} ${detail.split(/[: ]/)[0] ?? ''}`;
}

function outcomeOf(answer: Answer): string {
  if (answer.type === 'error') return 'error';
  const { value } = answer;
  if (typeof value !== 'object' || value === null || !('type' in value)) return '';
  return String(value.type);
}
