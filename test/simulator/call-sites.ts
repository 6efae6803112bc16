import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENT_TYPES } from '../../lib/ledger/decider/event-shape.ts';
import type { FencedKind } from '../../lib/plan/batch-kinds.ts';

/** Complete by its type. */
const KINDS: Readonly<Record<FencedKind, true>> = {
  fence: true,
  stage: true,
  repair: true,
  flip: true,
  retire: true,
  freeze: true,
};

/** What calls a port on somebody's behalf, and which verb of it. */
const BY_WAY_OF: Readonly<Record<string, string>> = {
  getPlan: 'ledger.getBody',
  planOf: 'ledger.getBody',
  declaredFleet: 'ledger.getBody',
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
  awaitInsync: 'zone.changeStatus',
};

const WORKFLOWS: readonly string[] = ['auditor', 'cell', 'enactor', 'janitor', 'operator', 'planner'];
/** A verb of a port that is not a write: those are named by what they write. */
const VERB = /\b(?:(ledger|zone|source)\.(?!append\b|change\b)|clock\.(?=sleep\b))([a-zA-Z]+)\(/g;
const EVENT = /\btype: '([A-Z][A-Za-z]+)'/g;
const QUOTED = /'([a-z]+)'/g;

/** Every place in the text of a workflow where a port is called, as the fault matrix names them, by file below lib/. */
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

/** The call sites that a text holds. */
export function sitesIn(text: string): readonly string[] {
  const verbs = [...text.matchAll(VERB)].map(([, port, verb]) => `${port ?? 'clock'}.${verb}`);
  const known = new Set<string>(EVENT_TYPES);
  const events = [...text.matchAll(EVENT)].flatMap(([, type = '']) =>
    known.has(type) ? [`ledger.append ${type}`] : [],
  );
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
