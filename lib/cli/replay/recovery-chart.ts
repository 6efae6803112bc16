import type { RecoveredRun, Recovery } from '../../simulator/recovery/recovery.ts';
import type { RecoveryMeasure } from '../../simulator/recovery/recovery-series.ts';
import { measureText } from './measure-text.ts';
import { escaped } from './page-frame.ts';

/** Units of the drawing. */
const WIDTH = 480;
const HEIGHT = 130;
const EDGE = { left: 52, right: 8, top: 8, bottom: 24 } as const;
const HOURS_BETWEEN_TICKS = 3;
const MINUTES_OF_HOUR = 60;

/** One measure of all runs as lines over the hours, in SVG, with a text that says the same. */
export function recoveryChart({ runs, schedule, events }: Recovery, measure: RecoveryMeasure): string {
  const { id, unit, title } = measure;
  const most = unit === '%' ? 100 : Math.max(1, ...runs.flatMap(({ series }) => series[id]));
  const x = (minute: number) => {
    const { beginsMinute, endsMinute } = schedule;
    const share = (minute - beginsMinute) / (endsMinute - beginsMinute);
    return tenths(EDGE.left + share * (WIDTH - EDGE.left - EDGE.right));
  };
  const y = (value: number) =>
    tenths(HEIGHT - EDGE.bottom - (value / most) * (HEIGHT - EDGE.top - EDGE.bottom));
  const { fromMinute, toMinute } = schedule.fault;
  const lines = runs.map(({ id: run, series }) => {
    const points = series[id].map((value, at): Point => [x(schedule.beginsMinute + at), y(value)]);
    return `<polyline class="line ${run}" points="${cornersOf(points).join(' ')}"/>`;
  });
  const bottom = HEIGHT - EDGE.bottom;
  return `<figure>
<figcaption><b>${escaped(title)}</b>${unit === 'a second' ? ', a second' : ''}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-says">
<title id="${id}-title">${escaped(title)}</title>
<desc id="${id}-says">${escaped(runs.map((run) => said(run, measure, schedule)).join(' '))}</desc>
<rect class="away" x="${x(fromMinute)}" y="${EDGE.top}" width="${tenths(x(toMinute) - x(fromMinute))}" height="${bottom - EDGE.top}"/>
${[0, most].map((value) => levelMark(value, y(value), measureText(unit, value))).join('\n')}
${hoursOf(schedule)
  .map((hour) => `<text x="${x(hour * MINUTES_OF_HOUR)}" y="${HEIGHT - 8}">${hour} h</text>`)
  .join('\n')}
${events.map(({ minute }) => `<path class="event" d="M${x(minute)} ${EDGE.top}V${bottom}"/>`).join('\n')}
${lines.join('\n')}
</svg>
</figure>`;
}

type Point = readonly [x: number, y: number];

function levelMark(value: number, y: number, text: string): string {
  const label = value === 0 ? '0' : text;
  return `<path class="level" d="M${EDGE.left} ${y}H${WIDTH - EDGE.right}"/><text class="value" x="${EDGE.left - 6}" y="${y + 4}">${escaped(label)}</text>`;
}

function hoursOf({ endsMinute }: Recovery['schedule']): readonly number[] {
  const count = Math.floor(endsMinute / MINUTES_OF_HOUR / HOURS_BETWEEN_TICKS);
  return Array.from({ length: count }, (_, at) => at * HOURS_BETWEEN_TICKS);
}

/** Points of a line without those that lie between two of the same height. */
function cornersOf(points: readonly Point[]): readonly string[] {
  const corners = points.filter(([, y], at) => y !== points[at - 1]?.[1] || y !== points[at + 1]?.[1]);
  return corners.map(([x, y]) => `${x},${y}`);
}

/** The measure of a run before the fault, at its end, and when the schedule is over. */
function said(
  { title, series }: RecoveredRun,
  { id, unit }: RecoveryMeasure,
  schedule: Recovery['schedule'],
): string {
  const at = (minute: number) => measureText(unit, series[id][minute - schedule.beginsMinute] ?? 0);
  const { fault, endsMinute } = schedule;
  return `${title}: ${at(fault.fromMinute - 1)} before, ${at(fault.toMinute - 1)} in minute ${fault.toMinute - 1}, ${at(fault.toMinute + 1)} in minute ${fault.toMinute + 1}, ${at(endsMinute - 1)} at the end.`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
