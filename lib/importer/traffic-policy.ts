import type { z } from 'zod';
import { nearest } from '../fleet/suggestion.ts';
import type { Path } from '../fleet/wording.ts';
import { oneLine, pathText, quoted, shown, subject } from '../fleet/wording.ts';
import type { PolicyReference, PolicyRule, TrafficPolicy } from './policy-schema.ts';
import { policySchema } from './policy-schema.ts';

/** A document as it was read: the policy, or every mistake in a sentence with its place. */
export type ReadPolicy =
  | { readonly type: 'policy'; readonly policy: TrafficPolicy }
  | { readonly type: 'invalid'; readonly mistakes: readonly string[] };

/** An item of a rule, with its place in the document. */
export interface PlacedReference {
  readonly reference: PolicyReference;
  readonly path: Path;
}

/** Reads the text of a traffic policy's document (JSON, format 2015-10-01). Pure. */
export function readTrafficPolicy(text: string): ReadPolicy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? oneLine(error.message) : 'no reason given';
    return { type: 'invalid', mistakes: [`The document is not JSON (${why}): give it as it was exported.`] };
  }
  const parsed = policySchema.safeParse(document);
  if (!parsed.success)
    return { type: 'invalid', mistakes: parsed.error.issues.flatMap((issue) => sentences(issue, document)) };
  const mistakes = meaningMistakes(parsed.data);
  return mistakes.length > 0 ? { type: 'invalid', mistakes } : { type: 'policy', policy: parsed.data };
}

function sentences(issue: z.core.$ZodIssue, document: unknown): readonly string[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const advice = meant === undefined ? `use ${known.join(', ')}.` : `did you mean ${quoted(meant)}?`;
      return `${place(path)} has the unknown key ${quoted(key)}: ${advice}`;
    });
  }
  const value = path.reduce<unknown>(
    (at, part) => (at !== null && typeof at === 'object' ? Reflect.get(at, part) : undefined),
    document,
  );
  const name = path.at(-1);
  if (value === undefined && name !== undefined)
    return [`${place(path.slice(0, -1))} has no ${pathText([name])}: add ${issue.message}.`];
  return [`${place(path)} is ${shown(value)}: use ${issue.message}.`];
}

function place(path: Path): string {
  return path.length === 0 ? 'The document' : subject(path);
}

/** What the shape does not say: what is meant by an id is there, and what excludes something stands alone. */
function meaningMistakes(policy: TrafficPolicy): readonly string[] {
  const { StartEndpoint, StartRule, Endpoints, Rules = {} } = policy;
  const starts = [StartEndpoint, StartRule].filter((start) => start !== undefined).length;
  return [
    ...(starts === 1 ? [] : [`The document has ${starts} of StartEndpoint and StartRule: give one of them.`]),
    ...missing(StartEndpoint, Endpoints, ['StartEndpoint'], 'endpoint'),
    ...missing(StartRule, Rules, ['StartRule'], 'rule'),
    ...Object.entries(Rules).flatMap(([id, rule]) => [
      ...referencesOf(rule, ['Rules', id]).flatMap((each) => referenceMistakes(each, policy)),
      ...ruleMistakes(rule, ['Rules', id]),
    ]),
  ];
}

/** Every item of a rule. */
export function referencesOf(rule: PolicyRule, path: Path): readonly PlacedReference[] {
  if (rule.RuleType === 'failover') {
    const { Primary, Secondary } = rule;
    return [
      ...(Primary === undefined ? [] : [{ reference: Primary, path: [...path, 'Primary'] }]),
      ...(Secondary === undefined ? [] : [{ reference: Secondary, path: [...path, 'Secondary'] }]),
    ];
  }
  const [key, items] = itemsOf(rule);
  return items.map((reference, index) => ({ reference, path: [...path, key, index] }));
}

function itemsOf(
  rule: Exclude<PolicyRule, { RuleType: 'failover' }>,
): readonly [key: string, items: readonly PolicyReference[]] {
  switch (rule.RuleType) {
    case 'geo':
      return ['Locations', rule.Locations];
    case 'geoproximity':
      return ['GeoproximityLocations', rule.GeoproximityLocations];
    case 'latency':
      return ['Regions', rule.Regions];
    case 'multivalue':
    case 'weighted':
      return ['Items', rule.Items];
  }
}

function referenceMistakes(
  { reference, path }: PlacedReference,
  { Endpoints, Rules = {} }: TrafficPolicy,
): readonly string[] {
  const { EndpointReference, RuleReference } = reference;
  if ((EndpointReference === undefined) === (RuleReference === undefined)) {
    const what = RuleReference === undefined ? 'neither EndpointReference nor' : 'both EndpointReference and';
    return [`${place(path)} has ${what} RuleReference: give one of them.`];
  }
  return [
    ...missing(EndpointReference, Endpoints, [...path, 'EndpointReference'], 'endpoint'),
    ...missing(RuleReference, Rules, [...path, 'RuleReference'], 'rule'),
  ];
}

function missing(
  id: string | undefined,
  there: Readonly<Record<string, unknown>>,
  path: Path,
  what: string,
): readonly string[] {
  if (id === undefined || Object.hasOwn(there, id)) return [];
  const meant = nearest(id, Object.keys(there));
  const advice = meant === undefined ? `define it, or use another.` : `did you mean ${quoted(meant)}?`;
  return [`${place(path)} is ${quoted(id)}, and the document has no ${what} of that id: ${advice}`];
}

function ruleMistakes(rule: PolicyRule, path: Path): readonly string[] {
  if (rule.RuleType === 'failover')
    return rule.Primary === undefined && rule.Secondary === undefined
      ? [`${place(path)} has neither Primary nor Secondary: add both.`]
      : [];
  if (rule.RuleType === 'geo')
    return rule.Locations.flatMap((location, index) => {
      const at = place([...path, 'Locations', index]);
      const { IsDefault = false, Continent, Country, Subdivision } = location;
      const isDefault = IsDefault || Country === '*';
      const places = [Continent, Country === '*' ? undefined : Country].filter((each) => each !== undefined);
      if (places.length + (isDefault ? 1 : 0) !== 1)
        return [`${at} is not one place: give one of Continent, Country and IsDefault.`];
      return Subdivision !== undefined && (Country === undefined || isDefault)
        ? [`${at} has a Subdivision and no Country: add the Country.`]
        : [];
    });
  if (rule.RuleType === 'geoproximity')
    return rule.GeoproximityLocations.flatMap(({ Region, Latitude, Longitude }, index) => {
      const hasPoint = Latitude !== undefined && Longitude !== undefined;
      const hasPart = Latitude !== undefined || Longitude !== undefined;
      return (Region !== undefined && !hasPart) || (Region === undefined && hasPoint)
        ? []
        : [
            `${place([...path, 'GeoproximityLocations', index])} is not one point: give Region, or Latitude and Longitude.`,
          ];
    });
  return [];
}
