import type { RecordedRun, RecordedStep, Recording } from '../../simulator/recording/recording.ts';
import { isEmpty } from '../../simulator/recording/recording.ts';
import type { EndpointPicture } from '../../simulator/recording/zone-picture.ts';
import type { Paper } from '../printing/paper.ts';
import { lines, paint, tame } from '../printing/paper.ts';
import type { ColumnLine } from './replay-columns.ts';
import { ruledLines, sideBySide, wrappedText } from './replay-columns.ts';

const NUMBER_COLUMNS = 3;
const GAP = 2;
/** The width between two columns: a bar with a blank on each side. */
const BAR_COLUMNS = 3;
/** Characters of a refusal that are shown; the page has all of them. */
const REFUSAL_CHARS = 120;
/** Narrower columns are harder to read than one below the other. */
const COLUMN_MIN = 30;

/**
 * A recording as text, with a paragraph for each step. Its runs are side by side where the paper is wide enough, else
 * one below the other. The clients' answers are shown whenever they change.
 */
export function replayTimelineView(recording: Recording, paper: Paper): string {
  const layout = layoutOf(recording, paper);
  const count = Math.max(...recording.runs.map(({ steps }) => steps.length));
  return lines(
    wrappedText(recording.title, paper.width).map((line) => paint(paper, 'strong', line)),
    wrappedText(recording.about, paper.width),
    '',
    layout.paragraph('', '', (run) => [{ text: run.title.toUpperCase(), tone: 'strong' }]),
    Array.from({ length: count }, (_, index) => stepLines(recording, index, paper, layout)).flat(),
    '',
    layout.paragraph('', 'Result', ({ verdict }) => [
      { text: verdict.text, tone: verdict.good ? 'good' : 'bad' },
    ]),
  );
}

interface Layout {
  paragraph(
    number: string,
    lane: string,
    linesOf: (run: RecordedRun) => readonly ColumnLine[],
  ): readonly string[];
}

function layoutOf({ lanes, runs }: Recording, paper: Paper): Layout {
  const laneColumns = Math.max(...lanes.map(({ title }) => title.length));
  const margin = NUMBER_COLUMNS + GAP + laneColumns + GAP;
  const gaps = BAR_COLUMNS * (runs.length - 1);
  const column = Math.floor((paper.width - margin - gaps) / runs.length);
  const isWide = runs.length === 1 || column >= COLUMN_MIN;
  const head = (number: string, lane: string) =>
    `${number.padStart(NUMBER_COLUMNS)}${' '.repeat(GAP)}${lane.padEnd(laneColumns + GAP)}`;
  return {
    paragraph: (number, lane, linesOf) => {
      if (isWide) return sideBySide(paper, head(number, lane), runs.map(linesOf), Math.max(1, column));
      // Without columns there are no titles.
      if (lane === '') return [];
      const columns = runs.map(linesOf);
      const isSame = columns.every((each) => JSON.stringify(each) === JSON.stringify(columns[0]));
      const width = Math.max(1, paper.width - NUMBER_COLUMNS - GAP);
      return [
        `${number.padStart(NUMBER_COLUMNS)}${' '.repeat(GAP)}${lane}`,
        ...(isSame ? runs.slice(0, 1) : runs).flatMap((run) => {
          const [first, ...others] = linesOf(run);
          if (first === undefined) return [];
          const headline = isSame ? first : { ...first, text: `${run.title}: ${first.text}` };
          return sideBySide(paper, ' '.repeat(NUMBER_COLUMNS + GAP), [[headline, ...others]], width);
        }),
      ];
    },
  };
}

function stepLines(
  { runs, lanes, parting }: Recording,
  index: number,
  paper: Paper,
  layout: Layout,
): readonly string[] {
  const lane = lanes.find(({ id }) => id === runs[0]?.steps[index]?.lane)?.title ?? 'Before';
  const linesOf = ({ steps }: RecordedRun): readonly ColumnLine[] => {
    const step = steps[index];
    return step === undefined ? [] : columnOf(step, steps[index - 1]);
  };
  return [
    '',
    ...(index === parting ? [...ruledLines('Here the two part ways', paper), ''] : []),
    ...layout.paragraph(String(index), lane, linesOf),
  ];
}

function columnOf(step: RecordedStep, before: RecordedStep | undefined): readonly ColumnLine[] {
  return [
    { text: tame(step.headline) },
    ...step.calls.flatMap(({ refused, answer }): readonly ColumnLine[] =>
      refused ? [{ text: `refused: ${clipped(tame(answer ?? ''))}`, tone: 'faint' }] : [],
    ),
    ...step.zone.endpoints.flatMap((endpoint): readonly ColumnLine[] => {
      const was = before?.zone.endpoints.find(({ name }) => name === endpoint.name);
      const line = destination(endpoint);
      return was !== undefined && destination(was).text === line.text ? [] : [line];
    }),
    ...step.alarms.map((alarm): ColumnLine => ({ text: `! ${tame(alarm)}`, tone: 'bad' })),
  ];
}

function clipped(text: string): string {
  return text.length > REFUSAL_CHARS ? `${text.slice(0, REFUSAL_CHARS - 3)}...` : text;
}

function destination(endpoint: EndpointPicture): ColumnLine {
  const { name, root, answer } = endpoint;
  const target = root === null ? 'no root' : `root -> ${root.target}`;
  if (isEmpty(endpoint))
    return { text: tame(`${name}: ${target}, no answer (${answer.rcode})`), tone: 'bad' };
  const values = answer.values.map(({ value, percent }) => `${value} ${percent} %`).join(', ');
  return { text: tame(`${name}: ${target}, answers ${values}`), tone: 'careful' };
}
