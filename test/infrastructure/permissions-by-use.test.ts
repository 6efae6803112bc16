// @module-tag slow
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { program } from '../../lib/cli/program.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { create } from '../../lib/plan/records.ts';
import { baseStage, lineOf, prepared } from '../cli/faults/base-stage.ts';
import type { FaultyEndpoints } from '../cli/faults/faulty-endpoints.ts';
import { faultyEndpoints, TABLE } from '../cli/faults/faulty-endpoints.ts';
import type { Stage } from '../cli/faults/stage.ts';
import { emptyStage, play } from '../cli/faults/stage.ts';
import type { Verb } from '../cli/faults/verbs.ts';
import { READING, WRITING, zoneOf } from '../cli/faults/verbs.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import type { DeployedPolicies } from '../support/policy-evaluation.ts';
import { denied, deployedPolicies } from '../support/policy-evaluation.ts';
import type { RecordedCall } from '../support/recorded-calls.ts';
import { recordCalls } from '../support/recorded-calls.ts';
import { templateOf } from './synthesised.ts';

// What every command calls, held against the policies that a stack has for people (docs/adr/0046-permissions-are-evaluated.md).

const ALSO_READING: readonly Verb[] = [
  { name: 'plan', line: 'plan' },
  { name: 'plan diff', line: 'plan diff use1-a@1 use1-a@2' },
  { name: 'fleet check', line: 'fleet check FOLDER/third.yaml' },
  { name: 'fleet push --dry-run', line: 'fleet push FOLDER/third.yaml --dry-run' },
  { name: 'import', line: 'import --zone example.test' },
  { name: 'enact --dry-run', line: 'enact use1-a --dry-run' },
  { name: 'retire --dry-run', line: 'retire use1-a --dry-run' },
  { name: 'audit --dry-run', line: 'audit use1-a --no-dns --dry-run' },
];

const ALSO_WRITING: readonly Verb[] = [
  { name: 'upgrade', line: 'upgrade --yes' },
  {
    name: 'retry',
    before: async (played, path) => {
      const record = {
        name: dnsName('old.example.test'),
        type: 'A',
        ttl: 60,
        values: ['192.0.2.99'],
      } as const;
      await (await zoneOf(played)).change({ kind: 'scratch', changes: [create(record)], comment: 'a hand' });
      for (const line of [`fleet push ${path}/old.yaml --yes`, 'plan --append', 'enact use1-a'])
        await played.pawl(line);
    },
    line: 'retry old.example.test',
  },
];

/** Commands that need no policy of the stack. */
const WITHOUT: Readonly<Record<string, string>> = {
  start: 'works in the local world',
  simulate: 'works in memory',
  replay: 'works in memory',
  completion: 'prints a text',
  resolve: 'asks a DNS server',
  preflight: 'asks about the account before there is a stack, as whoever deploys',
  drill: 'works in the local world',
  emulator: 'serves an account of its own, in memory',
  'lease cut': 'works in the local world',
  'lease hold': 'has the policy of holders: function-permissions.test.ts',
  'lease ls': 'reads the table of leases: permissions.test.ts',
  'lease forget': 'writes one row of it, as a holder does: function-permissions.test.ts',
  page: 'looks as status, explain, history and plan diff do, each of which is here by itself',
  'take-over': 'imports, adopts and pushes, each of which is here by itself',
  doctor: 'writes scratch records into a zone before there is a stack, as whoever may do that',
};

let endpoints: FaultyEndpoints;
let folder: string;
let base: Stage;
let policies: DeployedPolicies;

beforeAll(async () => {
  endpoints = await faultyEndpoints();
  folder = await mkdtemp(join(tmpdir(), 'pawl-permissions-'));
  base = await baseStage(endpoints, folder);
  const names = ['api', 'old', 'www'].map((label) => `${label}.example.test`);
  const { id: zoneId } = await zoneOf(play(endpoints, base));
  const own = { zone: 'example.test', zoneId, names };
  const cells = { 'use1-a': own, 'use1-b': { ...own, names: ['web.example.test'] } };
  policies = deployedPolicies(templateOf({ cells }));
});

afterAll(async () => {
  await endpoints.close();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that a command calls, with the stack's own table. */
async function callsOf(verb: Verb): Promise<readonly RecordedCall[]> {
  const stage = await prepared(endpoints, base, verb, folder);
  const line = await lineOf(endpoints, stage, verb, folder);
  const recorder = recordCalls();
  try {
    const { exit, err } = await recorder.as(verb.name, () => play(endpoints, stage).pawl(line));
    expect([0, 1], `${verb.name}: ${err}`).toContain(exit);
  } finally {
    recorder.stop();
  }
  const stored = policies.arn('LedgerTable');
  return recorder.calls().map((call) => ({
    ...call,
    resource: call.resource.endsWith(`table/${TABLE}`) ? stored : call.resource,
  }));
}

/** The policies that docs/operations.md names for a command that writes; the operator's unless it is here. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'rescue --to-rollback': ['Rescue'],
  'rescue --plan': ['Rescue'],
  'give-back': ['Operator', 'Rescue'],
  // A role's own work: it appends to the ledger and writes to the zone.
  enact: ['Operator', 'Rescue'],
  retire: ['Operator', 'Rescue'],
};

describe('the commands', () => {
  test('are all here', async () => {
    const words = (command: Command): readonly string[] =>
      command.commands.flatMap((below) => {
        const own = below.commands.length === 0 || below.registeredArguments.length > 0 ? [below.name()] : [];
        return [...own, ...words(below).map((each) => `${below.name()} ${each}`)];
      });
    const typed = [...READING, ...ALSO_READING, ...WRITING, ...ALSO_WRITING].map(({ line }) => line);
    const all = words(await program({ run: async () => undefined }, NOWHERE));
    expect(all.length).toBeGreaterThan(30);
    const unknown = all.filter(
      (command) => WITHOUT[command] === undefined && !typed.some((line) => line.startsWith(command)),
    );
    expect(unknown, 'say who may run it: a verb here, or why it needs no policy').toEqual([]);
  });
});

describe('what a command calls', () => {
  test.each([...READING, ...ALSO_READING])('$name: is allowed to a reader', async (verb) => {
    expect(await denied(policies.ofPeople('Reader'), await callsOf(verb))).toEqual([]);
  });

  // A verb that waits for roles calls what the same push, import and adoption call without them, each of which is here.
  test.each([...WRITING.filter(({ roles }) => roles !== true), ...ALSO_WRITING])(
    '$name: is allowed to who has the policies for it, and not to a reader',
    async (verb) => {
      const calls = await callsOf(verb);
      expect(await denied(policies.ofPeople(...(NEEDED[verb.name] ?? ['Operator'])), calls)).toEqual([]);
      const writes = calls.filter(({ action }) => /:(PutItem|Change)/.test(action));
      expect(await denied(policies.ofPeople('Reader'), writes)).toEqual(writes);
    },
  );

  test('the first fleet push: is allowed to an operator, who gives a new ledger its identity and lists the cell', async () => {
    const recorder = recordCalls();
    try {
      const played = play(endpoints, emptyStage());
      const { exit, err } = await recorder.as('the first', () =>
        played.pawl(`fleet push ${folder}/first.yaml --yes`),
      );
      expect(exit, err).toBe(0);
    } finally {
      recorder.stop();
    }
    const puts = recorder
      .calls()
      .filter(({ action }) => action === 'dynamodb:PutItem')
      .map((call) => ({ ...call, resource: policies.arn('LedgerTable') }));
    expect(new Set(puts.flatMap(({ context }) => context?.['dynamodb:LeadingKeys'] ?? []))).toEqual(
      new Set(['LEDGER', 'CELL#use1-a#BODY', 'CELLS', 'CELL#use1-a']),
    );
    expect(await denied(policies.ofPeople('Operator'), puts)).toEqual([]);
  });

  test('rescue --export: is allowed to a rescuer, who may read no ledger', async () => {
    const [verb] = READING.filter(({ name }) => name === 'rescue --export');
    if (verb === undefined) throw new Error('The verb is gone.');
    expect(await denied(policies.ofPeople('Rescue'), await callsOf(verb))).toEqual([]);
  });
});
