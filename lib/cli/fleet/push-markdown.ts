import { recordedSentence } from '../../ledger/decider/recorded-finding.ts';
import type { EndpointMove, Withdrawal } from '../../operator/moved-endpoints.ts';
import { waitsForTaker } from '../../rollout/wave-verdict.ts';
import { duration } from '../printing/moment.ts';
import { clause, counted } from '../printing/paper.ts';
import { staysAsItIs } from '../printing/traffic-shares.ts';
import { fleetChangeView } from './fleet-change.ts';
import type { ForeseenDocument } from './foreseen-view.ts';
import { frozenText, looserText, pausedText } from './foreseen-view.ts';
import { codeText, folded, proseText, tableText, withinPage } from './markdown-text.ts';
import { unsettledText } from './moves-view.ts';
import type { PushDocument } from './push-document.ts';
import { branchText, detailsOf, movedText, percent, shareText } from './traffic-view.ts';
import { undoneText } from './undone-view.ts';

type Endpoint = ForeseenDocument['traffic']['endpoints'][number];

const NAMES_SHOWN = 20;
const ROWS_MAX = 200;
/** Of each list, and of the table of cells. */
const LINES_MAX = 40;
const PLAIN = { width: 100, color: false, boxes: false } as const;

/**
 * A dry run as a page of Markdown, as a pull request shows it: what moves, what waits for a person and what stands in the
 * way are in sight, weights and the change of the file are folded. It ends with the digest for --expect. At most 60,000
 * characters, of which GitHub shows 65,536: what does not fit is left out, and that is said. Pure.
 *
 * @param file as it was typed; empty: the fleets are the ledger's.
 */
export function pushMarkdown(document: PushDocument, file: string): string {
  const { foreseen, cells, comparedWith, changes } = document;
  if (!changes) return '### Pawl: nothing changes\n\nThe ledger has these fleets already.\n';
  const head = [
    `### Pawl: ${titleOf(document)}\n`,
    foreseen.length === 0 ? '' : summaryTable(foreseen),
    listed('Kept back: it would go on answering as it does', foreseen.flatMap(keptBackLines)),
    listed('In the way', foreseen.flatMap(obstacleLines)),
    listed('Noted', foreseen.flatMap(noteLines)),
    listed('This push undoes', foreseen.flatMap(undoneLines)),
    listed('Handed over', handoverLines(document)),
    wavesText(document),
  ].filter((part) => part !== '');
  const words = ['pawl fleet push', file, '--expect', comparedWith].filter((word) => word !== '');
  const foot = `Exactly this, unless another fleet stands by then: ${codeText(words.join(' '))}\n`;
  const details = [
    ...foreseen.flatMap(trafficDetails),
    folded('The change of the file', `\`\`\`diff\n${diffOf(cells)}\`\`\`\n`),
  ];
  return withinPage(head, details, foot);
}

function titleOf({ foreseen, moves }: PushDocument): string {
  const changing = foreseen.filter(({ traffic }) => traffic.endpoints.length > 0);
  const endpoints = changing.flatMap(({ traffic }) => traffic.endpoints).length;
  const held = foreseen.flatMap(({ keptBack }) => keptBack.filter(({ isNew }) => isNew)).length;
  const over = moves.flatMap(({ names }) => names).length;
  const parts = [
    endpoints === 0
      ? 'no answer changes'
      : `${counted(endpoints, 'endpoint')} of ${counted(changing.length, 'cell')} would change`,
    ...(held === 0 ? [] : [`${held} would be kept back`]),
    ...(over === 0 ? [] : [`${over} would be handed over`]),
  ];
  return parts.join(', ');
}

function summaryTable(foreseen: readonly ForeseenDocument[]): string {
  const rows = foreseen.map(({ cell, summary, traffic, keptBack }) => {
    const { added, changed, removed } = summary;
    const counts = [added, changed, removed, keptBack].map(({ length }) => String(length));
    return [codeText(cell), ...counts, mostMoved(traffic.endpoints)];
  });
  const hidden = rows.length - LINES_MAX;
  const heads = ['cell', 'added', 'changed', 'removed', 'kept back', 'most traffic that moves'];
  const more = hidden > 0 ? `\nand ${counted(hidden, 'cell')} more\n` : '';
  return tableText(heads, rows.slice(0, LINES_MAX)) + more;
}

function mostMoved(endpoints: readonly Endpoint[]): string {
  const changed = endpoints.filter(({ change }) => change === 'changed');
  const [most] = [...changed].sort((a, b) => b.movedPermille - a.movedPermille);
  return most === undefined || most.movedPermille === 0
    ? '-'
    : `${percent(most.movedPermille)} of ${codeText(most.name)}`;
}

function keptBackLines({ keptBack }: ForeseenDocument): readonly string[] {
  return keptBack.flatMap(({ name, digest, findings, isNew }) => {
    const since = isNew ? '' : ', already now';
    const waits = waitsForTaker(findings) ? ', until the other cell takes it' : '';
    return [
      `- ${codeText(name)} (${codeText(digest)}${since}${waits})`,
      ...findings.map(
        (finding) =>
          `  - ${finding.severity} ${codeText(finding.code)}: ${proseText(recordedSentence(finding))}`,
      ),
    ];
  });
}

function obstacleLines({ cell, loosening, paused, frozen }: ForeseenDocument): readonly string[] {
  return [
    ...(frozen === null ? [] : [frozenText(cell, frozen)]),
    ...(paused === null ? [] : [pausedText(cell, paused)]),
    ...(loosening === null ? [] : [looserText(cell, loosening)]),
  ].map((line) => `- ${proseText(line)}`);
}

function noteLines({ findings }: ForeseenDocument): readonly string[] {
  return findings.map((finding) => `- ${codeText(finding.code)}: ${proseText(recordedSentence(finding))}`);
}

function undoneLines({ cell, undone }: ForeseenDocument): readonly string[] {
  return undone.map((each) => `- ${codeText(cell)}: ${proseText(undoneText(cell, each))}.`);
}

function handoverLines({ moves, reclaims, withdrawals, unsettled }: PushDocument): readonly string[] {
  const line = ({ from, to, names }: EndpointMove | Withdrawal, verb: string): string => {
    const shown = names.slice(0, NAMES_SHOWN).map(codeText).join(', ');
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
    return `- ${codeText(from)} ${verb} ${codeText(to)}: ${shown}${more}`;
  };
  return [
    ...moves.map((each) => line(each, 'to')),
    ...reclaims.map((each) => line(each, 'gives back to')),
    ...withdrawals.map((each) => line(each, 'keeps, and offers no longer to')),
    ...unsettled.map((each) => `- ${proseText(unsettledText(each))}`),
  ];
}

function wavesText({ rollout }: PushDocument): string {
  if (rollout === undefined) return '';
  const lines = rollout.order.map(({ wave, cells, stops }) => {
    const why = stops === null ? '' : `: would not begin, because ${proseText(clause(stops))}`;
    return `${wave}. ${cells.map(codeText).join(', ')}${why}`;
  });
  return listed(`Waves, with a bake of ${duration(rollout.bakeS * 1_000)} after each`, lines);
}

function trafficDetails({ cell, traffic }: ForeseenDocument): readonly string[] {
  const { endpoints, unchanged } = traffic;
  if (endpoints.length === 0) return [];
  const rows = endpoints.flatMap(sharesOf);
  const table = tableText(
    ['endpoint', 'target', 'type', 'before', 'after', 'moved'],
    rows.slice(0, ROWS_MAX),
  );
  const notes = [
    ...(rows.length > ROWS_MAX ? [`- and ${rows.length - ROWS_MAX} rows more`] : []),
    ...endpoints.flatMap(detailsOf).map((line) => `- ${proseText(line)}`),
    ...(unchanged === 0 ? [] : [`- ${counted(unchanged, 'endpoint')} unchanged`]),
  ];
  const body = `${table}\n${notes.map((line) => `${line}\n`).join('')}`;
  return [folded(`${cell}: ${counted(endpoints.length, 'endpoint')}, weights and shares`, body)];
}

/** Every record and branch of an endpoint, so that a share can be read against the others. */
function sharesOf(endpoint: Endpoint): readonly (readonly string[])[] {
  const { name, change, shares } = endpoint;
  const branches = (shares.branches ?? []).map(({ branch, before, after }) => [
    codeText(`branch ${branch}`),
    '',
    proseText(branchText(before)),
    proseText(branchText(after)),
  ]);
  const answers = shares.answers.map((each) => {
    const { target, branch, type, before, after } = each;
    const where = branch === undefined ? target : `${target} in ${branch}`;
    const isSame = staysAsItIs(each);
    return [codeText(where), type, shareText(before), isSame ? 'as before' : shareText(after)];
  });
  return [...branches, ...answers].map((cells, index) =>
    index === 0 ? [`${codeText(name)} ${change}`, ...cells, movedText(endpoint)] : ['', ...cells, ''],
  );
}

/** The change of the file as a fenced diff: the signs come first, so that they are coloured. */
function diffOf(cells: PushDocument['cells']): string {
  return fleetChangeView(cells, PLAIN)
    .replaceAll(/^ {2}~/gm, '!')
    .replaceAll(/^ {2}(?=[+-] )/gm, '')
    .replaceAll('`', "'");
}

/** The first lines under a title: what is in sight stays short. */
function listed(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const more = lines.length - LINES_MAX;
  const shown = [...lines.slice(0, LINES_MAX), ...(more > 0 ? [`- and ${counted(more, 'line')} more`] : [])];
  return `**${title}**\n\n${shown.map((line) => `${line}\n`).join('')}`;
}
