import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { HostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import type { PawlProps } from '../../lib/infrastructure/pawl-props.ts';
import { Pawl, PawlStack } from '../../lib/infrastructure/pawl-stack.ts';
import { CELLS } from './synthesised.ts';

const env = { account: '123456789012', region: 'us-east-1' };

function ownStack(): Stack {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return new Stack(app, 'own', { env });
}

function ledgerTable(stack: Stack): TableV2 {
  return new TableV2(stack, 'OwnTable', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
}

function found(stack: Stack) {
  return TableV2.fromTableName(stack, 'Found', 'ledger');
}

/** With a table, a topic and a zone of the stack's own. */
function placed(stack: Stack, more: Partial<PawlProps> = {}): Pawl {
  const zone = new PublicHostedZone(stack, 'OwnZone', { zoneName: 'example.test' });
  const cells = { 'use1-a': { zone, names: ['*.example.test'] } };
  return new Pawl(stack, 'Dns', { cells, ...more });
}

describe('Pawl in a stack of somebody else', () => {
  it('works on the table, the zone and the topic that it is given, and makes none of them', () => {
    const stack = ownStack();
    const table = ledgerTable(stack);
    const alarmTopic = new Topic(stack, 'OwnTopic');
    const pawl = placed(stack, { table, alarmTopic });
    expect(pawl.alarmTopic).toBe(alarmTopic);
    expect(pawl.table).toBe(table);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    // The one that was given, and that of the leases.
    template.resourceCountIs('AWS::DynamoDB::GlobalTable', 2);
    const ledger = stack.resolve(table.tableName);
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const tables = functions.map(({ Properties }) => Properties.Environment.Variables.PAWL_TABLE);
    expect(new Set(tables.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify(ledger)]));
  });

  it('may write in the zone that CloudFormation makes with it, and in no other', () => {
    const stack = ownStack();
    placed(stack);
    const policies = Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy');
    const zones = Object.values(policies)
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('ChangeResourceRecordSets'))
      .map(({ Resource }) => JSON.stringify(Resource));
    expect(zones.length).toBeGreaterThan(0);
    for (const zone of zones) expect(zone).toContain('OwnZone');
  });

  it('has the outputs that the command line looks for, by their own names', () => {
    const stack = ownStack();
    placed(stack);
    const outputs = Template.fromStack(stack).findOutputs('*');
    for (const name of ['Table', 'LeasesTable', 'Cell0', 'Names0Part0', 'LedgerFormat', 'OperatorPolicy'])
      expect(Object.keys(outputs)).toContain(name);
  });

  it('is what a stack of its own has, resource by resource', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const whole = new PawlStack(app, 'pawl', { deployment: parseDeployment({ cells: CELLS }), env });
    const own = ownStack();
    const cells = Object.entries(CELLS).map(([cell, { zone, zoneId, names }]) => {
      const attributes = { zoneName: zone, hostedZoneId: zoneId };
      return [cell, { names, zone: HostedZone.fromHostedZoneAttributes(own, cell, attributes) }] as const;
    });
    new Pawl(own, 'Dns', { cells: Object.fromEntries(cells) });
    const types = (stack: Stack) =>
      Object.values(Template.fromStack(stack).toJSON()['Resources'] as Record<string, { Type: string }>)
        .map(({ Type }) => Type)
        .sort();
    expect(types(own)).toEqual(types(whole));
  });

  it.each<[string, (stack: Stack) => Pawl, string]>([
    [
      'a table that was found without its stream',
      (stack) => placed(stack, { table: found(stack) }),
      'no stream',
    ],
    [
      'a topic and addresses for one',
      (stack) => placed(stack, { alarmTopic: new Topic(stack, 'T'), alarmMail: ['ops@example.test'] }),
      'subscribe the addresses',
    ],
    ['a setting that is not right', (stack) => placed(stack, { bakeSeconds: 7 }), 'bakeSeconds'],
  ])('refuses %s', (_, make, sentence) => {
    expect(() => make(ownStack())).toThrow(sentence);
  });
});
