import { answer } from '../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../lib/emulator/dns/answer-source.ts';
import { clientIn } from '../../lib/emulator/dns/client.ts';
import { zoneView } from '../../lib/emulator/dns/served-records.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../lib/emulator/places/client-at.ts';
import { ipBlock } from '../../lib/emulator/places/ip-block.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';

/** Fractions at which the draw among several sets is tried: finer than the smallest share that a test may have, 1/16. */
const DRAWS = Array.from({ length: 32 }, (_, index) => index / 32);
/** The first and the last of what is drawn from: where both are the same, nothing is drawn. */
const ENDS = [0, 1 - 2 ** -20];
/** Of more multivalue records than this an answer holds some (Developer Guide, "Multivalue answer routing"). */
const SEVERAL_MAX = 8;

export interface Question {
  readonly name: DnsName;
  readonly type: string;
}

/** What the name servers of a zone know besides its records. */
export interface Surroundings {
  readonly zone: { readonly name: DnsName; readonly id: string };
  readonly cidrBlocks: AnswerSource['cidrBlocks'];
  /** Health checks that fail; every other one passes. */
  readonly failing: ReadonlySet<string>;
  /** Names of load balancers that are gone; every other one is there. */
  readonly gone?: ReadonlySet<string>;
}

/**
 * Everything that name servers with these records may answer to each question from each Region, as lines of text. Where an
 * answer is some of more values, as multivalue records are, the line says of which.
 */
export function answersByPlace(
  records: readonly RecordSet[],
  questions: readonly Question[],
  regions: readonly string[],
  { zone, cidrBlocks, failing, gone = new Set() }: Surroundings,
): readonly string[] {
  const view = zoneView(zone.id, zone.name, records);
  const source: AnswerSource = {
    zoneFor: () => view,
    zoneById: (id) => (id === zone.id ? view : undefined),
    isElsewhere: ({ name }) => !gone.has(name),
    healthOf: (id) => !failing.has(id),
    places: BUILT_IN_PLACES,
    cidrBlocks,
  };
  return regions.flatMap((region) => {
    const address = clientAt(BUILT_IN_PLACES, region);
    if (address === undefined) throw new Error(`nobody is at ${region}`);
    const network = ipBlock(address);
    return questions.map((question) => {
      const found = drawn((fraction) => {
        const { answers } = answer(source, question, fraction, clientIn(BUILT_IN_PLACES, network));
        return answers.map(({ type, value }) => `${type} ${value.replace(/\.$/, '')}`);
      });
      return `${question.name} ${question.type} from ${region}: ${possible(found).join(' | ')}`;
    });
  });
}

function drawn(ask: (fraction: number) => readonly string[]): readonly (readonly string[])[] {
  const [first = [], last = []] = ENDS.map(ask);
  return first.join() === last.join() ? [first] : DRAWS.map(ask);
}

/** The different answers, each in an order of its own. */
function possible(found: readonly (readonly string[])[]): readonly string[] {
  const some = found.filter((values) => values.length === SEVERAL_MAX);
  const whole = found.filter((values) => values.length !== SEVERAL_MAX).map(inOrder);
  return inOrder([...whole, ...(some.length === 0 ? [] : [`${SEVERAL_MAX} of ${inOrder(some.flat())}`])]);
}

function inOrder(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.map(String))].sort();
}
