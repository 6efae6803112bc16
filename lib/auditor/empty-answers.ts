import { isFresh, placeOf } from '../cell/insync.ts';
import type { DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';
import { rootTypes } from '../plan/plan.ts';
import { askedPlaces } from './asked-places.ts';
import type { AuditorDeps, AuditReport, AuditRequest, EmptyAnswer, UnaskedPlace } from './auditor.ts';
import type { CellReading } from './read-cell.ts';
import { isStill } from './read-cell.ts';

/** Places from which an audit asks for each endpoint, those of which it knows a client: all Regions, and some more. */
const PLACES_MAX = 48;

/**
 * So many questions for clients without a reply in a row are the last ones of an audit: name servers that cannot be
 * reached would use up its time.
 */
const SILENCE_MAX = 6;

/** The answers that clients get to the questions that were asked. */
export type AskedAnswers = Pick<AuditReport, 'empty' | 'unanswered' | 'asked' | 'unasked'>;

/** The label that replaces the asterisk in a question for a wildcard: no record has it. */
const ANY_LABEL = 'pawl-audit';

export const NOTHING_ASKED: AskedAnswers = { empty: [], unanswered: 0, asked: 0, unasked: [] };

/**
 * Asks over DNS for every root of the applied plan, but not of a private zone, for which only resolvers of its VPCs
 * answer, and only once its flip is INSYNC: before that, a new endpoint has
 * no answer yet. It asks for whoever asks, unless clients elsewhere get no answer by the endpoint's own fleet, and then for
 * a client in every place that a branch is for, as far as anybody knows one: where the time does not suffice, every
 * endpoint was asked for once. See docs/adr/0067-an-audit-asks-from-everywhere.md. `moved`: a flip since the zone was read may have removed the names in the questions.
 */
export async function emptyAnswers(
  deps: AuditorDeps,
  request: AuditRequest,
  reading: CellReading,
): Promise<AskedAnswers | 'moved'> {
  const { resolver, clock } = deps;
  const { applied, private: isPrivate } = reading;
  if (resolver === undefined || isPrivate || applied === undefined || !(await isEverywhere(deps, reading))) {
    return NOTHING_ASKED;
  }
  const { questions, unasked } = await questionsOf(deps, applied.endpoints);
  const empty: EmptyAnswer[] = [];
  let [asked, unanswered, silence] = [0, 0, 0];
  for (const { name, type, asker } of questions) {
    if (clock.now() >= request.deadline || (asker !== undefined && silence >= SILENCE_MAX)) {
      if (asker !== undefined) unasked.push({ place: asker.from, why: 'not-reached' });
      continue;
    }
    const answer = await resolver.answers(askable(name), type, asker?.client);
    asked += 1;
    if (answer === 'unreachable') unanswered += 1;
    if (asker !== undefined) silence = answer === 'unreachable' ? silence + 1 : 0;
    if (answer === 'empty') empty.push({ name, type, ...(asker === undefined ? {} : { from: asker.from }) });
  }
  if (empty.length > 0 && !(await isStill(deps, reading))) return 'moved';
  return { empty, unanswered, asked, unasked: inOrder(unasked) };
}

/** One question; for whoever asks where it has no asker. */
interface Question {
  readonly name: DnsName;
  readonly type: string;
  /** The place, and the IP address of a client there. */
  readonly asker?: { readonly from: string; readonly client: string };
}

/** What is to be asked, questions for clients last, and the places for which nothing can be. */
async function questionsOf(
  { clientAt }: AuditorDeps,
  endpoints: readonly PlannedEndpoint[],
): Promise<{ readonly questions: readonly Question[]; readonly unasked: UnaskedPlace[] }> {
  const [plain, byPlace]: [Question[], Question[]] = [[], []];
  const unasked: UnaskedPlace[] = [];
  for (const endpoint of endpoints) {
    const { places, notOwed, everywhere } = askedPlaces(endpoint);
    const { name } = endpoint;
    const types = rootTypes(endpoint);
    if (everywhere) plain.push(...types.map((type) => ({ name, type })));
    unasked.push(...notOwed.map((place) => ({ place, why: 'not-owed' as const })));
    let known = 0;
    for (const from of places) {
      const client = await clientAt?.(from);
      if (client === undefined) unasked.push({ place: from, why: 'no-client' });
      else if (known === PLACES_MAX) unasked.push({ place: from, why: 'too-many' });
      else {
        known += 1;
        byPlace.push(...types.map((type) => ({ name, type, asker: { from, client } })));
      }
    }
  }
  return { questions: [...plain, ...byPlace], unasked };
}

/** Each place once for each reason, in order of their text. */
function inOrder(unasked: readonly UnaskedPlace[]): readonly UnaskedPlace[] {
  const byText = new Map(unasked.map((each) => [`${each.place} ${each.why}`, each]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** A flip of which nobody knows the change counts once it is old: to ask too early costs a question, and no answer. */
async function isEverywhere(deps: AuditorDeps, { head }: CellReading): Promise<boolean> {
  const { applied } = head.state;
  if (applied === null) return false;
  const { changeId, at } = applied;
  if (changeId === undefined) return !isFresh(at, deps.clock.now(), deps.settings.unknownChangeMs);
  return (await placeOf(deps, { changeId, at }, deps.settings)) !== 'pending';
}

function askable(name: DnsName): DnsName {
  return name.startsWith('*.') ? dnsName(`${ANY_LABEL}${name.slice(1)}`) : name;
}
