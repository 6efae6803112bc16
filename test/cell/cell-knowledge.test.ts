import { expect, it } from 'vitest';
import { knowledgeOf } from '../../lib/cell/cell-knowledge.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { BodyDamaged } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { generation } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';
import { smallFleet } from '../support/small-fleet.ts';

it('a cell is planned although an earlier fleet, and what a person once asked, are damaged', async () => {
  const name = dnsName('api.example.test');
  const read: string[] = [];
  const ledger = {
    ...memoryLedger(LEDGER),
    getBody: async (_: string, digest: string): Promise<string> => {
      read.push(digest);
      throw new BodyDamaged(`The body ${digest} is damaged.`);
    },
  };
  const state = {
    ...initialState(CELL, LEDGER),
    keptBack: [{ name, digest: 'd', findings: [], since: 1, fleet: 'an earlier fleet' }],
    refused: [
      {
        ...{
          name,
          step: 'flip' as const,
          generation: generation(1),
          reason: '',
          since: 1,
          at: 1,
          attempts: 1,
        },
        ...{ fleet: null, asked: false, trying: null, wish: "a person's plan" },
      },
    ],
  };
  const known = await knowledgeOf(
    ledger,
    { cell: CELL, number: 1, hash: 'h', state },
    { declared: { ...smallFleet(1), zoneId: 'Z1' }, observations: {}, now: 1 },
  );
  expect(new Set(read)).toEqual(new Set(['an earlier fleet', "a person's plan"]));
  expect([known.accepted.size, known.wishes.size]).toEqual([0, 0]);
});
