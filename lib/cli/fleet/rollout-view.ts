import type { ForeseenWave } from '../../rollout/foreseen-waves.ts';
import type { RolledOut, RolloutStep, UndoneCell, WaveFinding } from '../../rollout/rollout.ts';
import { some } from '../printing/event-text.ts';
import { duration, moment } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { clause, counted, lines, paint, tame } from '../printing/paper.ts';
import type { MeantRollout } from './typed-rollout.ts';

/** The waves that a push would go in, and what would stop one as things are. */
export function wavesView(waves: readonly ForeseenWave[], { bakeS, by, waves: named }: MeantRollout): string {
  const whose = by === 'file' ? 'as the file says ("--all-at-once" says otherwise)' : 'as given';
  const text = ({ wave, cells, stops }: ForeseenWave): string => {
    const last = wave <= named.length ? '' : ' (in no wave, so last)';
    return `  ${wave}. ${cells.join(', ')}${last}${stops === null ? '' : `: would not begin, because ${clause(stops)}`}`;
  };
  return lines(
    `${counted(waves.length, 'wave')}, a bake of ${duration(bakeS * 1_000)} after each, ${whose}:`,
    waves.map(text),
  );
}

/** One step, as it is taken. */
export function stepText(step: RolloutStep, waves: number, paper: Paper): string {
  const wave = paint(paper, 'strong', `Wave ${step.wave} of ${waves}`);
  switch (step.type) {
    case 'declared':
      return `${wave}: declared in ${step.cells.join(', ')}.\n`;
    case 'bakes':
      return `${wave}: applied. It bakes until ${moment(step.until)}.\n`;
    case 'baked':
      return paint(paper, 'good', `${wave}: baked, and nothing went wrong in ${step.cells.join(', ')}.\n`);
    case 'baked-before':
      return `${wave}: ${step.cells.join(', ')} had this fleet before.\n`;
  }
}

type WentBack = Extract<RolledOut, { type: 'rolled-back' }>;

/** What a person is told of a wave that went back: what is wrong, what became of its cells, and how to go on. */
export function wentBackView({ wave, findings, cells, unseen }: WentBack, paper: Paper): string {
  const never = unseen.length === 0 ? [] : [`Never declared in ${unseen.join(', ')}: they answer as before.`];
  return lines(
    paint(paper, 'bad', `Wave ${wave} went wrong, and no wave follows it:`),
    findings.map((finding) => `  ${findingText(finding)}`),
    cells.map((each) => undoneText(each)),
    cells.flatMap(ordersText),
    never,
    howToGoOn(cells),
  );
}

function findingText({ cell, says }: WaveFinding): string {
  return `${cell === undefined ? '' : `${cell}: `}${clause(says)}.`;
}

function undoneText({ cell, type, to, says = '' }: UndoneCell): string {
  switch (type) {
    case 'rolled-back':
      return `${cell} is rolled back to what ${cell}@${to} answered, and its planner is paused.`;
    case 'paused':
      return `${cell} has changed no answer yet, and its planner is paused.`;
    case 'left':
      return `${cell} goes on answering as it does now, and its planner is paused: ${clause(says)}.`;
  }
}

function ordersText({ cell, type, orders }: UndoneCell): readonly string[] {
  if (type !== 'rolled-back' || orders.length === 0) return [];
  return [
    `${cell}: the answers of before do not know of ${some(orders.map(tame))}: look whether they serve.`,
  ];
}

function howToGoOn(cells: readonly UndoneCell[]): readonly string[] {
  const names = cells.map(({ cell }) => cell);
  if (names.length === 0) return [];
  const earlier = cells.flatMap(({ cell, earlier: at }) => (at === undefined ? [] : [`${cell}@${at}`]));
  const resume = names.map((cell) => `  pawl resume ${cell}`);
  const back = [
    `A rollback brings back answers, not the fleet file: the ledger has the new one for ${names.join(', ')}. The fleet before it comes back with:`,
    `  pawl fleet push --from-ledger ${earlier.join(' ')}`,
    ...resume,
    'Then mend the file, and push it in waves again.',
  ];
  return [
    ...(earlier.length === 0 ? [] : back),
    `If the file is right and something else was wrong: "pawl resume" ${names.join(', ')}, and the same push goes on.`,
  ];
}
