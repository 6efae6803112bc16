import type { CellFleet } from '../../plan/fleet-model.ts';
import type { DnsName } from '../../plan/names.ts';
import type { Leaf, LeafType } from '../../plan/plan.ts';
import { rootTypes } from '../../plan/plan.ts';
import type { ResolveCounts } from '../../resolve/resolve.ts';
import { resolveMany } from '../../resolve/resolve.ts';
import { socketTransport } from '../../resolve/socket-transport.ts';
import type { World } from '../../wiring/world.ts';
import { some } from '../printing/event-text.ts';
import { counted } from '../printing/paper.ts';
import type { WhomToAsk } from './whom-to-ask.ts';

/** A name and type that clients ask for, with what is planned for it. */
export interface AskedName {
  readonly name: DnsName;
  readonly type: LeafType;
  /** Values in presentation form; undefined where an alias answers, of which nobody knows the values. */
  readonly planned: ReadonlySet<string> | undefined;
}

/** What a name server answered, by `name type`; without those that were not asked any more. */
export type Answered = ReadonlyMap<string, ResolveCounts>;

/** What differs between two times; a name is in one list at most. */
export interface ComparedAnswers {
  readonly asked: number;
  /** Answered before, and now by nothing, or not always. */
  readonly missing: readonly string[];
  /** Answers with something that neither stood there before nor is planned. */
  readonly others: readonly string[];
  /** The server said nothing before, or was not asked any more: nobody knows what these answer to clients. */
  readonly unasked: readonly string[];
}

/** Queries a name and type: enough that a name which fails for one of several servers' records shows. */
const QUERIES = 4;
/** After so many questions in a row without any reply a server is not asked any more. */
const SILENCES_MAX = 8;

/** Everything that clients ask of these endpoints. */
export function askedNames(
  endpoints: readonly Pick<CellFleet['endpoints'][number], 'name'>[],
  leavesOf: (name: DnsName) => readonly Leaf[],
): readonly AskedName[] {
  return endpoints.flatMap(({ name }) => {
    const leaves = leavesOf(name);
    return rootTypes({ leaves }).map((type) => {
      const own = leaves.filter((leaf) => leaf.type === type);
      const planned = own.some(({ alias }) => alias !== undefined)
        ? undefined
        : new Set(own.flatMap(({ values = [] }) => values.map(comparable)));
      return { name, type, planned };
    });
  });
}

/** Asks one name server for each of them. A failure is in the counts. */
export async function askAll(
  { clock, randomness }: Pick<World, 'clock' | 'randomness'>,
  { server, recursion }: Extract<WhomToAsk, { type: 'server' }>,
  names: readonly AskedName[],
): Promise<Answered> {
  const answered = new Map<string, ResolveCounts>();
  const deps = { clock, randomness, connect: socketTransport };
  let silences = 0;
  for (const { name, type } of names) {
    const counts = await resolveMany(deps, { server, name, types: [type], count: QUERIES, recursion });
    answered.set(`${name} ${type}`, counts);
    silences = counts.rcodes.size === 0 ? silences + 1 : 0;
    if (silences === SILENCES_MAX) break;
  }
  return answered;
}

/** Holds the answers of now against those of before and what is planned. Pure. */
export function compareAnswers(
  names: readonly AskedName[],
  before: Answered,
  after: Answered,
): ComparedAnswers {
  const missing: string[] = [];
  const others: string[] = [];
  const unasked: string[] = [];
  for (const { name, type, planned } of names) {
    const key = `${name} ${type}`;
    const [then, now] = [before.get(key), after.get(key)];
    if (then === undefined || then.rcodes.size === 0 || now === undefined) {
      unasked.push(key);
      continue;
    }
    if (!isAnswer(now)) {
      if (isAnswer(then)) missing.push(key);
      continue;
    }
    if (planned === undefined) continue;
    const known = new Set([...planned, ...then.answers.keys()].map(comparable));
    if ([...now.answers.keys()].some((value) => !known.has(comparable(value)))) others.push(key);
  }
  return { asked: names.length, missing, others, unasked };
}

/** Whether every query was answered with a value. */
function isAnswer({ rcodes, errors, empty }: ResolveCounts): boolean {
  return errors.size === 0 && empty === 0 && [...rcodes.keys()].every((rcode) => rcode === 'NOERROR');
}

/** A name with its trailing dot and one without are the same. */
function comparable(value: string): string {
  return value.toLowerCase().replace(/\.$/, '');
}

/** What a person is told of the comparison. */
export function comparedText({ asked, missing, others, unasked }: ComparedAnswers): string {
  const lines = [`${counted(asked, 'question')} asked before and after.`];
  if (missing.length > 0) lines.push(`Without an answer now: ${some(missing)}.`);
  if (others.length > 0) lines.push(`With an answer that nobody planned: ${some(others)}.`);
  if (unasked.length > 0) lines.push(`Nothing is known of ${some(unasked)}: the DNS server did not reply.`);
  const which = unasked.length === 0 ? 'All answer' : 'The others answer';
  if (missing.length + others.length === 0 && unasked.length < asked)
    lines.push(`${which} as before, or as planned.`);
  return `${lines.join(' ')}\n`;
}
