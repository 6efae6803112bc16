import { useFetched } from './fetched.js';
import { lasting, moment, percent } from './moments.js';
import { Ago, Badge, Command, Events, generation, Next, Sentence, Share, Trouble } from './parts.js';
import { to } from './router.js';
import { html } from './view-library.js';

const HOLDS = {
  yes: ['✓', 'good', 'holds'],
  'not-yet': ['…', 'careful', 'is on its way'],
  no: ['✕', 'bad', 'does not hold'],
  'not-known': ['?', 'unknown', 'is not known'],
};
const EVENTS_SHOWN = 10;

/** One cell: what it answers, what waits, and what its fence says. */
export function CellView({ name, state, isOld, now }) {
  const card = state.cells?.find(({ cell }) => cell === name);
  const { document: cell, trouble } = useFetched(`/api/cell/${encodeURIComponent(name)}`, card?.version);
  const condition =
    card === undefined
      ? null
      : html`<${Badge} tone=${card.tone} word=${card.condition} isOld=${isOld || trouble !== undefined} />`;
  return html`<nav class="trail" aria-label="Where this is"><a href="#/">Fleet</a> <span aria-hidden="true">/</span> ${card?.region ?? 'cell'}</nav>
    <div class="title"><h1 tabindex="-1">${name}</h1>${condition}
      <p class="quiet">${[cell?.zone, cell?.zoneId, card?.since ? `for ${lasting(now - card.since)}` : undefined].filter(Boolean).join(' · ')}</p></div>
    <${Trouble} says=${trouble} />
    ${(card?.remarks ?? []).length === 0 ? null : html`<section class="attention" aria-label="What needs attention">${card.remarks.map((parts, index) => html`<${Sentence} key=${index} parts=${parts} />`)}</section>`}
    ${cell === undefined ? (trouble === undefined ? html`<p class="quiet">Reading …</p>` : null) : html`<${Read} cell=${cell} card=${card} state=${state} now=${now} />`}`;
}

function Read({ cell, card, state, now }) {
  const events = state.events.filter((event) => event.cell === cell.cell);
  return html`<div class="two-columns">
    <section aria-labelledby="endpoints">
      <h2 id="endpoints">Endpoints <span class="quiet">${cell.endpoints.length}, on ${cell.targets} targets</span></h2>
      ${cell.endpoints.map((endpoint) => html`<${Endpoint} key=${endpoint.name} endpoint=${endpoint} now=${now} />`)}
    </section>
    <div class="side">
      <${Chain} cell=${cell} card=${card} />
      <${Room} room=${cell.room} awaited=${card?.awaitedRoom ?? null} now=${now} />
      <${Plans} cell=${cell} now=${now} />
      <section class="panel" aria-labelledby="happened"><h2 id="happened">What happened</h2>
        <${Events} events=${events} withCell=${false} limit=${EVENTS_SHOWN} />
        <p><a href=${to('log', cell.cell)}>The log of ${cell.cell}</a></p></section>
      <${Next} lines=${cell.next} />
    </div>
  </div>`;
}

function Endpoint({ endpoint, now }) {
  const { name, kind, ttl, floor, shares, absent, keptBack, refused, answers, decide } = endpoint;
  const about = [kind, ttl === null ? null : `TTL ${ttl} s`, floor === null ? null : `floor ${floor}`]
    .filter(Boolean)
    .join(' · ');
  return html`<article class="panel endpoint" data-endpoint=${name} aria-label=${name}>
    <div class="card-head"><h3><a href=${to('name', name)}>${name}</a></h3>
      ${keptBack !== null ? html`<${Badge} tone="careful" word="kept back" />` : null}
      ${refused !== null ? html`<${Badge} tone="bad" word="refused" />` : null}
      ${answers ? null : html`<${Badge} tone="faint" word="does not answer yet" />`}
      <span class="quiet">${about}</span></div>
    <${Branches} branches=${shares.branches ?? []} />
    <${ShareTable} answers=${shares.answers} then=${keptBack === null ? 'what the goal makes of it' : 'if it is let go'} />
    ${absent.length === 0 ? null : html`<p class="absent"><strong>Not in its answers:</strong> ${absent.map(({ target, why }, index) => html`<span key=${target}>${index > 0 ? '; ' : ''}<code>${target}</code> ${why}</span>`)}</p>`}
    ${refused === null ? null : html`<p class="boxed bad">Route 53 refuses it (${refused.step} of @${refused.generation}): ${refused.reason}</p>`}
    ${keptBack === null ? null : html`<${KeptBack} waiting=${keptBack} decide=${decide} now=${now} />`}
  </article>`;
}

/** What waits for an endpoint, and why. */
export function KeptBack({ waiting, decide = [], now }) {
  const { findings, since, rejected } = waiting;
  return html`<div class="boxed careful"><p><strong>Kept back${since === null ? '' : ` for ${lasting(now - since)}`}.</strong> ${rejected === null ? '' : `${rejected.by} wants it so: ${rejected.reason}`}</p>
    <ul class="findings">${findings.map(({ code, message }, index) => html`<li key=${index}>${message} <code>${code}</code></li>`)}</ul>
    ${decide.map((line) => html`<p key=${line}><${Command} line=${line} /></p>`)}</div>`;
}

/** What answers from where: the branches of an endpoint, and how Route 53 comes to choose each. */
export function Branches({ branches }) {
  if (branches.length === 0) return null;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="What answers from where"><table><caption>What answers from where</caption><thead><tr><th scope="col">Branch</th><th scope="col">Chosen by</th><th scope="col">Share</th></tr></thead>
    <tbody>${branches.map(({ branch, before, after }) => html`<tr key=${branch}><th scope="row"><code>${branch}</code></th><td>${(before ?? after).routing}</td><td>${(before ?? after).permille === null ? html`<span class="quiet">by place</span>` : html`<${Share} before=${before} after=${after} />`}</td></tr>`)}</tbody></table></div>`;
}

/** Every target with its share of the answers, one column for each type of record. */
export function ShareTable({ answers, then }) {
  const types = [...new Set(answers.map(({ type }) => type))].sort();
  const rows = new Map();
  for (const answer of answers) {
    const key = `${answer.branch ?? ''} ${answer.target}`;
    rows.set(key, [...(rows.get(key) ?? []), answer]);
  }
  if (rows.size === 0) return null;
  const isChanging = answers.some(({ before, after }) => before?.permille !== after?.permille);
  return html`${isChanging ? html`<p class="quiet"><span class="then">→</span> ${then}</p>` : null}<table class="shares"><caption class="visually-hidden">Targets and their share of the answers</caption><thead><tr><th scope="col">Target</th>${types.map((type) => html`<th key=${type} scope="col">${type}</th>`)}</tr></thead>
    <tbody>${[...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([
          key,
          some,
        ]) => html`<tr key=${key} data-target=${some[0].target}><th scope="row"><code>${some[0].target}</code>${some[0].branch === undefined ? null : html` <span class="quiet">in ${some[0].branch}</span>`}</th>
      ${types.map((type) => html`<td key=${type} class=${some.some((each) => each.type === type) ? '' : 'none'}><${Answer} answer=${some.find((each) => each.type === type)} type=${type} /></td>`)}</tr>`,
      )}</tbody></table>`;
}

function Answer({ answer, type }) {
  if (answer === undefined) return html`<span class="quiet">-</span>`;
  const { before, after } = answer;
  return html`<span class="visually-hidden">${type}</span><${Share} before=${before} after=${after} /><span class="answer">${(before ?? after).answer}</span>`;
}

function Chain({ cell }) {
  return html`<section class="panel" aria-labelledby="chain"><h2 id="chain">The fence's chain</h2>
    <ol class="chain">${cell.chain.map(({ what, says, holds }) => html`<li key=${what}><span class="sign ${HOLDS[holds][1]}" aria-hidden="true">${HOLDS[holds][0]}</span><div><strong>${what}</strong><span class="visually-hidden"> ${HOLDS[holds][2]}</span><p class="quiet">${says}</p></div></li>`)}</ol>
    ${cell.writes.length === 0 ? null : html`<details><summary>Its newest writes</summary><ol class="plain">${cell.writes.map(({ seq, at, by, number, text }) => html`<li key=${number}><strong>seq ${seq}</strong> <span class="quiet">${moment(at)} · ${by}</span><br />${text}</li>`)}</ol></details>`}
  </section>`;
}

function Room({ room, awaited, now }) {
  if (room === null)
    return html`<section class="panel" aria-labelledby="room"><h2 id="room">The zone's room</h2><p class="quiet">Nobody has surveyed the zone yet.</p></section>`;
  const { records, ours, recordLimit, surveyedAt } = room;
  const filled = Math.round((records / recordLimit) * 1_000);
  const own = ours === null ? 0 : Math.round((ours / recordLimit) * 1_000);
  return html`<section class="panel" aria-labelledby="room"><h2 id="room">The zone's room</h2>
    <svg class="bar tall" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=${`${records} of ${recordLimit} records`}><rect class="bar-ground" width="1000" height="10" /><rect class="bar-others" width=${filled} height="10" /><rect class="bar-fill" width=${own} height="10" /></svg>
    <p>${records} of ${recordLimit} records, ${percent(filled)}${ours === null ? '' : `; ${ours} are this cell's`}.</p>
    <p class="quiet">Surveyed <${Ago} at=${surveyedAt} now=${now} />.</p>
    ${awaited === null ? null : html`<p class="boxed careful">@${awaited.generation} waits for room: it needs ${awaited.needs} records, ${awaited.free} are free.</p>`}
  </section>`;
}

function Plans({ cell, now }) {
  const { plans, declared } = cell;
  return html`<section class="panel" aria-labelledby="plans"><h2 id="plans">Plans</h2>
    ${declared === null ? null : html`<p class="quiet">Fleet declared <${Ago} at=${declared.at} now=${now} />${declared.by === null ? '' : ` by ${declared.by}`}.</p>`}
    <ol class="plain">${plans.map(({ generation: number, digest, is, at }, index) => {
      const before = plans[index + 1];
      return html`<li key=${number}><strong>${generation(number)}</strong> <code>${digest}</code> ${is.map((word) => html`<span key=${word} class="tag">${word}</span> `)}<span class="quiet"><${Ago} at=${at} now=${now} /></span>
        ${before === undefined ? null : html` <a href=${to('compare', cell.cell, String(before.generation), String(number))}>compare with ${generation(before.generation)}</a>`}</li>`;
    })}</ol></section>`;
}
