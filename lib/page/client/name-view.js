import { Branches, KeptBack, ShareTable } from './cell-view.js';
import { useFetched } from './fetched.js';
import { moment } from './moments.js';
import { Badge, generation, Next, Trouble } from './parts.js';
import { to } from './router.js';
import { html } from './view-library.js';

/** One name as the chain that decides what it answers, from its root to its leaves, and whose plan that is. */
export function NameView({ name, state, now }) {
  const [cellName] = state.cells?.filter(() => true) ?? [];
  const versions = state.cells?.map(({ version }) => version).join();
  const { document: seen, trouble } = useFetched(
    `/api/name/${encodeURIComponent(name)}`,
    versions ?? cellName,
  );
  return html`<nav class="trail" aria-label="Where this is"><a href="#/">Fleet</a> <span aria-hidden="true">/</span> ${seen === undefined ? 'name' : html`<a href=${to('cell', seen.cell)}>${seen.cell}</a>`}</nav>
    <div class="title"><h1 tabindex="-1">${name}</h1>${seen === undefined ? null : html`<p class="quiet">${seen.kind} endpoint${seen.name === name ? '' : ` ${seen.name}`} · TTL ${seen.ttl} s · zone ${seen.zone}</p>`}</div>
    <${Trouble} says=${trouble} />
    ${seen === undefined ? (trouble === undefined ? html`<p class="quiet">Reading …</p>` : null) : html`<${Seen} seen=${seen} now=${now} isOld=${trouble !== undefined} />`}`;
}

function Seen({ seen, now, isOld }) {
  const {
    root,
    rootIsAsPlanned,
    tree,
    branches = [],
    nodes,
    shares,
    targets,
    applied,
    rollback,
    keptBack,
    refused,
    cell,
    behind,
  } = seen;
  const isSound = rootIsAsPlanned && tree.condition === 'intact';
  return html`${keptBack === null ? null : html`<${KeptBack} waiting=${keptBack} decide=${seen.decide} now=${now} />`}
    ${refused === null ? null : html`<p class="boxed bad">Route 53 refuses it (${refused.step} of @${refused.generation}): ${refused.reason}</p>`}
    <div class="two-columns">
      <section aria-labelledby="path"><h2 id="path">Why it answers as it does</h2>
        <ol class="steps">
          <${Step} what="Root" is=${rootIsAsPlanned ? ['good', 'as planned'] : ['bad', 'not as planned']} isOld=${isOld}>${root.length === 0 ? html`<p>Nothing stands there.</p>` : root.map(({ type, answer }, index) => html`<p key=${index}><span class="tag">${type}</span> <code>${answer}</code></p>`)}<//>
          <${Step} what="Tree" is=${tree.condition === 'intact' ? ['good', 'intact'] : ['bad', tree.condition]} isOld=${isOld}><p><code>${tree.name}</code></p><//>
          ${
            branches.length === 0
              ? null
              : html`<${Step} what="Nodes" is=${branches.every(({ condition }) => condition === 'intact') ? ['good', `${nodes.length} nodes`] : ['bad', 'not as planned']} isOld=${isOld}><${Branches} branches=${shares.branches ?? []} />
            <ul class="plain">${branches.map(({ path, name, condition }) => html`<li key=${path}><code>${path}</code> at <code>${name}</code>${condition === 'intact' ? '' : `, ${condition}`}</li>`)}</ul><//>`
          }
          <${Step} what="Leaves" is=${[isSound ? 'good' : 'careful', `${shares.answers.length} records`]} isOld=${isOld}><${ShareTable} answers=${shares.answers} then="if it is let go" />
            <details><summary>Why each target is as it is</summary><ul class="plain">${targets.map(({ target, az, why }) => html`<li key=${target}><code>${target}</code> <span class="quiet">${az}</span> ${why}</li>`)}</ul></details><//>
        </ol>
      </section>
      <div class="side">
        <section class="panel" aria-labelledby="whose"><h2 id="whose">Whose plan it is</h2>
          ${applied === null ? null : html`<p><strong>${cell}${generation(applied.generation)}</strong>, applied by ${applied.by}, fence seq ${applied.seq}<br /><span class="quiet">${moment(applied.at)}</span></p>`}
          ${
            behind === null
              ? html`<p class="quiet">The event that made this tree lies further back than this page reads.</p>`
              : html`<dl class="behind">
            <${Word} what="Tree made by" event=${behind.plan} /><${Word} what="A person's last word before it" event=${behind.last} /><${Word} what="Fleet by" event=${behind.fleet} /></dl>`
          }
          ${rollback.length === 0 ? null : html`<p class="quiet">Rollback: ${rollback.map(({ type, answer }) => `${type} ${answer}`).join(', ')}</p>`}
        </section>
        <${Next} lines=${seen.next} />
      </div>
    </div>`;
}

function Step({ what, is: [tone, word], isOld, children }) {
  return html`<li class="panel step"><div class="card-head"><h3>${what}</h3><${Badge} tone=${tone} word=${word} isOld=${isOld} /></div>${children}</li>`;
}

function Word({ what, event }) {
  if (event === null) return null;
  return html`<div><dt>${what} <strong>${event.by}</strong></dt><dd>${event.text}<br /><span class="quiet">event ${event.number} · ${moment(event.at)}</span></dd></div>`;
}
