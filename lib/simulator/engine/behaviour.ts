import { invariant } from '../../plan/invariant.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Answer } from '../ports/port-call.ts';
import type { AnswerLens } from './answer-key.ts';
import { answerKey, BY_EVENTS, BY_STATE } from './answer-key.ts';
import type { Coroutine, Stop, Workflow } from './coroutine.ts';
import { createCoroutine } from './coroutine.ts';

/**
 * One point in an actor's run. A workflow makes no choices of its own. So its answers so far, with the times that its
 * clock showed, determine its local state. Two runs in which these are the same share the local state, and the
 * workflow's code does not run again.
 */
export interface LocalState {
  /** Unique among the local states of one process, and the same in every run. */
  readonly id: number;
  readonly stop: Stop;
  /** The last answer that its actor got; undefined before its first call. */
  readonly answer: Answer | undefined;
  /**
   * A number for each permutation of names. Two local states have the same number when one of them becomes the other by
   * an exchange of names in all answers so far and in the name of its actor. Empty when there are no permutations.
   */
  readonly images: readonly number[];
}

/** All local states of one actor that were met so far. All of it comes from running the production code. */
export interface Behaviour {
  /** The local state of the actor's first call. */
  begin(now: number): Promise<LocalState>;
  /** The local state after this answer. It is returned at once when it was met before. */
  after(local: LocalState, answer: Answer, now: number): LocalState | Promise<LocalState>;
}

/** The number of local states from which on all of them are forgotten. Some of them hold a suspended workflow. */
const LOCAL_STATES_MAX = 150_000;

interface Node extends LocalState {
  readonly parent: { readonly node: Node; readonly now: number } | undefined;
  readonly startedAt: number;
  /** By answer: the one next local state, or one for each time when the workflow read its clock in between. */
  readonly next: Map<string, Node | Map<number, Node>>;
  /** The workflow itself, suspended here; undefined once it has gone on. */
  parked: Coroutine | undefined;
}

/** The behaviours of all actors by name. They share one count of local states and are forgotten together. */
export interface Behaviours {
  of(name: string, workflow: () => Workflow): Behaviour;
  /**
   * From now on every local state has an image for each of these permutations of names. All earlier local states are
   * forgotten.
   */
  permute(lenses: readonly AnswerLens[]): void;
  /** Forgets all local states when there are too many. Call it only between two runs. */
  trim(): void;
}

/**
 * @param forgets whether local states are merged when the workflow reports that they are the same. A search then has
 * far fewer states. It rests on that report, which is checked wherever two local states are merged.
 * @param isAtomic whether a refused batch leaves nothing behind, as on Route 53.
 */
export function createBehaviours(forgets: boolean, isAtomic = true): Behaviours {
  let known = new Map<string, Behaviour>();
  let size = 0;
  let ids = 0;
  let lenses: readonly AnswerLens[] = [];
  let images = new Map<string, number>();
  const census: Census = {
    newId: () => {
      size += 1;
      ids += 1;
      return ids;
    },
    imagesOf: (text) =>
      lenses.map((lens, index) => {
        const key = fingerprint(text(lens, index));
        const known = images.get(key) ?? images.size;
        images.set(key, known);
        return known;
      }),
  };
  const forget = (): void => {
    known = new Map();
    images = new Map();
    size = 0;
  };
  return {
    of: (name, workflow) => {
      const there = known.get(name);
      if (there !== undefined) return there;
      const made = createBehaviour(name, runsOf(name, workflow(), isAtomic), census, forgets);
      known.set(name, made);
      return made;
    },
    trim: () => {
      if (size >= LOCAL_STATES_MAX) forget();
    },
    permute: (others) => {
      lenses = others;
      forget();
    },
  };
}

/** Gives numbers to local states. */
interface Census {
  newId(): number;
  /** @param text the description of a local state with names exchanged. Equal texts have equal images. */
  imagesOf(text: (lens: AnswerLens, index: number) => string): readonly number[];
}

/** New runs of a workflow. */
type Runs = () => Coroutine;

function runsOf(name: string, workflow: Workflow, isAtomic: boolean): Runs {
  return () => createCoroutine(name, workflow, isAtomic);
}

function createBehaviour(name: string, runs: Runs, { newId, imagesOf }: Census, forgets: boolean): Behaviour {
  const roots = new Map<number, Node>();
  const forgetful = new Map<string, Node>();
  const first = async (now: number): Promise<Node> => {
    const coroutine = runs();
    const stop = await coroutine.start(now);
    const images = imagesOf((lens) => `${lens.text(name)} ${now}`);
    return newNode({ id: newId(), stop, answer: undefined, images }, undefined, now, coroutine);
  };
  const learn = async (node: Node, answer: Answer, key: string, now: number): Promise<Node> => {
    const coroutine = node.parked ?? (await relive(node, name, runs));
    node.parked = undefined;
    const stop = await coroutine.resume(answer, now);
    const looked = coroutine.lookedAtClock();
    const { memory, moved } = forgets ? await memoryOf(coroutine, stop, now) : NOTHING_KNOWN;
    const twin = memory === undefined ? undefined : forgetful.get(memory);
    const image = (lens: AnswerLens, index: number): string =>
      memory === undefined
        ? `${node.images[index]} ${now} ${answerKey(answer, lens)}`
        : `${lens.text(name)} ${lens.text(memory)}`;
    const create = (): Node => {
      const local = { id: newId(), stop, answer, images: imagesOf(image) };
      return newNode(local, { node, now }, node.startedAt, moved ? undefined : coroutine);
    };
    const made = twin ?? create();
    if (memory !== undefined && twin === undefined) forgetful.set(memory, made);
    const beyond = twin === undefined ? undefined : continued(twin);
    if (beyond !== undefined) {
      const again = moved ? await relive(node, name, runs) : coroutine;
      if (moved) await again.resume(answer, now);
      await compare(again, beyond, name);
    }
    if (moved || twin !== undefined) coroutine.abandon();
    if (!looked) {
      node.next.set(key, made);
      return made;
    }
    const times = node.next.get(key);
    if (times instanceof Map) times.set(now, made);
    else node.next.set(key, new Map([[now, made]]));
    return made;
  };
  return {
    begin: async (now) => {
      const root = roots.get(now) ?? (await first(now));
      roots.set(now, root);
      return root;
    },
    after: (local, answer, now) => {
      const node = local as Node;
      const key = answerKey(answer, forgets ? BY_STATE : BY_EVENTS);
      const next = node.next.get(key);
      const there = next instanceof Map ? next.get(now) : next;
      return there ?? learn(node, answer, key, now);
    },
  };
}

function newNode(
  local: LocalState,
  parent: Node['parent'],
  startedAt: number,
  coroutine: Coroutine | undefined,
): Node {
  const parked = local.stop.type === 'call' ? coroutine : undefined;
  return { ...local, parent, startedAt, next: new Map(), parked };
}

/** Runs the workflow again up to a local state that it has left, with the answers that it got then. */
async function relive(node: Node, name: string, runs: Runs): Promise<Coroutine> {
  const path: Node[] = [];
  for (let at: Node | undefined = node; at !== undefined; at = at.parent?.node) path.push(at);
  const coroutine = runs();
  let stop = await coroutine.start(node.startedAt);
  for (const { answer, parent, stop: wanted } of path.reverse()) {
    if (answer !== undefined && parent !== undefined) stop = await coroutine.resume(answer, parent.now);
    invariant(sameStop(stop, wanted), `${name} does not do the same on the same answers`);
  }
  return coroutine;
}

interface Known {
  /** All that the workflow still remembers in this local state; undefined when it may remember anything. */
  readonly memory: string | undefined;
  /** Whether the run that was asked has gone on. */
  readonly moved: boolean;
}

const NOTHING_KNOWN: Known = { memory: undefined, moved: false };

/** The largest number of stops in one look ahead. */
const AHEAD_MAX = 50;

async function memoryOf(coroutine: Coroutine, stop: Stop, now: number): Promise<Known> {
  const recollection = coroutine.memory();
  if (recollection === undefined) return { memory: endOf(stop), moved: false };
  const { known, ahead } = recollection;
  if (ahead === undefined) return { memory: known, moved: false };
  for (let at = stop, stops = 0; stops < AHEAD_MAX; stops += 1) {
    const seen = ahead(at);
    if (seen.type === 'seen')
      return { memory: seen.known === undefined ? undefined : `${known} ${seen.known}`, moved: true };
    at = await coroutine.resume(seen.answer, now);
  }
  return { memory: undefined, moved: true };
}

/** An actor that has ended does nothing any more. Others see only the kind of its end. */
function endOf(stop: Stop): string | undefined {
  switch (stop.type) {
    case 'call':
      return undefined;
    case 'done':
      return `done ${kindOf(stop.outcome)}`;
    case 'failed':
      return `failed ${stop.error instanceof Error ? stop.error.name : ''}`;
  }
}

function kindOf(outcome: unknown): string {
  return typeof outcome === 'object' && outcome !== null && 'type' in outcome ? String(outcome.type) : '';
}

/** A local state that follows this one; undefined when nobody has gone on from it. */
function continued(node: Node): Node | undefined {
  for (const branch of node.next.values()) {
    const next = branch instanceof Map ? [...branch.values()][0] : branch;
    if (next?.parent?.node === node) return next;
  }
  return undefined;
}

/**
 * Checks that a merged local state does the same next as the one it was merged with, as far as that one has gone on.
 */
async function compare(
  coroutine: Coroutine,
  { answer, parent, stop: wanted }: Node,
  name: string,
): Promise<void> {
  if (answer === undefined || parent === undefined) return;
  const stop = await coroutine.resume(answer, parent.now);
  invariant(sameStop(stop, wanted), `${name} remembers more between its passes than it says`);
}

function sameStop(a: Stop, b: Stop): boolean {
  if (a.type !== 'call' || b.type !== 'call') return a.type === b.type;
  return a.call.site === b.call.site && a.call.detail === b.call.detail;
}
