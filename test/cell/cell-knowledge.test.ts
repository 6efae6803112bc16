import { describe, expect, it } from 'vitest';
import { knowledgeOf } from '../../lib/cell/cell-knowledge.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { BodyDamaged } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { latency, to } from '../plan/given-routes.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';
import { smallFleet } from '../support/small-fleet.ts';

/** A ledger without a body that can be read, and the digests of those that were asked for. */
function damagedLedger(): { readonly ledger: Ledger; readonly read: readonly string[] } {
  const read: string[] = [];
  const getBody = async (_: string, digest: string): Promise<string> => {
    read.push(digest);
    throw new BodyDamaged(`The body ${digest} is damaged.`);
  };
  return { ledger: { ...memoryLedger(LEDGER), getBody }, read };
}

it('a cell is planned although an earlier fleet, and what a person once asked, are damaged', async () => {
  const name = dnsName('api.example.test');
  const { ledger, read } = damagedLedger();
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

describe('what a branch is compared with', () => {
  const [api, ...others] = smallFleet(1).endpoints;
  const route = latency({ 'eu-west-1': to('api-1') });
  const declared = {
    ...smallFleet(1),
    zoneId: 'Z1',
    endpoints: api === undefined ? others : [{ ...api, route }, ...others],
  };
  const now = 10_000_000;
  const windowMs = declared.policy.capacityWindowS * 1_000;
  const applied = (number: number, at: number) => ({
    ...{ generation: generation(number), digest: `plan ${number}`, seq: seq(number), at },
  });
  /** The bodies that are read where the log remembers these applied plans, newest first. */
  const readWith = async (
    history: readonly ReturnType<typeof applied>[],
    fleet: CellFleet = declared,
  ): Promise<readonly string[]> => {
    const { ledger, read } = damagedLedger();
    const state = { ...initialState(CELL, LEDGER), format: NEWEST_LEDGER_FORMAT, history };
    const head = { cell: CELL, number: 1, hash: 'h', state };
    const known = await knowledgeOf(ledger, head, { declared: fleet, observations: {}, now });
    expect(known.earlier).toBeUndefined();
    return read;
  };

  it('is the plan that was applied when the window began, and a damaged one is none', async () => {
    const history = [applied(4, now - 1), applied(3, now - windowMs), applied(2, now - 2 * windowMs)];
    expect(await readWith(history)).toEqual(['plan 3']);
  });

  it('is the oldest that is remembered where all were applied since', async () => {
    expect(await readWith([applied(4, now - 1), applied(3, now + 1)])).toEqual(['plan 3']);
    expect(await readWith([])).toEqual([]);
  });

  it('is not read where no endpoint has a route', async () => {
    expect(await readWith([applied(4, now - windowMs)], { ...smallFleet(1), zoneId: 'Z1' })).toEqual([]);
  });
});
