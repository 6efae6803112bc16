import { describe, expect, test } from 'vitest';
import type { Asked, Grant } from '../support/policy-evaluation.ts';
import { deployedPolicies } from '../support/policy-evaluation.ts';
import { CELLS, templateOf } from './synthesised.ts';

// What nobody may do with the policies of a stack, whatever a function's code or a person's command says.

const policies = deployedPolicies(templateOf());
const TABLE = policies.arn('LedgerTable');
const WRITERS = ['EnactorA', 'EnactorB', 'EnactorC', 'Janitor'];
const FUNCTIONS = [...WRITERS, 'Planner', 'Auditor', 'Herald'];
const PEOPLE = ['Reader', 'Operator', 'Rescue'];
const FENCE = 'fence.use1-a._pawl.example.test';
const TREE = 'g000001.api.use1-a._pawl.example.test';

function grantOf(who: string): Grant {
  return PEOPLE.includes(who) ? policies.ofPeople(who) : policies.ofFunction(who);
}

function batch(
  names: readonly string[],
  types: readonly string[] = ['TXT', 'A'],
  actions: readonly string[] = ['DELETE', 'CREATE'],
  zoneId = CELLS['use1-a'].zoneId,
): Asked {
  const key = 'route53:ChangeResourceRecordSets';
  return {
    action: key,
    resource: `arn:aws:route53:::hostedzone/${zoneId}`,
    context: {
      [`${key}NormalizedRecordNames`]: names,
      [`${key}RecordTypes`]: types,
      [`${key}Actions`]: actions,
    },
  };
}

function put(partition: string, action = 'dynamodb:PutItem'): Asked {
  return { action, resource: TABLE, context: { 'dynamodb:LeadingKeys': [partition] } };
}

type Case = readonly [what: string, asked: Asked];

const ZONE_WRITES: readonly Case[] = [
  ['the root of an endpoint', batch([FENCE, 'api.example.test'])],
  ['a tree', batch([FENCE, TREE])],
  ['the fence', batch([FENCE], ['TXT'])],
  ['the first fence', batch([FENCE], ['TXT'], ['CREATE'])],
];

const BEYOND_EVERYBODY: readonly Case[] = [
  ['an MX', batch([FENCE, 'api.example.test'], ['TXT', 'MX'])],
  ['the zone itself', batch([FENCE, 'example.test'], ['TXT', 'NS', 'SOA'])],
  ['UPSERT', batch([FENCE, 'api.example.test'], ['TXT', 'A'], ['UPSERT'])],
  ['a name of another zone', batch([FENCE, 'api.example-eu.test'])],
  [
    "the other cell's zone by this cell's names",
    batch([FENCE, TREE], ['TXT', 'A'], ['CREATE'], CELLS['euw1-a'].zoneId),
  ],
  ['a zone of nobody', batch([FENCE], ['TXT'], ['CREATE'], 'Z0000000000000000ELSE')],
  ['a batch without the fence', batch([TREE], ['A'], ['CREATE', 'DELETE'])],
  ['a deletion alone', batch([FENCE], ['TXT'], ['DELETE'])],
  ['a batch of which IAM is told nothing', { ...batch([FENCE]), context: {} }],
  ['another ledger', { ...put('CELL#use1-a'), resource: TABLE.replace('Ledger', 'Other') }],
  ["another stack's cell", put('CELL#use1-b')],
  ['a cell that begins like one of the stack', put('CELL#use1-a#OTHER')],
  ['a put of which IAM is told no key', { action: 'dynamodb:PutItem', resource: TABLE }],
  ...['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete', 'PartiQLInsert'].map(
    (verb): Case => [verb, put('CELL#use1-a', `dynamodb:${verb}`)],
  ),
  ...['DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups'].map(
    (verb): Case => [verb, { action: `dynamodb:${verb}`, resource: TABLE }],
  ),
  ['the end of a zone', { action: 'route53:DeleteHostedZone', resource: batch([]).resource }],
  ['a role for somebody else', { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/other' }],
];

describe('nobody has', () => {
  test.each(BEYOND_EVERYBODY)('%s', async (_what, asked) => {
    const allowed: string[] = [];
    for (const who of [...FUNCTIONS, ...PEOPLE]) if (await grantOf(who).allows(asked)) allowed.push(who);
    expect(allowed).toEqual([]);
  });
});

/** Who has what, and so nobody else. */
const ONLY: readonly (readonly [what: string, asked: Asked, who: readonly string[]])[] = [
  ...ZONE_WRITES.slice(0, 2).map(([what, asked]) => [what, asked, [...WRITERS, 'Rescue']] as const),
  ...ZONE_WRITES.slice(2).map(([what, asked]) => [what, asked, [...WRITERS, 'Operator', 'Rescue']] as const),
  [
    'an event of a cell',
    put('CELL#use1-a'),
    ['EnactorA', 'EnactorB', 'EnactorC', 'Janitor', 'Planner', 'Auditor', 'Operator'],
  ],
  ['a body of a cell', put('CELL#use1-a#BODY'), ['EnactorA', 'EnactorB', 'EnactorC', 'Planner', 'Operator']],
  ['a cell in the list of cells', put('CELLS'), ['Operator']],
  [
    'the identity of a new ledger',
    put('LEDGER'),
    ['EnactorA', 'EnactorB', 'EnactorC', 'Janitor', 'Planner', 'Auditor', 'Operator'],
  ],
  ['the whole table at once', { action: 'dynamodb:Scan', resource: TABLE }, ['Reader', 'Operator']],
  ['the names of zones', { action: 'route53:ListHostedZonesByName', resource: '*' }, PEOPLE],
];

describe('who has', () => {
  test.each(ONLY)('%s', async (_what, asked, who) => {
    const allowed: string[] = [];
    for (const each of [...FUNCTIONS, ...PEOPLE]) if (await grantOf(each).allows(asked)) allowed.push(each);
    expect(allowed.sort()).toEqual([...who].sort());
  });
});
