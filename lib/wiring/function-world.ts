import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { z } from 'zod';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { route53ClientDefaults } from '../zone/route53/route53-zone.ts';
import { connect, dynamodbClientDefaults } from './connect.ts';
import type { DeployedCells, ZoneRole } from './deployed-cells.ts';
import { parseDeployedCells } from './deployed-cells.ts';
import type { World } from './world.ts';
import { roleCredentials } from './zone-clients.ts';

/** The world of one deployed function: one role, the cells of its stack, its own share of the rate. */
export interface FunctionWorld extends World {
  readonly cells: DeployedCells;
  /** Between two questions whether a change is INSYNC, milliseconds. */
  readonly insyncPollMs: number;
}

/** What the stack writes into a function's environment. */
const settings = z.object({
  PAWL_TABLE: z.string().min(1),
  /** Who this is in events and fences: `enactor-b`. */
  PAWL_ROLE: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
  PAWL_CELLS: z.string().min(2),
  PAWL_REQUESTS_PER_SECOND: z.coerce.number().positive(),
  PAWL_BURST: z.coerce.number().min(1),
  PAWL_INSYNC_POLL_MS: z.coerce.number().int().min(10).max(60_000),
  PAWL_DNS: z.enum(['on', 'off']),
});

/** The ledger's table, for a function that has no need of the ledger. @throws ZodError when it is missing. */
export function ledgerTable(env: NodeJS.ProcessEnv = process.env): string {
  return settings.shape.PAWL_TABLE.parse(env['PAWL_TABLE']);
}

/** One request to Route 53, with its waits for the rate and its tries. Well below any function's timeout. */
const REQUEST_DEADLINE_MS = 25_000;

/**
 * Made once a container, before the first event. Nothing is asked of AWS here.
 *
 * @throws ZodError naming each variable that is missing or wrong.
 */
export function functionWorld(telemetry: Telemetry, env: NodeJS.ProcessEnv = process.env): FunctionWorld {
  const of = settings.parse(env);
  const cells = parseDeployedCells(of.PAWL_CELLS);
  const assumed = (role: ZoneRole) =>
    new Route53Client({ ...route53ClientDefaults, credentials: roleCredentials(role, of.PAWL_ROLE) });
  const world = connect({
    kind: 'aws',
    title: `function ${of.PAWL_ROLE} of the table ${of.PAWL_TABLE}`,
    operator: of.PAWL_ROLE,
    route53: new Route53Client(route53ClientDefaults),
    assumed,
    cells,
    dynamodb: new DynamoDBClient(dynamodbClientDefaults),
    table: of.PAWL_TABLE,
    rate: { requestsPerSecond: of.PAWL_REQUESTS_PER_SECOND, burst: of.PAWL_BURST, reserve: 0 },
    requestDeadlineMs: REQUEST_DEADLINE_MS,
    telemetry,
  });
  return {
    ...world,
    cells,
    insyncPollMs: of.PAWL_INSYNC_POLL_MS,
    asksDns: of.PAWL_DNS === 'on',
  };
}
