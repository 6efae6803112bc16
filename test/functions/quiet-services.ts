import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeTableCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Route53Client } from '@aws-sdk/client-route-53';
import { GetHostedZoneCommand, ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { AwsClientStub } from 'aws-sdk-client-mock';

/** An open ledger without events, and a zone without records: there is nothing to do. */
export function quietServices(
  dynamodb: AwsClientStub<DynamoDBClient>,
  route53: AwsClientStub<Route53Client>,
): void {
  dynamodb.reset();
  route53.reset();
  dynamodb.on(DescribeTableCommand).resolves({
    Table: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    },
  });
  dynamodb.on(GetItemCommand).resolves({ Item: { id: { S: '5be1c07a' }, format: { N: '1' } } });
  dynamodb.on(QueryCommand).resolves({ Items: [] });
  route53
    .on(ListResourceRecordSetsCommand)
    .resolves({ ResourceRecordSets: [], IsTruncated: false, MaxItems: 100 });
  const zone = { Id: '/hostedzone/Z1', Name: 'example.test.', CallerReference: 'a test' };
  route53.on(GetHostedZoneCommand).resolves({ HostedZone: { ...zone, ResourceRecordSetCount: 0 } });
}
