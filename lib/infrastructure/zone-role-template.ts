import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NamedCell } from './zone-permissions.ts';
import { cellWriting, zoneReading } from './zone-permissions.ts';

const ROLE_ARN = /^arn:[^:]+:iam::(\d{12}):role(\/(?:.+\/)?)([^/]+)$/;
/** The longest session that the functions ask for, seconds. */
const SESSION_S = 3_600;

/**
 * The CloudFormation template of a cell's two roles, for the account that owns its zone. The permissions are made by the
 * functions that make those of the stack, so that they cannot differ. It trusts the account that it is given as a
 * parameter: which of its principals may assume the roles, that account says. See
 * docs/adr/0055-zones-of-another-account.md.
 *
 * @throws RangeError when the cell names no roles.
 */
export function zoneRoleTemplate(cell: NamedCell): Readonly<Record<string, unknown>> {
  const { roleArn, readerRoleArn, externalId, ...own } = cell;
  if (roleArn === undefined || readerRoleArn === undefined)
    throw new RangeError(`The cell ${cell.cell} names no roleArn and readerRoleArn: give it both.`);
  const role = (arn: string, statements: readonly PolicyStatement[]) =>
    roleResource(arn, externalId, statements);
  const reading = zoneReading([own]);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The roles through which Pawl reads and writes what the cell ${cell.cell} has in ${cell.zone}`,
    Parameters: {
      PawlAccount: {
        Type: 'String',
        AllowedPattern: '\\d{12}',
        Description: 'The account of the stack that serves the cell',
      },
    },
    Resources: {
      Reader: role(readerRoleArn, reading),
      Writer: role(roleArn, [...reading, ...cellWriting([own], { takes: true })]),
    },
  };
}

function roleResource(arn: string, externalId: string | undefined, statements: readonly PolicyStatement[]) {
  const [, , path, name] = ROLE_ARN.exec(arn) ?? [];
  const condition =
    externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Path: path,
      MaxSessionDuration: SESSION_S,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own form.
            Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${PawlAccount}:root' } },
            Action: 'sts:AssumeRole',
            ...condition,
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'Zone',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: statements.map((statement): unknown => statement.toStatementJson()),
          },
        },
      ],
    },
  };
}
