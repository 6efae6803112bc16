import { Validations } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { CELLS, stackOf, templateOf } from './synthesised.ts';

const GIVEN = 'arn:aws:s3:::anchors-of-another-account';
const made = templateOf({ anchorBucket: 'made', anchorDays: 400 });
const given = templateOf({ anchorBucket: GIVEN });

/** The roles, and the policies of people, that may do something with S3, each with what. */
function allowedIn(template: Template): Readonly<Record<string, readonly string[]>> {
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.entries(template.findResources(type)),
  );
  return Object.fromEntries(
    policies.flatMap(([id, { Properties }]) => {
      const statements: readonly { readonly Action: string | readonly string[] }[] =
        Properties.PolicyDocument.Statement;
      const actions = statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith('s3:'));
      return actions.length === 0 ? [] : [[id.replace(/[0-9A-F]{8}$/, ''), actions.sort()]];
    }),
  );
}

describe('the anchors of a stack', () => {
  test('are none unless the deployment asks for them', () => {
    const none = templateOf();
    none.resourceCountIs('AWS::S3::Bucket', 0);
    expect(allowedIn(none)).toEqual({});
    expect(() => parseDeployment({ cells: CELLS, anchorBucket: 'pawl-anchors' })).toThrow(
      'the ARN of a bucket',
    );
  });

  test('are in a bucket that nobody can empty, and that outlives the stack', () => {
    made.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
    made.hasOutput('AnchorBucket', {});
  });

  test.each([
    ['made', made],
    ['given', given],
  ])('(%s) are written by the herald alone, who may not write the ledger', (_, template) => {
    expect(allowedIn(template)).toEqual({
      HeraldRoleDefaultPolicy: ['s3:ListBucket', 's3:PutObject'],
      AnchorsReader: ['s3:ListBucket'],
    });
    const herald = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) =>
      id.startsWith('HeraldRole'),
    );
    expect(JSON.stringify(herald)).not.toContain('dynamodb:PutItem');
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PAWL_ROLE: 'herald', PAWL_ANCHORS: Match.anyValue() } },
    });
  });

  test.each(['made', GIVEN])('(%s) have nothing that cdk-nag finds', { timeout: 120_000 }, (anchorBucket) => {
    const { app } = stackOf({ anchorBucket });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
