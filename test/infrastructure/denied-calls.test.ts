import { describe, expect, test } from 'vitest';
import type { Asked, Grant } from '../support/policy-evaluation.ts';
import { deployedPolicies, grantOf } from '../support/policy-evaluation.ts';
import { CELLS, templateOf, templatesOf } from './synthesised.ts';

// What nobody may do with the policies of a stack, whatever a function's code or a person's command says.

const { template, cells } = templatesOf();
const policies = deployedPolicies(template);
const TABLE = policies.arn('LedgerTable');
const LEASES = policies.arn('LeasesTable');
const WRITERS = ['EnactorA', 'EnactorB', 'EnactorC', 'Janitor'];
const FUNCTIONS = [...WRITERS, 'Planner', 'Auditor', 'Herald', 'BakeWatcher'];
const PEOPLE = ['Reader', 'Operator', 'Rescue'];
const EVERYBODY = [...FUNCTIONS, ...PEOPLE, 'Holder'];
const FENCE = 'fence.use1-a._pawl.example.test';
const TREE = 'g000001.api.use1-a._pawl.example.test';

const STACK = 'arn:aws:cloudformation:us-east-1:123456789012:stack/pawl/1';
const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:pawl.use1-a.Regression';

function granted(who: string): Grant {
  return [...PEOPLE, 'Holder'].includes(who) ? policies.ofPeople(who) : policies.ofFunction(who);
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

/** A call about leases. */
function lease(partition: string, verb = 'PutItem'): Asked {
  return {
    action: `dynamodb:${verb}`,
    resource: LEASES,
    context: { 'dynamodb:LeadingKeys': [partition] },
  };
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
  ['SPF at the apex, which is no endpoint', batch([FENCE, 'example.test'], ['TXT'])],
  ['a challenge of ACME', batch([FENCE, '_acme-challenge.example.test'], ['TXT'])],
  ['a name that is no endpoint', batch([FENCE, 'shop.example.test'])],
  ['UPSERT', batch([FENCE, 'api.example.test'], ['TXT', 'A'], ['UPSERT'])],
  ['a name of another zone', batch([FENCE, 'api.example-eu.test'])],
  [
    "the other cell's zone by this cell's names",
    batch([FENCE, TREE], ['TXT', 'A'], ['CREATE'], CELLS['euw1-a'].zoneId),
  ],
  ['a zone of nobody', batch([FENCE], ['TXT'], ['CREATE'], 'Z0000000000000000ELSE')],
  ['a batch without the fence', batch([TREE], ['A'], ['CREATE', 'DELETE'])],
  ['a deletion of a tree alone', batch([TREE], ['A'], ['DELETE'])],
  ['a deletion of the fence and a tree alone', batch([FENCE, TREE], ['TXT', 'A'], ['DELETE'])],
  ["a deletion of another record's TXT", batch([FENCE, 'api.example.test'], ['TXT'], ['DELETE'])],
  ["a deletion of another cell's fence", batch(['fence.use1-b._pawl.example.test'], ['TXT'], ['DELETE'])],
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
  ["a lease of another stack's cell", lease('use1-b#use1-az1')],
  ['a lease of a cell that begins like one of the stack', lease('use1-ab#use1-az1')],
  ['a lease that is of no availability zone', lease('use1-a')],
  ['a look at leases of another cell', lease('use1-b#use1-az1', 'Query')],
  ['a look at a row of another cell', lease('use1-b#use1-az1', 'GetItem')],
  ['a lease of which IAM is told no key', { action: 'dynamodb:PutItem', resource: LEASES }],
  ['a lease in the ledger', { ...lease('use1-a#use1-az1'), resource: TABLE }],
  ['an event among the leases', lease('CELL#use1-a')],
  ...['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete', 'PartiQLInsert'].map(
    (verb): Case => [`${verb} of a lease`, lease('use1-a#use1-az1', verb)],
  ),
  ...['Scan', 'DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'UpdateContinuousBackups'].map(
    (verb): Case => [`${verb} of the table of leases`, { action: `dynamodb:${verb}`, resource: LEASES }],
  ),
  ['the end of a zone', { action: 'route53:DeleteHostedZone', resource: batch([]).resource }],
  ['a stack that is changed', { action: 'cloudformation:UpdateStack', resource: STACK }],
  ['a stack that is taken back', { action: 'cloudformation:RollbackStack', resource: STACK }],
  ['an alarm that is silenced', { action: 'cloudwatch:DisableAlarmActions', resource: ALARM }],
  ['an alarm that is deleted', { action: 'cloudwatch:DeleteAlarms', resource: ALARM }],
  ['an alarm that is set right by hand', { action: 'cloudwatch:SetAlarmState', resource: ALARM }],
  ['a role for somebody else', { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/other' }],
];

describe('nobody has', () => {
  test.each(BEYOND_EVERYBODY)('%s', async (_what, asked) => {
    const allowed: string[] = [];
    for (const who of EVERYBODY) if (await granted(who).allows(asked)) allowed.push(who);
    expect(allowed).toEqual([]);
  });
});

/** Who has what, and so nobody else. */
const ONLY: readonly (readonly [what: string, asked: Asked, who: readonly string[]])[] = [
  ...ZONE_WRITES.slice(0, 2).map(([what, asked]) => [what, asked, [...WRITERS, 'Rescue']] as const),
  ...ZONE_WRITES.slice(2).map(([what, asked]) => [what, asked, [...WRITERS, 'Operator', 'Rescue']] as const),
  // Whoever gives a cell without endpoints back has nothing to create beside it.
  ['the end of the fence, alone', batch([FENCE], ['TXT'], ['DELETE']), ['Rescue']],
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
  ['a lease', lease('use1-a#use1-az1'), ['Planner', 'Operator', 'Holder']],
  ...['GetItem', 'Query'].map(
    (verb) =>
      [
        `${verb} of leases`,
        lease('euw1-a#euw1-az3', verb),
        ['Planner', 'Reader', 'Operator', 'Holder'],
      ] as const,
  ),
  ['the whole table at once', { action: 'dynamodb:Scan', resource: TABLE }, ['Reader', 'Operator']],
  [
    'the status of the stack',
    { action: 'cloudformation:DescribeStacks', resource: STACK },
    ['Reader', 'Operator', 'BakeWatcher'],
  ],
  // A rollout in waves asks whether they ring, as the watcher of a bake does.
  [
    'the state of alarms',
    { action: 'cloudwatch:DescribeAlarms', resource: '*' },
    ['BakeWatcher', 'Operator'],
  ],
  ['the names of zones', { action: 'route53:ListHostedZonesByName', resource: '*' }, PEOPLE],
];

describe('who has', () => {
  test.each(ONLY)('%s', async (_what, asked, who) => {
    const allowed: string[] = [];
    for (const each of EVERYBODY) if (await granted(each).allows(asked)) allowed.push(each);
    expect(allowed.sort()).toEqual([...who].sort());
  });
});

test('whoever bakes sees no other stack, and nothing of the ledger or of a zone', async () => {
  const baker = policies.ofFunction('BakeWatcher');
  const elsewhere = STACK.replace('/pawl/', '/other/');
  expect(await baker.allows({ action: 'cloudformation:DescribeStacks', resource: elsewhere })).toBe(false);
  for (const verb of ['GetItem', 'Query', 'DescribeTable'])
    expect(await baker.allows({ action: `dynamodb:${verb}`, resource: TABLE })).toBe(false);
  const zone = batch([]).resource;
  expect(await baker.allows({ action: 'route53:ListResourceRecordSets', resource: zone })).toBe(false);
  expect(
    await baker.allows({ action: 'lambda:InvokeFunction', resource: policies.arn('EnactorAFunction') }),
  ).toBe(false);
});

test('whoever holds leases has nothing of the ledger, and nothing of a zone', async () => {
  const holder = policies.ofPeople('Holder');
  expect(await holder.allows(lease('use1-a#use1-az1'))).toBe(true);
  for (const verb of ['Scan', 'DescribeTable'])
    expect(await holder.allows({ action: `dynamodb:${verb}`, resource: TABLE })).toBe(false);
  for (const verb of ['GetItem', 'Query', 'PutItem'])
    for (const partition of ['CELL#use1-a', 'CELL#use1-a#BODY', 'LEDGER', 'use1-a#use1-az1'])
      expect(await holder.allows(put(partition, `dynamodb:${verb}`))).toBe(false);
  const { resource } = batch([]);
  for (const [, asked] of ZONE_WRITES) expect(await holder.allows(asked)).toBe(false);
  expect(await holder.allows({ action: 'route53:ListResourceRecordSets', resource })).toBe(false);
});

describe('the policies of one cell', () => {
  const own = deployedPolicies(cells.get('use1-a') ?? template, template);

  test('are enough for its operator and its rescuer', async () => {
    for (const [, asked] of ZONE_WRITES) expect(await own.ofPeople('Rescue').allows(asked)).toBe(true);
    const operator = own.ofPeople('Operator');
    for (const partition of ['CELL#use1-a', 'CELL#use1-a#BODY', 'CELLS', 'LEDGER'])
      expect(await operator.allows(put(partition))).toBe(true);
    expect(await operator.allows(batch([FENCE], ['TXT']))).toBe(true);
    for (const kind of ['Operator', 'Holder'])
      expect(await own.ofPeople(kind).allows(lease('use1-a#use1-az1'))).toBe(true);
  });

  test('allow nothing in another cell of the stack', async () => {
    const other = 'fence.euw1-a._pawl.example-eu.test';
    const asked = [
      put('CELL#euw1-a'),
      put('CELL#euw1-a#BODY'),
      lease('euw1-a#euw1-az1'),
      batch([other], ['TXT'], undefined, CELLS['euw1-a'].zoneId),
    ];
    for (const each of asked)
      for (const kind of [...PEOPLE, 'Holder']) expect(await own.ofPeople(kind).allows(each)).toBe(false);
    for (const each of asked) expect(await policies.ofPeople('Operator').allows(each)).toBe(true);
  });
});

describe('a handover', () => {
  const shared = {
    'use1-a': { ...CELLS['use1-a'] },
    'use1-b': { ...CELLS['use1-a'], names: ['www.example.test'] },
  };
  const taking = batch([
    FENCE,
    'fence.use1-b._pawl.example.test',
    '_offer.www.use1-a._pawl.example.test',
    'rollback.www.use1-a._pawl.example.test',
    'rollback.www.use1-b._pawl.example.test',
    'www.example.test',
  ]);
  const allowed = async (cells: Parameters<typeof deployedPolicies>[0], who: string): Promise<boolean> =>
    deployedPolicies(cells).ofFunction(who).allows(taking);

  test("is an enactor's where two cells of the stack share a zone, and never a janitor's", async () => {
    const template = templateOf({ cells: shared });
    expect(await allowed(template, 'EnactorA')).toBe(true);
    expect(await allowed(template, 'Janitor')).toBe(false);
  });

  test('with a cell of another stack is allowed where the deployment says so', async () => {
    const own = { ...CELLS['use1-a'], names: ['www.example.test'] };
    expect(await allowed(templateOf({ cells: { 'use1-b': own } }), 'EnactorA')).toBe(false);
    expect(await allowed(templateOf({ cells: { 'use1-b': { ...own, handsOver: true } } }), 'EnactorA')).toBe(
      true,
    );
  });
});

describe('the statements of release 0.2.0', () => {
  const zone = batch([]).resource;
  const reading = [
    {
      Effect: 'Allow',
      Action: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query'],
      Resource: TABLE,
    },
    { Effect: 'Allow', Action: ['route53:GetHostedZone', 'route53:ListResourceRecordSets'], Resource: zone },
    { Effect: 'Allow', Action: 'route53:GetChange', Resource: 'arn:aws:route53:::change/*' },
  ];
  const key = 'route53:ChangeResourceRecordSets';
  const enactor = {
    Effect: 'Allow',
    Action: key,
    Resource: zone,
    Condition: {
      'ForAllValues:StringLike': {
        [`${key}NormalizedRecordNames`]: ['example.test', '*.example.test', '*.use1-a._pawl.example.test'],
      },
      'ForAllValues:StringEquals': {
        [`${key}RecordTypes`]: ['A', 'AAAA', 'CNAME', 'TXT'],
        [`${key}Actions`]: ['CREATE', 'DELETE'],
      },
      Null: { [`${key}NormalizedRecordNames`]: 'false' },
    },
  };

  test('allowed no rescue by the name of a zone, and no verify', async () => {
    expect(await grantOf(...reading).allows({ action: 'route53:ListHostedZonesByName', resource: '*' })).toBe(
      false,
    );
    expect(await grantOf(...reading).allows({ action: 'dynamodb:Scan', resource: TABLE })).toBe(false);
  });

  test.each([
    ['replace SPF', batch(['example.test'], ['TXT'])],
    ['answer a challenge of ACME', batch(['_acme-challenge.example.test'], ['TXT'], ['CREATE'])],
    ['write past the fence', batch(['api.example.test'], ['A'])],
  ])('let an enactor %s', async (_what, asked) => {
    expect(await grantOf(enactor).allows(asked)).toBe(true);
    expect(await policies.ofFunction('EnactorA').allows(asked)).toBe(false);
  });
});
