// Shows a recorded run, or two, a step at a time. It is put into the page as it stands, and asks for nothing.
const MARKS = {
  wrote: { path: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z', says: 'wrote' },
  looked: { path: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z', says: 'changed nothing' },
  refused: {
    path: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9zM3.8 3.8l6.4 6.4',
    says: 'refused or unanswered',
  },
  stopped: { path: 'M3 3l8 8M11 3l-8 8', says: 'stopped' },
};
const MINUTE_MS = 60_000;
/** What a narrow screen has room for. */
const COLUMNS_MAX = 14;
const SVG = 'http://www.w3.org/2000/svg';

const recording = JSON.parse(document.getElementById('recording').textContent);
const { runs, lanes, parting } = recording;
const last = runs[0].steps.length - 1;
let at = 0;

const $ = (id) => document.getElementById(id);

/** An element; text is only ever put in as text. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Number.POSITIVE_INFINITY).filter((child) => child !== null));
  return element;
}

function mark(kind, isAlarm) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 14 14');
  svg.setAttribute('class', `mark ${kind}${isAlarm ? ' alarm' : ''}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', MARKS[kind].path);
  svg.append(path);
  return svg;
}

const laneTitle = (id) => lanes.find((lane) => lane.id === id)?.title ?? 'Before';
const stepName = (index) => `Step ${index} of ${last}`;

function answers(run) {
  return run.steps[at].zone.endpoints.flatMap(({ name, root, answer }) => [
    make('p', { class: 'name' }, name),
    make(
      'ul',
      { class: 'answer' },
      answer.values.length === 0
        ? make('li', { class: 'nothing' }, 'No answer', make('span', {}, answer.rcode))
        : answer.values.map(({ value, percent }) =>
            make('li', {}, value, make('span', {}, `${percent} % of the time`)),
          ),
    ),
    make('p', { class: 'quiet' }, answerNote(root)),
  ]);
}

/** The same in two words, for a narrow screen: always in sight, whichever run is being read. */
function glance(run) {
  const words = run.steps[at].zone.endpoints.map(({ root, answer }) => {
    if (answer.values.length === 0) return make('b', { class: 'bad' }, 'No answer');
    return make('b', {}, root?.generation ? `Plan ${root.generation}` : answer.values[0].value);
  });
  return make('p', {}, make('span', {}, run.title), words);
}

function answerNote(root) {
  if (root === null) return 'The root is missing.';
  if (root.dangles) return `The root points at ${root.target}, which is gone.`;
  return root.generation === null
    ? `The root points at ${root.target}.`
    : `The tree of plan ${root.generation}.`;
}

/** The steps that a table has room for: all, or as many around the current one. */
function stepsInSight(steps) {
  const first = Math.max(0, Math.min(at - COLUMNS_MAX / 2, steps.length - COLUMNS_MAX));
  return steps
    .map((step, index) => ({ step, index }))
    .slice(Math.ceil(first), Math.ceil(first) + COLUMNS_MAX);
}

function columnClass(index) {
  const names = [index === at ? 'here' : '', index > at ? 'later' : '', index === parting ? 'parts' : ''];
  return names.filter((name) => name !== '').join(' ');
}

function stepButton({ step, index }) {
  const here = index === parting ? ', where the two part ways' : '';
  const button = make(
    'button',
    {
      type: 'button',
      'aria-label': `${stepName(index)}: ${laneTitle(step.lane)}${here}`,
      'aria-current': index === at ? 'step' : null,
    },
    String(index),
  );
  button.addEventListener('click', () => go(index));
  return make('th', { scope: 'col', class: columnClass(index) }, button);
}

function laneTable(run) {
  const inSight = stepsInSight(run.steps);
  const cell = (id, { step, index }) =>
    make(
      'td',
      { class: columnClass(index) },
      step.lane !== id
        ? null
        : [
            mark(step.mark, step.alarms.length > 0),
            make('span', { class: 'visually-hidden' }, MARKS[step.mark].says),
          ],
    );
  const rows = lanes.map(({ id, title }) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, title),
      inSight.map((column) => cell(id, column)),
    ),
  );
  return make(
    'table',
    { class: 'lanes' },
    make('caption', { class: 'visually-hidden' }, `${run.title}: who acted at each step`),
    make('thead', {}, make('tr', {}, make('th', { class: 'corner' }, 'Step'), inSight.map(stepButton))),
    make('tbody', {}, rows),
  );
}

function zoneTable(run) {
  const { zone } = run.steps[at];
  const before = run.steps[at - 1]?.zone ?? zone;
  const rows = zone.endpoints.flatMap((endpoint) => {
    const was = before.endpoints.find(({ name }) => name === endpoint.name) ?? endpoint;
    return [
      ...(zone.endpoints.length > 1 ? [endpointRow(endpoint.name)] : []),
      pointerRow('root', endpoint.root, was.root),
      pointerRow('rollback', endpoint.rollback, was.rollback),
      ...treeRows(endpoint, was),
    ];
  });
  return make(
    'table',
    { class: 'zone' },
    make('caption', { class: 'visually-hidden' }, `${run.title}: the zone after this step`),
    make('tbody', {}, rows, fenceRow(zone.fence, before.fence)),
  );
}

function row(title, className, ...cells) {
  return make(
    'tr',
    { class: className === '' ? null : className },
    make('th', { scope: 'row' }, title),
    make('td', {}, cells),
  );
}

function endpointRow(name) {
  return make('tr', {}, make('th', { scope: 'colgroup', colspan: '2', class: 'name' }, name));
}

const note = (text, className = '') => make('span', { class: `note ${className}`.trim() }, text);

function pointerRow(title, pointer, was) {
  if (pointer === null) return row(title, '', note('none'));
  return row(
    title,
    '',
    make('code', {}, `→ ${pointer.target}`),
    was?.target === pointer.target ? null : note('changed', 'changed'),
    pointer.dangles ? note('points at nothing', 'bad') : null,
  );
}

function treeRows(endpoint, was) {
  const gone = was.trees.filter(({ label }) => !endpoint.trees.some((tree) => tree.label === label));
  const all = [
    ...endpoint.trees.map((tree) => ({ tree, isGone: false })),
    ...gone.map((tree) => ({ tree, isGone: true })),
  ].sort((one, other) => (one.tree.label < other.tree.label ? -1 : 1));
  return all.map(({ tree, isGone }, index) => {
    const isLive = endpoint.root?.target === tree.label;
    const isNew = !was.trees.some(({ label }) => label === tree.label);
    return row(
      index === 0 ? 'trees' : '',
      isGone ? 'gone' : isLive ? 'live' : '',
      make('code', {}, tree.label),
      tree.values.map((value) => make('code', {}, value)),
      isLive && !isGone ? note('live') : null,
      isGone ? note('deleted', isLive ? 'bad' : 'changed') : isNew ? note('new', 'changed') : null,
    );
  });
}

function fenceRow(fence, was) {
  if (fence === null) return row('fence', '', note('none: nothing says what is applied'));
  if (fence.generation === null)
    return row('fence', '', make('code', {}, fence.text), note('cannot be read', 'bad'));
  return row(
    'fence',
    '',
    make('code', {}, `gen=${fence.generation} seq=${fence.seq} by=${fence.by}`),
    fence.frozen ? note('frozen', 'bad') : null,
    was?.text === fence.text ? null : note('moved', 'changed'),
  );
}

function callList(run) {
  const { calls } = run.steps[at];
  if (calls.length === 0) return make('p', { class: 'quiet' }, 'None.');
  return make(
    'ol',
    { class: 'calls' },
    calls.map(({ site, detail, times, answer, refused }) =>
      make(
        'li',
        {},
        make('code', {}, site),
        ` ${detail}`,
        times > 1 ? make('span', { class: 'said' }, ` (asked ${times} times)`) : null,
        answer === null
          ? null
          : make(
              'span',
              { class: refused ? 'refused' : 'said' },
              ` → ${refused ? 'refused: ' : ''}${answer}`,
            ),
      ),
    ),
  );
}

function block(title, ...content) {
  return make('div', { class: 'block' }, make('h3', {}, title), content);
}

function section(run, index) {
  const step = run.steps[at];
  const lane = step.lane === null ? null : make('b', {}, `${laneTitle(step.lane)} `);
  const alarms = step.alarms.map((alarm) => make('li', {}, alarm));
  const verdict = make('p', { class: `verdict ${run.verdict.good ? 'good' : 'bad'}` }, run.verdict.text);
  return make(
    'section',
    { class: 'run', 'aria-labelledby': `run-${index}` },
    make(
      'div',
      { class: 'who' },
      make('h2', { id: `run-${index}` }, run.title),
      make('p', { class: 'quiet' }, run.about),
    ),
    block(
      'What happens',
      make('p', { class: 'headline' }, lane, step.headline),
      alarms.length === 0 ? null : make('ul', { class: 'alarms' }, alarms),
      at === last ? verdict : null,
    ),
    block('What a resolver gets', answers(run)),
    block('Who acted', laneTable(run)),
    block('The zone after this step', zoneTable(run)),
    block('Calls of this step', callList(run)),
  );
}

function where() {
  const { lane, atMs } = runs[0].steps[at];
  return `${stepName(at)} · ${laneTitle(lane)} · minute ${Math.round(atMs / MINUTE_MS)}`;
}

function said() {
  const positions = runs.map((run) => {
    const { lane, headline, alarms } = run.steps[at];
    return `${run.title}: ${lane === null ? '' : `${laneTitle(lane)} `}${headline} ${alarms.join(' ')}`;
  });
  const here = at === parting ? 'Here the two part ways. ' : '';
  return `${stepName(at)}. ${here}${positions.join(' ')}`;
}

function showParting() {
  const button = $('parting');
  button.parentElement.hidden = parting === null;
  button.parentElement.classList.toggle('here', at === parting);
  button.textContent =
    at === parting ? `Step ${parting}: here the two part ways.` : `The two part ways at step ${parting}.`;
}

function show() {
  // What is rebuilt loses the focus: it goes back to the same step's button.
  const focused = document.activeElement?.closest?.('.lanes th button');
  const table = focused ? [...document.querySelectorAll('.lanes')].indexOf(focused.closest('table')) : -1;
  $('glance').replaceChildren(...runs.map(glance));
  $('runs').replaceChildren(...runs.map(section));
  if (table >= 0) document.querySelectorAll('.lanes')[table].querySelector('[aria-current]').focus();
  $('where').textContent = where();
  $('slider').value = String(at);
  $('slider').setAttribute('aria-valuetext', where());
  $('back').setAttribute('aria-disabled', String(at === 0));
  $('next').setAttribute('aria-disabled', String(at === last));
  showParting();
}

function go(index) {
  const next = Math.min(last, Math.max(0, index));
  if (next === at) return;
  at = next;
  show();
  $('said').textContent = said();
  history.replaceState(null, '', `#${at}`);
}

function fromAddress() {
  const step = Number.parseInt(location.hash.slice(1), 10);
  return Number.isNaN(step) ? 0 : Math.min(last, Math.max(0, step));
}

$('back').addEventListener('click', () => go(at - 1));
$('next').addEventListener('click', () => go(at + 1));
$('parting').addEventListener('click', () => go(parting));
$('slider').max = String(last);
$('slider').addEventListener('input', (event) => go(Number(event.target.value)));
addEventListener('hashchange', () => go(fromAddress()));
addEventListener('keydown', (event) => {
  // The slider moves by itself, and a browser's own shortcuts stay its own.
  if (event.target === $('slider') || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  go(to);
});

$('legend').append(
  ...Object.entries(MARKS).map(([kind, { says }]) => make('span', {}, mark(kind, false), ` ${says}`)),
);
at = fromAddress();
show();
$('replay').hidden = false;
