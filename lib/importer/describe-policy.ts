import type { CellName, DnsName } from '../plan/names.ts';
import type { AnswerType } from './answer-nodes.ts';
import { ANSWER_TYPES, Inexpressible } from './answer-nodes.ts';
import { cellOf, described } from './describe-zone.ts';
import type { DescribedZone, EndpointDraft, ImportedZone } from './described-zone.ts';
import { endpointDraft } from './endpoint-drafts.ts';
import { expressRoute } from './express-route.ts';
import { policyAnswers, START } from './policy-answers.ts';
import type { TrafficPolicy } from './policy-schema.ts';
import { refusals } from './refusals.ts';
import { endpointSlug, targetIds } from './target-ids.ts';

export interface PolicyOptions {
  /** What clients resolve, in the zone. */
  readonly name: DnsName;
  readonly zone: ImportedZone;
  /** The cell of the file; made from the zone's name unless given. */
  readonly cell?: CellName | undefined;
}

/**
 * The fleet file of one endpoint that answers as a traffic policy does; without an endpoint, and with the reason, where
 * no file can. Pure.
 */
export function describePolicy(policy: TrafficPolicy, options: PolicyOptions): DescribedZone {
  const { name, zone, cell = cellOf(zone) } = options;
  const left = (reason: string): DescribedZone => ({
    cells: [],
    unexpressed: [{ name, type: policy.RecordType, reason }],
    lowered: [],
  });
  const draft = draftOf(policy, options);
  if (typeof draft === 'string') return left(draft);
  const refused = refusals([draft], zone, cell).get(name);
  return refused === undefined ? described([draft], [], zone, cell, 'a traffic policy') : left(refused);
}

function draftOf(policy: TrafficPolicy, { name, zone }: PolicyOptions): EndpointDraft | string {
  const { RecordType } = policy;
  if (!isAnswerType(RecordType))
    return `it has records of type ${RecordType}, and Pawl answers with A, AAAA and CNAME records alone`;
  try {
    const expressed = expressRoute({
      source: policyAnswers(policy),
      top: START,
      types: [RecordType],
      stem: endpointSlug(name, zone.name),
      ids: targetIds(),
      keyName: 'reference',
    });
    const draft = endpointDraft(name, expressed);
    if (draft.kind === 'alias') return draft;
    const remarks = ['a traffic policy says no TTL: this is the default of fleet files', ...draft.remarks];
    return { ...draft, remarks };
  } catch (error) {
    if (error instanceof Inexpressible) return error.message;
    throw error;
  }
}

function isAnswerType(type: string): type is AnswerType {
  return ANSWER_TYPES.some((each) => each === type);
}
