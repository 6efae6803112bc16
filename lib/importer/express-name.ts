import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { ANSWER_TYPES, Inexpressible } from './answer-nodes.ts';
import type { EndpointDraft, Surroundings, Unexpressed } from './described-zone.ts';
import { endpointDraft } from './endpoint-drafts.ts';
import type { ExpressedRoute } from './express-route.ts';
import { expressRoute } from './express-route.ts';
import { foreignReason } from './foreign-reason.ts';
import { recordRouting } from './record-routing.ts';
import { endpointSlug } from './target-ids.ts';
import { zoneAnswers } from './zone-answers.ts';

/** Record types that an endpoint answers with. */
const ANSWERS: ReadonlySet<string> = new Set(ANSWER_TYPES);

/** The description of one name: an endpoint, if its answers can be described, and the records that cannot. */
export interface Expression {
  readonly endpoint?: EndpointDraft;
  /** Names of the zone behind this one, whose answers are in the endpoint's route. */
  readonly followed?: ReadonlySet<string>;
  readonly unexpressed: readonly Unexpressed[];
}

/**
 * Describes the records at one name. An endpoint has all addresses of its name, so one record that cannot be described
 * leaves out the others of its name. Pure, except that it takes ids.
 */
export function expressName(name: DnsName, records: readonly RecordSet[], around: Surroundings): Expression {
  const others = records.filter(({ type }) => !ANSWERS.has(type));
  const answers = records.filter(({ type }) => ANSWERS.has(type));
  const left = others
    .filter(({ type }) => !(name === around.zone.name && (type === 'NS' || type === 'SOA')))
    .map(({ type }): Unexpressed => ({ name, type, reason: otherReason(type) }));
  const unexpressed = (reasons: readonly Unexpressed[]): Expression => ({
    unexpressed: onceEach([...left, ...reasons]),
  });
  const [first] = answers;
  if (first === undefined) return unexpressed([]);
  const foreign = foreignReason(name, answers, around);
  if (foreign !== undefined) return unexpressed(answers.map(({ type }) => ({ name, type, reason: foreign })));
  const odd = answers.map((record) => {
    const routing = recordRouting(record);
    return { name, type: record.type, reason: typeof routing === 'string' ? routing : undefined };
  });
  const culprits = odd.flatMap(({ reason, ...where }) =>
    reason === undefined ? [] : [{ ...where, reason }],
  );
  if (culprits.length > 0) {
    const reason = `an endpoint is all of a name's addresses, and its ${culprits[0]?.type} record cannot be described`;
    const beside = odd.filter((each) => each.reason === undefined);
    return unexpressed([...culprits, ...beside.map(({ type }) => ({ name, type, reason }))]);
  }
  const draft = draftOf(name, answers, around);
  if (typeof draft === 'string')
    return unexpressed(answers.map(({ type }) => ({ name, type, reason: draft })));
  return {
    endpoint: endpointDraft(name, draft),
    followed: draft.followed,
    unexpressed: onceEach(left),
  };
}

function draftOf(
  name: DnsName,
  answers: readonly RecordSet[],
  around: Surroundings,
): ExpressedRoute | string {
  try {
    return expressRoute({
      source: zoneAnswers(name, around),
      top: name,
      types: ANSWER_TYPES.filter((type) => answers.some((record) => record.type === type)),
      stem: endpointSlug(name, around.zone.name),
      ids: around.ids,
    });
  } catch (error) {
    if (error instanceof Inexpressible) return error.message;
    throw error;
  }
}

function otherReason(type: string): string {
  return type === 'NS'
    ? 'it delegates the name to other name servers'
    : 'Pawl answers with A, AAAA and CNAME records alone, and leaves all others to whoever made them';
}

/** Weighted records of one name and type share a reason, which is listed once. */
function onceEach(found: readonly Unexpressed[]): readonly Unexpressed[] {
  const seen = new Set<string>();
  return found.filter(({ type, reason }) => {
    const key = `${type} ${reason}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}
