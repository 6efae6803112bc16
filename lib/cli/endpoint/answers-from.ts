import type { PlannedEndpoint } from '../../plan/plan.ts';
import { rootTypes } from '../../plan/plan.ts';
import type { ResolveCounts } from '../../resolve/resolve.ts';
import { resolveMany } from '../../resolve/resolve.ts';
import { socketTransport } from '../../resolve/socket-transport.ts';
import type { World } from '../../wiring/world.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, paint, tame } from '../printing/paper.ts';
import { answerSpread } from './answer-spread.ts';
import type { Asker, AskFlags } from './asked-from.ts';
import { askedServer, askerAt, askerDocument, askerText } from './asked-from.ts';

/** Queries of each type: enough to see every record of some weight. */
const COUNT = 100;
const SHOWN_MAX = 20;

/** What a name server answered a client at a place. */
interface AnswersFrom {
  readonly asker: Asker;
  readonly counts: ResolveCounts;
}

/**
 * Asks for an endpoint's name as a client at the place would; undefined when no place was given.
 *
 * @throws BadInput like {@link askerAt} and {@link askedServer}.
 */
export async function answersFrom(
  world: World,
  endpoint: PlannedEndpoint,
  flags: AskFlags,
): Promise<AnswersFrom | undefined> {
  const asker = await askerAt(world, flags.from);
  if (asker === undefined) return undefined;
  const { clock, randomness } = world;
  const counts = await resolveMany(
    { clock, randomness, connect: socketTransport },
    {
      server: askedServer(world, flags),
      name: endpoint.name,
      types: rootTypes(endpoint),
      count: COUNT,
      client: asker.client,
    },
  );
  return { asker, counts };
}

/** `asked from eu-west-1 (198.51.100.65), scope /32, 100 queries`, and below it each answer, its target and its count. */
export function answersFromView(
  { asker, counts }: AnswersFrom,
  endpoint: PlannedEndpoint,
  paper: Paper,
): string {
  const { targets, others } = answerSpread(endpoint, rootTypes(endpoint), counts);
  const lines = [
    ...targets.flatMap(({ target, answer, answers }) =>
      answers === null || answers === 0 ? [] : [`  ${tame(answer)} (${tame(target)}): ${answers}`],
    ),
    ...others.map(({ answer, answers }) => `  ${tame(answer)}: ${answers}`),
  ];
  const more = lines.length - SHOWN_MAX;
  const troubles = [
    ...[...counts.rcodes].filter(([rcode]) => rcode !== 'NOERROR'),
    ...(counts.empty > 0 ? ([['without an answer', counts.empty]] as const) : []),
    ...counts.errors,
  ].map(([what, count]) => `  ${paint(paper, 'bad', `${count} ${what}`)}`);
  const head = `asked ${askerText(asker, counts.scopes)}, ${counted(counts.asked, 'query', 'queries')}`;
  return [
    head,
    ...lines.slice(0, SHOWN_MAX),
    ...(more > 0 ? [`  and ${counted(more, 'other answer')}`] : []),
    ...troubles,
    '',
  ].join('\n');
}

/** The same for a document; undefined when nobody was asked. */
export function answersFromDocument(found: AnswersFrom | undefined) {
  if (found === undefined) return undefined;
  const { asker, counts } = found;
  return {
    from: askerDocument(asker, counts.scopes),
    asked: counts.asked,
    empty: counts.empty,
    rcodes: Object.fromEntries(counts.rcodes),
    errors: Object.fromEntries(counts.errors),
    answers: Object.fromEntries(counts.answers),
  };
}
