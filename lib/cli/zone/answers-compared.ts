import type { CellFleet } from '../../plan/fleet-model.ts';
import type { DnsName } from '../../plan/names.ts';
import type { Leaf, LeafType } from '../../plan/plan.ts';
import { rootTypes } from '../../plan/plan.ts';
import type { DnsServerAddress } from '../../resolve/dns-transport.ts';
import type { ResolveCounts } from '../../resolve/resolve.ts';
import { resolveMany } from '../../resolve/resolve.ts';
import { socketTransport } from '../../resolve/socket-transport.ts';
import type { World } from '../../wiring/world.ts';

/** A name and type that clients ask for, with what is planned for it. */
export interface AskedName {
  readonly name: DnsName;
  readonly type: LeafType;
  /** Values in presentation form; undefined where an alias answers, of which nobody knows the values. */
  readonly planned: ReadonlySet<string> | undefined;
}

/** What a name server answered, by `name type`. */
export type Answered = ReadonlyMap<string, ResolveCounts>;

/** What differs between two times; a name is in one list at most. */
export interface ComparedAnswers {
  readonly asked: number;
  /** Answered before, and now by nothing, or not always. */
  readonly missing: readonly string[];
  /** Answers with something that neither stood there before nor is planned. */
  readonly others: readonly string[];
}

/** Queries a name and type: enough that a name which fails for one of several servers' records shows. */
const QUERIES = 4;

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
  server: DnsServerAddress,
  names: readonly AskedName[],
): Promise<Answered> {
  const answered = new Map<string, ResolveCounts>();
  const deps = { clock, randomness, connect: socketTransport };
  for (const { name, type } of names) {
    const counts = await resolveMany(deps, { server, name, types: [type], count: QUERIES, recursion: false });
    answered.set(`${name} ${type}`, counts);
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
  for (const { name, type, planned } of names) {
    const key = `${name} ${type}`;
    const [then, now] = [before.get(key), after.get(key)];
    const answeredBefore = then !== undefined && isAnswer(then);
    if (now === undefined || !isAnswer(now)) {
      if (answeredBefore) missing.push(key);
      continue;
    }
    if (planned === undefined) continue;
    const known = new Set([...planned, ...(then?.answers.keys() ?? [])].map(comparable));
    if ([...now.answers.keys()].some((value) => !known.has(comparable(value)))) others.push(key);
  }
  return { asked: names.length, missing, others };
}

/** Whether every query was answered with a value. */
function isAnswer({ rcodes, errors, empty }: ResolveCounts): boolean {
  return errors.size === 0 && empty === 0 && [...rcodes.keys()].every((rcode) => rcode === 'NOERROR');
}

/** A name with its trailing dot and one without are the same. */
function comparable(value: string): string {
  return value.toLowerCase().replace(/\.$/, '');
}
