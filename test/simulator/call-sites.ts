import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENT_OF } from '../../lib/ledger/decider/commands.ts';
import type { FencedKind } from '../../lib/plan/batch-kinds.ts';
import { ownValue } from '../../lib/plan/own-value.ts';

/** Its type demands that no kind is missing. */
const KINDS: Readonly<Record<FencedKind, true>> = {
  fence: true,
  stage: true,
  repair: true,
  flip: true,
  retire: true,
  freeze: true,
  offer: true,
  handover: true,
  plain: true,
  clear: true,
  end: true,
};

/** Functions that call a port for their caller, and the verb that each of them calls. */
const BY_WAY_OF: Readonly<Record<string, string>> = {
  getPlan: 'ledger.getBody',
  planOf: 'ledger.getBody',
  declaredFleet: 'ledger.getBody',
  declaredNames: 'ledger.getBody',
  recordedObservations: 'ledger.getBody',
  knowCell: 'ledger.getBody',
  knowledgeOf: 'ledger.getBody',
  putPlan: 'ledger.putBody',
  putObservations: 'ledger.putBody',
  claimedNames: 'ledger.cells',
  execute: 'ledger.head',
  readFence: 'zone.listRecords',
  recordsAt: 'zone.listRecords',
  recordsUnder: 'zone.listRecords',
  allRecords: 'zone.describe',
  confirmZone: 'zone.describe',
  awaitInsync: 'zone.changeStatus',
};

const WORKFLOWS: readonly string[] = ['auditor', 'cell', 'enactor', 'janitor', 'operator', 'planner'];
/** A verb of a port that is not a write. The event of its command names an append, and its kind names a change. */
const VERB =
  /\b(?:(ledger|zone|source|successor|quota)\.(?!append\b|change\b)|clock\.(?=sleep\b))([a-zA-Z]+)\(/g;
const COMMAND = /\btype: '([A-Z][A-Za-z]+)'/g;
const QUOTED = /'([a-z]+)'/g;

/** Every call site of a port in the text of the workflows, as the fault matrix names it, by file below lib/. */
export function callSites(): ReadonlyMap<string, readonly string[]> {
  const lib = fileURLToPath(new URL('../../lib/', import.meta.url));
  const sites = new Map<string, readonly string[]>();
  for (const folder of WORKFLOWS) {
    for (const file of readdirSync(join(lib, folder)).sort()) {
      const found = sitesIn(readFileSync(join(lib, folder, file), 'utf8'));
      if (found.length > 0) sites.set(`${folder}/${file}`, found);
    }
  }
  return sites;
}

/** The call sites in a text. */
export function sitesIn(text: string): readonly string[] {
  const verbs = [...text.matchAll(VERB)].map(([, port, verb]) => `${port ?? 'clock'}.${verb}`);
  const events = [...text.matchAll(COMMAND)].flatMap(([, type = '']) => {
    const event = ownValue<string>(EVENT_OF, type);
    return event === undefined ? [] : [`ledger.append ${event}`];
  });
  const kinds = text
    .split('\n')
    .filter((line) => /\bkind: /.test(line))
    .flatMap((line) => [...line.matchAll(QUOTED)].map(([, word = '']) => word))
    .flatMap((word) => (Object.hasOwn(KINDS, word) ? [`zone.change ${word}`] : []));
  const indirect = Object.entries(BY_WAY_OF).flatMap(([name, site]) =>
    new RegExp(`(?<!function )\\b${name}\\(`).test(text) ? [site] : [],
  );
  return [...new Set([...verbs, ...events, ...kinds, ...indirect])].sort();
}
