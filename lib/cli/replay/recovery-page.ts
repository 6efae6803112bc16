import type { RecoveredRun, Recovery } from '../../simulator/recovery/recovery.ts';
import { TOLD_MINUTES } from '../../simulator/recovery/recovery-schedule.ts';
import { measureText } from './measure-text.ts';
import { escaped, framedPage } from './page-frame.ts';
import { recoveryChart } from './recovery-chart.ts';

/** A page that shows a recovery: what came of it, a chart for each measure, and a table. It needs no script. */
export function recoveryPage(recovery: Recovery): Promise<string> {
  const { title, about, runs, measures } = recovery;
  return framedPage({
    title,
    about,
    style: 'recovery-page.css',
    body: `<main>
<div class="outcomes">
${runs.map(outcome).join('\n')}
</div>
<h2>Over the hours</h2>
<p class="quiet">Grey: the database is away. Dotted, from left to right: ${escaped(eventsText(recovery))}</p>
<div class="charts">
${measures.map((measure) => recoveryChart(recovery, measure)).join('\n')}
</div>
<h2>By the minute</h2>
<div class="wide" role="region" aria-label="By the minute" tabindex="0">
${minutesTable(recovery)}
</div>
</main>
<footer>
<p>Shares and the age of the queue are those at the end of a minute, rates its mean. Wasted is work for callers that had gone, or writes that changed nothing. A target that nobody hears keeps its place with Pawl; with the manager of 2025 a host without a lease is out of service.</p>
</footer>`,
  });
}

function outcome({ id, title, about, verdict }: RecoveredRun): string {
  return `<section class="outcome" aria-labelledby="run-${id}">
<h2 id="run-${id}"><svg class="key" viewBox="0 0 28 8" aria-hidden="true"><path class="line ${id}" d="M0 4H28"/></svg> ${escaped(title)}</h2>
<p class="quiet">${escaped(about)}</p>
<p class="verdict ${verdict.good ? 'good' : 'bad'}">${escaped(verdict.text)}</p>
</section>`;
}

function eventsText({ events }: Recovery): string {
  return events.map(({ minute, text }) => `${text.replace(/[.]$/, '')}: minute ${minute}.`).join(' ');
}

function minutesTable({ runs, measures, schedule, events }: Recovery): string {
  const heads = runs.map(
    ({ title }) => `<th scope="colgroup" colspan="${measures.length}">${escaped(title)}</th>`,
  );
  const names = runs.flatMap(() => measures.map(({ short }) => `<th scope="col">${escaped(short)}</th>`));
  const rows = TOLD_MINUTES.map((minute) => {
    const cells = runs.flatMap(({ series }) =>
      measures.map(({ id, unit }) => {
        const value = series[id][minute - schedule.beginsMinute] ?? 0;
        return `<td>${escaped(measureText(unit, value))}</td>`;
      }),
    );
    const isEvent = events.some((event) => event.minute === minute);
    return `<tr${isEvent ? ' class="event"' : ''}><th scope="row">${minute}</th>${cells.join('')}</tr>`;
  });
  return `<table>
<caption class="visually-hidden">Every measure of every run, at the minutes that tell something</caption>
<thead><tr><th></th>${heads.join('')}</tr>
<tr><th scope="col">Minute</th>${names.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}
