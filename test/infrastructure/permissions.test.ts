import { describe, expect, test } from 'vitest';
import type { Statement } from './synthesised.ts';
import { actionsOf, managedStatements, statementsOf, templateOf } from './synthesised.ts';

const template = templateOf();
const ENACTORS = ['EnactorA', 'EnactorB', 'EnactorC'];
/** Every function there is, by its construct. */
const FUNCTIONS = Object.keys(template.findResources('AWS::Lambda::Function')).map((id) =>
  id.replace(/Function.*/, ''),
);
const CHANGE = 'route53:ChangeResourceRecordSets';

function changing(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ Action }) => [Action].flat().includes(CHANGE));
}

describe('what the functions may do', () => {
  test.each(FUNCTIONS)('%s never updates, deletes or rewrites an item of a table', (role) => {
    const actions = actionsOf(statementsOf(template, role));
    expect(actions.length).toBeGreaterThan(0);
    const forbidden = actions.filter(
      (action) => /^dynamodb:(Update|Delete|Batch|Transact|PartiQL|\*)/.test(action) || action === '*',
    );
    expect(forbidden).toEqual([]);
  });

  test.each(FUNCTIONS)('%s has no action with a wildcard in it', (role) => {
    expect(actionsOf(statementsOf(template, role)).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('the planner has nothing of Route 53', () => {
    const actions = actionsOf(statementsOf(template, 'Planner'));
    expect(actions.filter((action) => action.startsWith('route53'))).toEqual([]);
    expect(actions).toEqual(
      expect.arrayContaining(['dynamodb:PutItem', 'elasticloadbalancing:DescribeTargetHealth']),
    );
  });

  test('the auditor and the herald change no record', () => {
    for (const role of ['Auditor', 'Herald']) expect(changing(statementsOf(template, role))).toEqual([]);
    const auditor = actionsOf(statementsOf(template, 'Auditor')).filter((action) =>
      action.startsWith('route53'),
    );
    expect(auditor).toEqual([
      'route53:GetChange',
      'route53:GetHostedZone',
      'route53:GetHostedZoneLimit',
      'route53:ListResourceRecordSets',
    ]);
  });

  test.each([...ENACTORS, 'Janitor'])(
    "%s changes its cells' names alone, in their own zones, and never by UPSERT",
    (role) => {
      const all = changing(statementsOf(template, role));
      const statements = all.filter(({ Effect }) => Effect === 'Allow');
      expect(statements.map(({ Resource }) => Resource)).toEqual([
        'arn:aws:route53:::hostedzone/Z0000000000000000USE1',
        'arn:aws:route53:::hostedzone/Z0000000000000000EUW1',
      ]);
      const names = statements.map(
        ({ Condition }) =>
          Condition?.['ForAllValues:StringLike']?.['route53:ChangeResourceRecordSetsNormalizedRecordNames'],
      );
      expect(names).toEqual([
        ['api.example.test', 'web.example.test', '*.use1-a._pawl.example.test'],
        ['api.example-eu.test', '*.euw1-a._pawl.example-eu.test'],
      ]);
      const denied = all.filter(({ Effect }) => Effect === 'Deny');
      const key = 'route53:ChangeResourceRecordSets';
      const fences = ['fence.use1-a._pawl.example.test', 'fence.euw1-a._pawl.example-eu.test'];
      expect(denied.map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
        ['*', { 'ForAnyValue:StringNotEquals': { [`${key}RecordTypes`]: ['A', 'AAAA', 'CNAME', 'TXT'] } }],
        ['*', { 'ForAnyValue:StringNotEquals': { [`${key}Actions`]: ['CREATE', 'DELETE'] } }],
        ['*', { 'ForAllValues:StringNotEquals': { [`${key}NormalizedRecordNames`]: fences } }],
        ['*', { 'ForAllValues:StringNotEquals': { [`${key}RecordTypes`]: ['TXT'] } }],
        ['*', { 'ForAllValues:StringNotEquals': { [`${key}Actions`]: ['CREATE'] } }],
      ]);
    },
  );

  test('the planner alone has leases: those of its cells', () => {
    const holding = FUNCTIONS.flatMap((role) =>
      statementsOf(template, role)
        .filter(({ Resource }) => JSON.stringify(Resource).includes('LeasesTable'))
        .map(({ Action, Condition }) => ({ role, Action, Condition })),
    );
    expect(holding).toEqual([
      {
        role: 'Planner',
        Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['use1-a#*', 'euw1-a#*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ]);
  });

  test('the herald wakes the planner and the enactors, and nobody else', () => {
    const [invoking] = statementsOf(template, 'Herald').filter(
      ({ Action }) => Action === 'lambda:InvokeFunction',
    );
    const targets = JSON.stringify(invoking?.Resource);
    for (const id of ['PlannerFunction', 'EnactorAFunction', 'EnactorBFunction', 'EnactorCFunction'])
      expect(targets).toContain(id);
    expect([invoking?.Resource].flat()).toHaveLength(4);
  });
});

describe('what people may do', () => {
  test('a reader changes nothing', () => {
    const changes = actionsOf(managedStatements(template, 'Reader')).filter(
      (action) => !/:(Get|List|Describe|Query|Scan)/.test(action),
    );
    expect(changes).toEqual([]);
  });

  test('an operator appends to the ledger, and writes the fences alone', () => {
    const statements = managedStatements(template, 'Operator');
    expect(actionsOf(statements)).toContain('dynamodb:PutItem');
    const written = changing(statements).map(({ Condition }) => Condition);
    expect(written.map((each) => each?.['ForAllValues:StringLike'])).toEqual([
      { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['fence.use1-a._pawl.example.test'] },
      { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['fence.euw1-a._pawl.example-eu.test'] },
    ]);
  });

  test('a holder needs the leases alone', () => {
    const statements = managedStatements(template, 'Holder');
    expect(actionsOf(statements)).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']);
    for (const { Resource } of statements) expect(JSON.stringify(Resource)).toContain('LeasesTable');
  });

  test('a rescue needs Route 53 alone', () => {
    const actions = actionsOf(managedStatements(template, 'Rescue'));
    expect(actions.filter((action) => !action.startsWith('route53:'))).toEqual([]);
    expect(actions).toContain(CHANGE);
  });
});
