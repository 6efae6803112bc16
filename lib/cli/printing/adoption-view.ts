import type { AdoptedNames, NameToAdopt } from '../../operator/adopt-names.ts';
import type { DnsName } from '../../plan/names.ts';
import type { Leaf } from '../../plan/plan.ts';
import type { RecordSet } from '../../plan/records.ts';
import { some } from './event-text.ts';
import type { Paper } from './paper.ts';
import { counted, tame } from './paper.ts';
import { recordAnswer } from './records-view.ts';
import { table } from './table.ts';

/** Names whose answers stay as they are of which a row is shown. */
const SAME_SHOWN_MAX = 10;

/**
 * What stands at the names that are to be adopted, and what will: a row for each whose answer changes, and for the first
 * of those that go on answering the same.
 *
 * @param leavesOf what is planned for a name; undefined where no plan has it yet.
 */
export function adoptionView(
  { adopted }: Pick<AdoptedNames, 'adopted'>,
  leavesOf: (name: DnsName) => readonly Leaf[] | undefined,
  paper: Paper,
): string {
  if (adopted.length === 0) return '';
  const compared = adopted.map((each) => compare(each, leavesOf(each.name)));
  const same = compared.filter(({ isSame }) => isSame);
  const shown = [...compared.filter(({ isSame }) => !isSame), ...same.slice(0, SAME_SHOWN_MAX)];
  const rows = shown.map(({ name, now, then, isSame }) => [
    name,
    now.join(', '),
    isSame ? 'the same' : (then?.join(', ') ?? 'what is planned for it next'),
  ]);
  const more = same.length - SAME_SHOWN_MAX;
  const rest =
    more > 0 ? `and ${counted(more, 'more name')} that ${more === 1 ? 'answers' : 'answer'} the same\n` : '';
  return table(paper, [{ head: 'NAME' }, { head: 'NOW' }, { head: 'THEN' }], rows) + rest;
}

/** What is not adopted, and the aliases that lose their failover by what is. */
export function leftView(cell: string, { already, free, left, healthReaders }: AdoptedNames): string {
  const lines: string[] = [];
  if (already.length > 0)
    lines.push(`${counted(already.length, 'name')} of ${cell} ${are(already)} its own already.`);
  if (free.length > 0)
    lines.push(
      `Nothing stands at ${some(free)}: ${free.length === 1 ? 'it needs' : 'they need'} only a plan.`,
    );
  for (const { reason } of left) lines.push(`Left as it is: ${tame(reason)}`);
  for (const { of, name, type, setIdentifier } of healthReaders) {
    const set = setIdentifier === undefined ? '' : ` (${tame(setIdentifier)})`;
    lines.push(
      `Warning: ${name} ${type}${set} is an alias to ${of} that evaluates its health, which an endpoint does not report: from the flip on it counts as healthy, and nothing fails over from it.`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

interface Compared {
  readonly name: DnsName;
  readonly now: readonly string[];
  readonly then: readonly string[] | undefined;
  readonly isSame: boolean;
}

function compare({ name, records }: NameToAdopt, leaves: readonly Leaf[] | undefined): Compared {
  const now = unique(records.map((record) => `${record.type} ${recordAnswer(record)}`));
  const then =
    leaves === undefined ? undefined : unique(leaves.map((leaf) => `${leaf.type} ${leafAnswer(name, leaf)}`));
  const single = (record: RecordSet) => (record.values ?? []).map((value) => `${record.type} ${tame(value)}`);
  const nowEach = unique(
    records.flatMap((record) =>
      record.alias === undefined ? single(record) : `${record.type} ${recordAnswer(record)}`,
    ),
  );
  const thenEach = unique((leaves ?? []).flatMap((leaf) => leafAnswers(name, leaf)));
  return { name, now, then, isSame: asAsked(nowEach) === asAsked(thenEach) };
}

/** A name with its trailing dot and one without are the same. */
function asAsked(answers: readonly string[]): string {
  return answers.map((answer) => answer.replace(/\.$/, '')).join();
}

function leafAnswer(name: DnsName, { type, values, alias }: Leaf): string {
  return recordAnswer({ name, type, values, alias });
}

function leafAnswers(name: DnsName, leaf: Leaf): readonly string[] {
  if (leaf.alias !== undefined) return [`${leaf.type} ${leafAnswer(name, leaf)}`];
  return (leaf.values ?? []).map((value) => `${leaf.type} ${tame(value)}`);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function are(list: readonly unknown[]): string {
  return list.length === 1 ? 'is' : 'are';
}
