import { invariant } from '../../plan/invariant.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Answer } from '../ports/port-call.ts';
import type { AnswerLens } from './answer-key.ts';
import { answerKey, BY_EVENTS, BY_STATE } from './answer-key.ts';
import type { Coroutine, Stop, Workflow } from './coroutine.ts';
import { createCoroutine } from './coroutine.ts';

/**
 * One point in an actor's life. A workflow has no choices of its own, so its answers so far, and the times that its
 * clock showed, say where it is: two runs in which they are the same share the local state, and the workflow's code is
 * not run again.
 */
export interface LocalState {
  /** The same in every run of one process, and of no other local state. */
  readonly id: number;
  readonly stop: Stop;
  /** What its actor was answered last; undefined before its first call. */
  readonly answer: Answer | undefined;
  /**
   * For each permutation of names a number: the same for two local states of which one is the other with the names
   * exchanged in all that was answered so far, and in its actor's own name. Empty when no permutation was ever named.
   */
  readonly images: readonly number[];
}

/** One actor's whole behaviour, as far as it has been met. Every bit of it comes from running the production code. */
export interface Behaviour {
  /** The local state of its first call. */
  begin(now: number): Promise<LocalState>;
  /** Where this answer leads; at once when it was met before. */
  after(local: LocalState, answer: Answer, now: number): LocalState | Promise<LocalState>;
}

/**
 * How many local states may be kept before everything is forgotten; a local state holds a suspended workflow now and
 * then.
 */
const LOCAL_STATES_MAX = 150_000;

interface Node extends LocalState {
  readonly parent: { readonly node: Node; readonly now: number } | undefined;
  readonly startedAt: number;
  /** By answer: the one next local state, or one a time when the workflow looked at its clock meanwhile. */
  readonly next: Map<string, Node | Map<number, Node>>;
  /** The workflow itself, suspended here; gone once it has gone on. */
  parked: Coroutine | undefined;
}

/** Behaviours by actor's name, which share a count of local states and forget together. */
export interface Behaviours {
  of(name: string, workflow: () => Workflow): Behaviour;
  /**
   * From now on every local state has an image for each of these permutations of names; all local states so far are
   * forgotten.
   */
  permute(lenses: readonly AnswerLens[]): void;
  /** Forgets all when there is too much; only between two runs. */
  trim(): void;
}

/**
 * @param forgets whether local states that a workflow says are the same are taken for one: far fewer states to search,
 * and an assumption, however often it is checked.
 */
export function createBehaviours(forgets: boolean): Behaviours {
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
      const made = createBehaviour(name, workflow(), census, forgets);
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

/** Numbers for local states. */
interface Census {
  newId(): number;
  /** @param text what a local state is, with names exchanged; equal texts have equal images. */
  imagesOf(text: (lens: AnswerLens, index: number) => string): readonly number[];
}

function createBehaviour(
  name: string,
  workflow: Workflow,
  { newId, imagesOf }: Census,
  forgets: boolean,
): Behaviour {
  const roots = new Map<number, Node>();
  const forgetful = new Map<string, Node>();
  const first = async (now: number): Promise<Node> => {
    const coroutine = createCoroutine(name, workflow);
    const stop = await coroutine.start(now);
    const images = imagesOf((lens) => `${lens.text(name)} ${now}`);
    return newNode({ id: newId(), stop, answer: undefined, images }, undefined, now, coroutine);
  };
  const learn = async (node: Node, answer: Answer, key: string, now: number): Promise<Node> => {
    const coroutine = node.parked ?? (await relive(node, name, workflow));
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
      const again = moved ? await relive(node, name, workflow) : coroutine;
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

/** Runs the workflow anew up to a local state from which it has gone on already, with the answers it was given then. */
async function relive(node: Node, name: string, workflow: Workflow): Promise<Coroutine> {
  const path: Node[] = [];
  for (let at: Node | undefined = node; at !== undefined; at = at.parent?.node) path.push(at);
  const coroutine = createCoroutine(name, workflow);
  let stop = await coroutine.start(node.startedAt);
  for (const { answer, parent, stop: wanted } of path.reverse()) {
    if (answer !== undefined && parent !== undefined) stop = await coroutine.resume(answer, parent.now);
    invariant(sameStop(stop, wanted), `${name} does not do the same on the same answers`);
  }
  return coroutine;
}

interface Known {
  /** All that the workflow still knows where it stands; undefined when it may know anything. */
  readonly memory: string | undefined;
  /** Whether the run that was asked has gone on meanwhile. */
  readonly moved: boolean;
}

const NOTHING_KNOWN: Known = { memory: undefined, moved: false };

/** Stops that a look ahead may lead to. */
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

/** Who has ended does nothing any more: all that anybody sees of it is the kind of its end. */
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

/** Where a local state was seen to lead; undefined when nobody has gone on from it. */
function continued(node: Node): Node | undefined {
  for (const branch of node.next.values()) {
    const next = branch instanceof Map ? [...branch.values()][0] : branch;
    if (next?.parent?.node === node) return next;
  }
  return undefined;
}

/** A local state that was taken for another one must do the same next, as far as the other has gone on. */
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
