import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { systemRandomness } from '../runtime/ids.ts';
import type { RateSettings } from '../runtime/rate-budget.ts';
import { route53ClientDefaults } from '../zone/route53/route53-zone.ts';
import { awsAccountSurvey } from './account-survey.ts';
import { anchorBucket } from './anchor-bucket.ts';
import { COMMAND_RATE } from './command-rate.ts';
import { connect, dynamodbClientDefaults } from './connect.ts';
import type { DeployedCells, DeployedNames, ZoneRole } from './deployed-cells.ts';
import { publicNames, unaskedNames } from './name-survey.ts';
import { operatorName } from './operator-name.ts';
import { stackAlarms } from './stack-alarms.ts';
import type { World } from './world.ts';
import { NoAwsAccess } from './world-errors.ts';
import { roleCredentials } from './zone-clients.ts';

export interface AwsPlace {
  /** The ledger's table; absent for a command that comes before there is one. */
  readonly table?: string;
  /** The table of leases; absent where nothing names it. */
  readonly leasesTable?: string | undefined;
  /** From the environment or the profile unless given. */
  readonly region?: string;
  /** A profile of the AWS configuration files; the default chain of credentials unless given. */
  readonly profile?: string;
  /** Route 53 requests; unless given, those that a deployment keeps for people, and what others leave. */
  readonly rate?: RateSettings | undefined;
  /** The stack that the table was found through, and the cells that it serves. */
  readonly stack?: {
    readonly name: string;
    readonly cells: DeployedCells;
    readonly names: DeployedNames;
    readonly functionsRead: number;
    /** The bucket that keeps the hash of each event, where the stack has one. */
    readonly anchorBucket?: string | undefined;
  };
}

/** The name of no table (DynamoDB: 3 characters or more), for a world in which nobody opens the ledger. */
const NO_TABLE = '-';
/** Variables by which the SDK asks another endpoint than AWS's Route 53 (AWS SDKs and Tools Reference Guide). */
const ENDPOINTS = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_ROUTE_53'];
const REQUEST_DEADLINE_MS = 30_000;
const ACCOUNT_TIMEOUT_MS = 3_000;
const ACCOUNT_OF_ARN = /^arn:[^:]*:dynamodb:[^:]*:(\d{12}):table\//;

/**
 * The world of an AWS account (or of an emulator of one, by the SDK's own AWS_ENDPOINT_URL). A missing table is noticed
 * when the ledger is opened, not here, because a rescue needs no table.
 *
 * @throws NoAwsAccess when there are no credentials or no Region.
 */
export async function awsWorld(place: AwsPlace, env: NodeJS.ProcessEnv = process.env): Promise<World> {
  const { table = NO_TABLE, region, profile, stack } = place;
  const where = {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  };
  const dynamodb = new DynamoDBClient({ ...dynamodbClientDefaults, ...where });
  const operator = operatorName();
  const route53 = new Route53Client({ ...route53ClientDefaults, ...where });
  const assumed = (role: ZoneRole) =>
    new Route53Client({
      ...route53ClientDefaults,
      ...(region === undefined ? {} : { region }),
      credentials: roleCredentials(role, operator, where),
    });
  try {
    const resolved = await regionOf(dynamodb);
    const account = await accountOf(dynamodb, table);
    const named = account === undefined ? 'account not known' : `account ${account}`;
    const at = [...namedTables(place), resolved, named].join(', ');
    const world = connect({
      kind: 'aws',
      title: stack === undefined ? at : `stack ${stack.name}, ${at}`,
      operator,
      route53,
      assumed,
      cells: stack?.cells,
      around: {
        account: awsAccountSurvey(where),
        names: isEmulated(env) ? unaskedNames(NOT_DELEGATED) : publicNames(systemRandomness),
      },
      dynamodb,
      table,
      leasesTable: place.leasesTable,
      rate: place.rate ?? COMMAND_RATE,
      urgency: 'urgent',
      requestDeadlineMs: REQUEST_DEADLINE_MS,
    });
    const open = (bucket: string) => anchorBucket(bucket, where);
    const own = stack?.anchorBucket === undefined ? undefined : open(stack.anchorBucket);
    const anchors = { own, open };
    if (stack === undefined) return { ...world, anchors };
    return {
      ...world,
      anchors,
      deployed: stack.cells,
      deployedNames: stack.names,
      functionsRead: stack.functionsRead,
      // An emulator has no alarms above others.
      ...(isEmulated(env) ? {} : { ringing: stackAlarms(stack.name, where) }),
    };
  } catch (error) {
    dynamodb.destroy();
    route53.destroy();
    throw error;
  }
}

/** The ledger's table; without one, that of leases. */
function namedTables({ table, leasesTable }: AwsPlace): readonly string[] {
  if (table !== undefined) return [`table ${table}`];
  return leasesTable === undefined ? [] : [`leases ${leasesTable}`];
}

const NOT_DELEGATED = 'an emulator answers for Route 53, and nobody delegates to it';

function isEmulated(env: NodeJS.ProcessEnv): boolean {
  return ENDPOINTS.some((name) => (env[name] ?? '') !== '');
}

async function regionOf(client: DynamoDBClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (cause) {
    throw new NoAwsAccess('No AWS Region is set: give --region, or set AWS_REGION.', { cause });
  }
}

/** The account, for people to see: from the credentials where they carry it, else from the table's ARN. */
async function accountOf(client: DynamoDBClient, table: string): Promise<string | undefined> {
  const { accountId } = await credentialsOf(client);
  if (accountId !== undefined || table === NO_TABLE) return accountId;
  try {
    const abortSignal = AbortSignal.timeout(ACCOUNT_TIMEOUT_MS);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }), { abortSignal });
    return ACCOUNT_OF_ARN.exec(Table?.TableArn ?? '')?.[1];
  } catch {
    // What is wrong with the table is reported when the ledger is opened.
    return undefined;
  }
}

async function credentialsOf(client: DynamoDBClient) {
  try {
    return await client.config.credentials();
  } catch (cause) {
    const why = cause instanceof Error ? cause.name : String(cause);
    throw new NoAwsAccess(`There are no AWS credentials (${why}): sign in, or set AWS_PROFILE.`, { cause });
  }
}
