import type { Lane } from '../recording/recording.ts';
import type { Cast, Landmark } from './outage-cast.ts';

/** One entry of the schedule: which lane acts, and where it halts. It is the same for both casts. */
export interface Turn {
  readonly lane: 'planner' | 'enactor-a' | 'enactor-b' | 'enactor-c' | 'janitor';
  /** The number of minutes that pass first. */
  readonly afterMinutes: number;
  readonly move: Move;
  /** What the turn results in, for the reference and for Pawl. */
  readonly tells: Readonly<Record<Cast['id'], string>>;
}

/** Where an actor halts: before a landmark, after one call, or at its end. */
export type Halt = Landmark | 'one-call' | 'end';

export type Move =
  | { readonly type: 'plan'; readonly upTo: number }
  /** `fresh`: a new run begins. Otherwise the last run of the lane goes on. */
  | { readonly type: 'enact'; readonly fresh: boolean; readonly until: Halt }
  | { readonly type: 'clean-up'; readonly after: string };

/** The lanes in the order in which they are shown. */
export const LANES: readonly Lane[] = [
  { id: 'planner', title: 'Planner' },
  { id: 'enactor-a', title: 'Enactor A' },
  { id: 'enactor-b', title: 'Enactor B' },
  { id: 'enactor-c', title: 'Enactor C' },
  { id: 'janitor', title: 'Clean-up' },
];

const both = (text: string) => ({ reference: text, pawl: text });

/**
 * 20 October 2025. Enactor A decides to apply plan 110, and stalls before its first write. More plans follow. Enactor B
 * applies plan 145. A wakes up and goes on with its decision. The clean-up runs. Everybody tries again.
 */
export const SCHEDULE: readonly Turn[] = [
  {
    lane: 'planner',
    afterMinutes: 0,
    move: { type: 'plan', upTo: 110 },
    tells: both('appends plan 110.'),
  },
  {
    lane: 'enactor-a',
    afterMinutes: 0,
    move: { type: 'enact', fresh: true, until: 'write' },
    tells: both(
      'sees that plan 110 is newer than 109 and decides to apply it. Before its first write it stalls.',
    ),
  },
  {
    lane: 'planner',
    afterMinutes: 20,
    move: { type: 'plan', upTo: 145 },
    tells: both('appends plans 111 to 145.'),
  },
  {
    lane: 'enactor-b',
    afterMinutes: 0,
    move: { type: 'enact', fresh: true, until: 'flip' },
    tells: {
      reference: 'sees that plan 145 is newer, and writes its tree.',
      pawl: 'stages the tree of plan 145 and waits until every name server has it.',
    },
  },
  {
    lane: 'enactor-b',
    afterMinutes: 0,
    move: { type: 'enact', fresh: false, until: 'clean-up' },
    tells: {
      reference: 'points the root at plan 145. Its clean-up comes next.',
      pawl: 'points the root at plan 145, and in the same batch moves the fence to 145.',
    },
  },
  {
    lane: 'enactor-a',
    afterMinutes: 5,
    move: { type: 'enact', fresh: false, until: 'one-call' },
    tells: {
      reference: 'wakes up and does not look again: it writes the tree of plan 110.',
      pawl: 'wakes up and sends what it had decided. The fence has moved since it was read, so Route 53 refuses the whole batch.',
    },
  },
  {
    lane: 'enactor-a',
    afterMinutes: 0,
    move: { type: 'enact', fresh: false, until: 'end' },
    tells: {
      reference: 'points the root at plan 110: over plan 145.',
      pawl: 'reads everything again, finds plan 145 live, and ends as superseded.',
    },
  },
  {
    lane: 'janitor',
    afterMinutes: 1,
    move: { type: 'clean-up', after: 'enactor-b' },
    tells: {
      reference:
        'deletes every tree older than plan 135, in enactor B’s own process: plan 110 too, which is live.',
      pawl: 'retires the tree of plan 108, proving in the same batch that no root points at it.',
    },
  },
  {
    lane: 'planner',
    afterMinutes: 5,
    move: { type: 'plan', upTo: 146 },
    tells: both('appends plan 146.'),
  },
  {
    lane: 'enactor-c',
    afterMinutes: 0,
    move: { type: 'enact', fresh: true, until: 'end' },
    tells: {
      reference:
        'cannot record the previous target, because it is gone, and gives up before it moves the root.',
      pawl: 'applies plan 146.',
    },
  },
  {
    lane: 'enactor-b',
    afterMinutes: 5,
    move: { type: 'enact', fresh: true, until: 'end' },
    tells: { reference: 'tries too, and gives up at the same place.', pawl: 'finds everything as planned.' },
  },
  {
    lane: 'enactor-a',
    afterMinutes: 5,
    move: { type: 'enact', fresh: true, until: 'end' },
    tells: {
      reference: 'tries too, and gives up. Nobody is left who could repair the zone.',
      pawl: 'finds everything as planned.',
    },
  },
];
