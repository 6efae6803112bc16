import { labelRescueSeq } from '../../plan/owned-names.ts';
import { shortDigest } from '../../plan/plan.ts';
import { EVENTS } from '../../proof/cells/event-steps.ts';
import { STEPS } from '../../proof/cells/steps.ts';
import type { Evaluation, Structure } from '../../proof/evaluate.ts';
import { parseVariables } from '../../proof/formula.ts';
import type { EventPart, RefinedEvent, SaidByLog } from './refined-event.ts';
import { eventStructure, isTouched, namedEndpoints, nodeOf, rootsAt, SELF, saidBy } from './refined-event.ts';
import { EVENT_MEANINGS } from './refined-event-types.ts';
import { fenceMark } from './refined-fences.ts';
import { isCoined } from './refined-log.ts';
import { isOffered } from './refined-offers.ts';
import { everyTuple, isHeld, sentenceOf, stepEvaluation } from './refined-steps.ts';
import { endpointOf, placeOf } from './refined-zone.ts';

interface CompiledEffect {
  readonly part: string;
  readonly sorts: readonly string[];
  readonly becomes: Evaluation;
}

const effects = new Map(
  EVENTS.map(({ name, effects: all }) => [
    name,
    all.map(
      ({ part, of, becomes }): CompiledEffect => ({
        part,
        sorts: parseVariables(of).map(({ sort }) => sort),
        becomes: stepEvaluation(of, becomes),
      }),
    ),
  ]),
);

const guardsOf = new Map(EVENTS.map(({ name, guards }) => [name, guards]));

/** What whoever reads the log knows to be spare, in the words of the step by which it is read. */
const spare = evaluationIn('hear', 'spare');

function evaluationIn(step: string, part: string): Evaluation {
  const found = STEPS.find(({ name }) => name === step)?.effects.find((effect) => effect.part === part);
  if (found === undefined) throw new Error(`no step "${step}" says what becomes of "${part}"`);
  return stepEvaluation(found.of, found.becomes);
}

/** Which steps an event was, and what stands against that: empty where nothing does. */
export interface EventVerdict {
  readonly steps: readonly string[];
  readonly failing: string;
}

/** An event is the steps that its effect on the log shows, one after the other. */
export function eventVerdict(event: RefinedEvent): EventVerdict {
  const type = event.head.last?.event.type;
  const [was, is] = [saidBy(event.before.state, event), saidBy(event.head.state, event)];
  const parts = partsOf(event, was, is);
  if (type === undefined || parts.length === 0) return { steps: [], failing: '' };
  const bodies = [...was.wanted.values(), ...is.wanted.values()];
  // Where a plan's body cannot be read, nobody can say what it needs.
  if (bodies.some((digest) => event.planOf(digest) === undefined)) return { steps: [], failing: '' };
  const steps = parts.map(({ step }) => step);
  const meaning = EVENT_MEANINGS[type];
  const allowed = 'steps' in meaning ? meaning.steps : [];
  const strange = steps.find((step) => !allowed.includes(step));
  if (strange !== undefined) return { steps, failing: `${type} is no "${strange}"` };
  return { steps, failing: failingOf(event, parts, was, is) };
}

function failingOf(event: RefinedEvent, parts: readonly EventPart[], was: SaidByLog, is: SaidByLog): string {
  const start = eventStructure(event, was, is);
  const offer = (cell = '', to = '', root = '') => isOffered(event.zone, event, [cell, to, root]);
  let now: Structure = { ...start, symbols: { ...start.symbols, offer } };
  now = { ...now, symbols: { ...now.symbols, spare: (_, node = '') => spare(start, SELF, node) } };
  for (const { step, given, isExcused } of parts) {
    const asked = { ...now, symbols: { ...now.symbols, ...given } };
    const guards = isExcused === true ? [] : (guardsOf.get(step) ?? []);
    const lacking = guards.filter((guard) => !isHeld(guard, asked));
    if (lacking.length > 0)
      return `as "${step}" it lacks ${lacking.map((guard) => `${guard} (${sentenceOf(guard)})`).join('; ')}`;
    const become = (effects.get(step) ?? []).map(({ part, becomes }) => [
      part,
      (...values: readonly string[]) => becomes(asked, ...values),
    ]);
    now = { ...now, symbols: { ...now.symbols, ...Object.fromEntries(become) } };
  }
  const stray = strayPart(event, now, is);
  return stray === undefined
    ? ''
    : `the steps ${parts.map(({ step }) => step).join()} leave "${stray}" otherwise`;
}

/** What the log says of these is what the steps make of them. Of the others it may say less: no guard asks for their absence. */
const EXACT = [
  ['wanted', ['Plan']],
  ['listed', ['Node']],
  ['released', ['Cell', 'Root']],
  ['recorded', ['Cell']],
] as const;

function strayPart(
  { scope }: RefinedEvent,
  { members, symbols }: Structure,
  is: SaidByLog,
): string | undefined {
  const after: Readonly<
    Record<(typeof EXACT)[number][0], (...given: readonly string[]) => boolean | string>
  > = {
    wanted: (plan = '') => is.wanted.has(plan),
    listed: (node = '') => is.listed(node),
    released: (cell, root = '') => cell === scope.cell && is.lent.has(endpointOf(root, scope) ?? ''),
    recorded: () => is.recorded,
  };
  return EXACT.find(
    ([part, sorts]) =>
      !everyTuple(
        sorts.map((sort) => members[sort] ?? []),
        (given) =>
          ((part === 'released' || part === 'recorded') && given[0] !== scope.cell) ||
          symbols[part]?.(...given) === after[part](...given),
      ),
  )?.[0];
}

/** The steps that an event shows. What it makes the log forget of stagings and adoptions is none. */
function partsOf(event: RefinedEvent, was: SaidByLog, is: SaidByLog): readonly EventPart[] {
  const { scope, head } = event;
  const gone = (node: string): boolean => was.listed(node) && !is.listed(node);
  const grown = [...is.wanted.keys()].filter((plan) => !was.wanted.has(plan));
  const shrunk = [...was.wanted.keys()].some((plan) => !is.wanted.has(plan));
  const last = head.last?.event;
  const retired = new Set<string>(
    last?.type === 'TreesRetired' ? last.trees.map((tree) => nodeOf(tree, scope)) : [],
  );
  const parts: EventPart[] = grown.map((plan) => ({
    step: 'append-plan',
    given: { plan: () => plan, forgets: (node = '') => gone(node), coined: coinedFor(event) },
  }));
  if (retired.size > 0)
    parts.push({ step: 'retire', given: { retires: (node = '') => gone(node) || retired.has(node) } });
  for (const entry of is.staged) {
    const [change = '', tree = ''] = entry.split(' ');
    if (was.staged.has(entry)) continue;
    parts.push({ step: 'record-staging', given: { change: () => change, node: () => nodeOf(tree, scope) } });
  }
  if (last?.type === 'PlanApplied') {
    const digest = shortDigest(last.digest);
    const noted = fenceMark(last.seq, last.generation, digest);
    const plan = `${last.generation} ${digest}`;
    parts.push({ step: 'record-fence', given: { mark: () => noted, plan: () => plan } });
  }
  const [mark = '', change = ''] = is.settled.split(' ');
  if (is.settled !== was.settled && change !== '' && !keepsOlderChange(event, change))
    parts.push({ step: 'record-applied', given: { mark: () => mark, change: () => change } });
  for (const endpoint of namedEndpoints(was, is)) {
    for (const root of rootsAt(event, endpoint)) {
      const given = { root: () => root };
      const [had, has] = [was.lent.has(endpoint), is.lent.has(endpoint)];
      if (has && !had) parts.push({ step: 'let-go', given });
      if (had && !has) parts.push({ step: 'end-offer', given, isExcused: isTouched(event, root) });
      if (is.adopted.has(endpoint) && !was.adopted.has(endpoint)) parts.push({ step: 'adopt', given });
    }
  }
  if (shrunk && grown.length === 0) parts.push({ step: 'give-up-plan', given: {} });
  return parts;
}

/** A plan may have trees of a rescue, which the log did not list: they stand, and nobody else has them. */
function coinedFor({ before, scope, zone }: RefinedEvent): (node?: string) => boolean {
  return (node = '') => {
    const { owned } = placeOf(node, scope);
    const isRescued = owned !== undefined && 'label' in owned && labelRescueSeq(owned.label) !== undefined;
    return isRescued ? !zone.nodes.has(node) : isCoined(node, before.state, scope);
  };
}

/**
 * Whether the log goes on with the change of an earlier fence, although nobody knows the one by which this fence came: what
 * it does in a cell that no audit has looked at, and in old formats.
 */
function keepsOlderChange({ before, head }: RefinedEvent, change: string): boolean {
  const last = head.last?.event;
  if (last?.type !== 'PlanApplied' || last.changeId === change) return false;
  return before.state.facts === null || before.state.format < 4;
}
