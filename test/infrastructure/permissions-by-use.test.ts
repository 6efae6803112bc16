// @module-tag slow
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseStage, lineOf, prepared } from '../cli/faults/base-stage.ts';
import type { FaultyEndpoints } from '../cli/faults/faulty-endpoints.ts';
import { faultyEndpoints, TABLE } from '../cli/faults/faulty-endpoints.ts';
import type { Stage } from '../cli/faults/stage.ts';
import { play } from '../cli/faults/stage.ts';
import type { Verb } from '../cli/faults/verbs.ts';
import { READING, WRITING, zoneOf } from '../cli/faults/verbs.ts';
import type { DeployedPolicies } from '../support/policy-evaluation.ts';
import { denied, deployedPolicies } from '../support/policy-evaluation.ts';
import type { RecordedCall } from '../support/recorded-calls.ts';
import { recordCalls } from '../support/recorded-calls.ts';
import { templateOf } from './synthesised.ts';

// What every command calls, held against the policies that a stack has for people (docs/adr/0046-….md).

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

let endpoints: FaultyEndpoints;
let folder: string;
let base: Stage;
let policies: DeployedPolicies;

beforeAll(async () => {
  endpoints = await faultyEndpoints();
  folder = await mkdtemp(join(tmpdir(), 'pawl-permissions-'));
  base = await baseStage(endpoints, folder);
  const { id: zoneId } = await zoneOf(play(endpoints, base));
  policies = deployedPolicies(templateOf({ cells: { 'use1-a': { zone: 'example.test', zoneId } } }));
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
  // A role's own work: it appends to the ledger and writes to the zone.
  enact: ['Operator', 'Rescue'],
  retire: ['Operator', 'Rescue'],
};

describe('what a command calls', () => {
  test.each([...READING, ...ALSO_READING])('$name: is allowed to a reader', async (verb) => {
    expect(await denied(policies.ofPeople('Reader'), await callsOf(verb))).toEqual([]);
  });

  test.each(WRITING)(
    '$name: is allowed to who has the policies for it, and not to a reader',
    async (verb) => {
      const calls = await callsOf(verb);
      expect(await denied(policies.ofPeople(...(NEEDED[verb.name] ?? ['Operator'])), calls)).toEqual([]);
      const writes = calls.filter(({ action }) => /:(PutItem|Change)/.test(action));
      expect(await denied(policies.ofPeople('Reader'), writes)).toEqual(writes);
    },
  );

  test('rescue --export: is allowed to a rescuer, who may read no ledger', async () => {
    const [verb] = READING.filter(({ name }) => name === 'rescue --export');
    if (verb === undefined) throw new Error('The verb is gone.');
    expect(await denied(policies.ofPeople('Rescue'), await callsOf(verb))).toEqual([]);
  });
});
