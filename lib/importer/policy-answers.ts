import { pathText } from '../fleet/wording.ts';
import { invariant } from '../plan/invariant.ts';
import type { BranchRouting } from '../plan/routing.ts';
import type { AnswerEntry, AnswerNode, NodeAnswer, NodeSource } from './answer-nodes.ts';
import { endpointAnswer } from './policy-endpoints.ts';
import type { PolicyReference, PolicyRule, TrafficPolicy } from './policy-schema.ts';
import { referencesOf } from './traffic-policy.ts';

type RuleOf<Type extends PolicyRule['RuleType']> = Extract<PolicyRule, { RuleType: Type }>;

const POLICIES = {
  failover: 'failover',
  geo: 'geolocation',
  geoproximity: 'geoproximity',
  latency: 'latency',
  multivalue: 'multivalue',
  weighted: 'weighted',
} as const;

/** The node at which a document starts. */
export const START = 'Start';

/** The nodes of a document that has no mistake: its rules, by their places. All have the type of the document. */
export function policyAnswers(policy: TrafficPolicy): NodeSource {
  const { StartEndpoint, StartRule, Rules = {} } = policy;
  const rules = new Map(Object.entries(Rules).map(([id, rule]) => [rulePlace(id), { id, rule }]));
  return {
    node: (id) => {
      if (id === START && StartRule === undefined)
        return alone(referenceAnswer({ EndpointReference: StartEndpoint }, policy));
      const found = rules.get(id === START ? rulePlace(StartRule ?? '') : id);
      invariant(found !== undefined, `the document has no rule ${id}`);
      return ruleNode(found.rule, found.id, policy);
    },
  };
}

function alone(answer: NodeAnswer): AnswerNode {
  return { policy: 'simple', entries: [{ key: '', answer }] };
}

function rulePlace(id: string): string {
  return pathText(['Rules', id]);
}

function ruleNode(rule: PolicyRule, id: string, policy: TrafficPolicy): AnswerNode {
  const routings = routingsOf(rule);
  const taken = new Set<string>();
  const entries = referencesOf(rule, ['Rules', id]).map(({ reference }, index): AnswerEntry => {
    const routing = routings[index];
    return {
      key: unique(reference.EndpointReference ?? reference.RuleReference ?? '', taken),
      answer: referenceAnswer(reference, policy),
      ...(routing === undefined ? {} : { routing }),
      ...(reference.HealthCheck === undefined ? {} : { healthCheckId: reference.HealthCheck }),
    };
  });
  return { policy: POLICIES[rule.RuleType], entries };
}

/** Two items may lead to the same. */
function unique(id: string, taken: Set<string>): string {
  let key = id;
  for (let number = 2; taken.has(key); number += 1) key = `${id}-${number}`;
  taken.add(key);
  return key;
}

function referenceAnswer(reference: PolicyReference, { Endpoints }: TrafficPolicy): NodeAnswer {
  const { EndpointReference, RuleReference, EvaluateTargetHealth } = reference;
  if (RuleReference !== undefined)
    return {
      type: 'node',
      node: rulePlace(RuleReference),
      evaluateTargetHealth: EvaluateTargetHealth ?? true,
    };
  const endpoint = EndpointReference === undefined ? undefined : Endpoints[EndpointReference];
  invariant(endpoint !== undefined, `the document has no endpoint ${EndpointReference}`);
  return endpointAnswer(endpoint, pathText(['Endpoints', EndpointReference ?? '']), EvaluateTargetHealth);
}

/** The routing of each item, in the order of {@link referencesOf}. */
function routingsOf(rule: PolicyRule): readonly (BranchRouting | undefined)[] {
  switch (rule.RuleType) {
    case 'failover':
      return [
        ...(rule.Primary === undefined ? [] : [{ Failover: 'PRIMARY' as const }]),
        ...(rule.Secondary === undefined ? [] : [{ Failover: 'SECONDARY' as const }]),
      ];
    case 'geo':
      return rule.Locations.map(placeOf);
    case 'geoproximity':
      return rule.GeoproximityLocations.map(pointOf);
    case 'latency':
      return rule.Regions.map(({ Region }) => ({ Region }));
    case 'multivalue':
      return [];
    case 'weighted':
      return rule.Items.map(({ Weight }) => ({ weight: Weight }));
  }
}

function placeOf(location: RuleOf<'geo'>['Locations'][number]): BranchRouting {
  const { IsDefault = false, Continent, Country = '*', Subdivision } = location;
  if (Continent !== undefined && !IsDefault) return { GeoLocation: { ContinentCode: Continent } };
  const CountryCode = IsDefault ? '*' : Country;
  return {
    GeoLocation: Subdivision === undefined ? { CountryCode } : { CountryCode, SubdivisionCode: Subdivision },
  };
}

function pointOf(point: RuleOf<'geoproximity'>['GeoproximityLocations'][number]): BranchRouting {
  const { Region, Latitude = 0, Longitude = 0, Bias = 0 } = point;
  const bias = Bias === 0 ? {} : { Bias };
  if (Region !== undefined) return { GeoProximityLocation: { AWSRegion: Region, ...bias } };
  const Coordinates = { Latitude: String(Latitude), Longitude: String(Longitude) };
  return { GeoProximityLocation: { Coordinates, ...bias } };
}
