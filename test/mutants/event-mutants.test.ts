import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import type { EventMutantWork } from './event-mutant-worker.ts';
import type { Replacement } from './mutant.ts';

const ANNOUNCE = 'wiring/announce.ts';
const BUS = 'wiring/event-bus.ts';
const TOLD_EVENT = 'events/told-event.ts';
const SIGNATURE = 'events/webhook-signature.ts';
const KINDS = 'events/told-kinds.ts';
const MESSAGE = 'events/told-message.ts';

interface EventMutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** What the broken rule says. */
  readonly says: RegExp;
}

function mutant(name: string, says: RegExp, file: string, find: string, put: string): EventMutant {
  return { name, replacements: [{ file, find, put }], says };
}

/** Bugs in how events leave, by which one would be lost, come as another one, or hold up a wake. */
const MUTANTS: readonly EventMutant[] = [
  {
    name: 'events that are told before anybody is woken',
    says: /in the order tell wake keep/,
    replacements: [
      {
        file: ANNOUNCE,
        find: '  const { asked, failures } = await wake();\n',
        put: '  const untaken = await tell();\n  const { asked, failures } = await wake();\n',
      },
      { file: ANNOUNCE, find: '  const untaken = await tell();\n  if', put: '  if' },
    ].reverse(),
  },
  mutant(
    'anchors whose failure keeps events from being told',
    /in the order wake keep$/,
    ANNOUNCE,
    'const [kept] = await Promise.allSettled([keep()]);',
    "await keep(); const kept = { status: 'fulfilled', reason: undefined };",
  ),
  mutant(
    'entries that the bus refused and that are dropped',
    /the bus was offered \[\[1,2,3,4\]\]/,
    BUS,
    'if (EventId !== undefined && ErrorCode === undefined) return [];',
    'return [];',
  ),
  mutant(
    'a request that is offered whole although a part of it was taken',
    /the bus was offered \[\[1,2,3,4\],\[1,2,3,4\]\]/,
    BUS,
    'const batches = entryBatches(untaken.map(({ event }) => event));',
    'const batches = entryBatches(events);',
  ),
  mutant(
    'an id of the clock',
    /an id differs between two attempts/,
    TOLD_EVENT,
    'const { cell, number, event, by } = recorded;',
    'const { cell, event, by } = recorded; const number = Date.now();',
  ),
  mutant(
    'an id of the cell alone',
    /two events have one id/,
    TOLD_EVENT,
    'const { cell, number, event, by } = recorded;',
    'const { cell, event, by } = recorded; const number = 0;',
  ),
  mutant(
    'a signature over the body alone',
    /the signature does not cover the time/,
    SIGNATURE,
    "update(signedText(body, atS), 'utf8')",
    "update(body, 'utf8')",
  ),
  mutant(
    'an event of the ledger that the table forgets',
    /TargetsObserved is forgotten in the table/,
    KINDS,
    '  TargetsObserved:\n',
    '  TargetsSeen:\n',
  ),
  mutant(
    'a kind of the table that nobody tells',
    /SourcesBlind is never told; SourcesSee is never told/,
    MESSAGE,
    'return sourcesMessage(event, cell);',
    'return undefined;',
  ),
];

describe('the rules of telling, on code with a bug in it,', () => {
  for (const { name, replacements, says } of MUTANTS) {
    it(`find "${name}"`, async () => {
      const work: EventMutantWork = { replacements };
      const result = await ownProcess(new URL('./event-mutant-worker.ts', import.meta.url), work);
      expect(result).toMatch(/^killed: /);
      expect(result).toMatch(says);
    });
  }

  it('find nothing where there is none', async () => {
    const work: EventMutantWork = { replacements: [] };
    expect(await ownProcess(new URL('./event-mutant-worker.ts', import.meta.url), work)).toBe('survived');
  });
});
