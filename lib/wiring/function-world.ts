import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { z } from 'zod';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { route53ClientDefaults } from '../zone/route53/route53-zone.ts';
import { connect, dynamodbClientDefaults } from './connect.ts';
import type { DeployedCells, ZoneRole } from './deployed-cells.ts';
import { parseDeployedCells } from './deployed-cells.ts';
import { auditClientsText, knownClients } from './known-clients.ts';
import { queueSuccessor } from './successor-queue.ts';
import type { World } from './world.ts';
import { roleCredentials } from './zone-clients.ts';

/** The world of one deployed function: one role, the cells of its stack, its own part of the rate. */
export interface FunctionWorld extends World {
  readonly cells: DeployedCells;
  /** Between two questions whether a change is INSYNC, milliseconds. */
  readonly insyncPollMs: number;
}

const positive = z.number().positive();
const kept = z.number().min(0);
/** A {@link RateSettings}, as lib/infrastructure/rate-shares.ts makes it. */
const rate = z.strictObject({
  requestsPerSecond: positive,
  burst: z.number().min(1),
  reserve: kept,
  borrowing: z.strictObject({ upToPerSecond: positive, urgentPerSecond: kept }).optional(),
  changes: z.strictObject({ perSecond: positive, burst: z.number().min(1), reserve: kept }).optional(),
});

/** What the stack writes into a function's environment. */
const settings = z.object({
  PAWL_TABLE: z.string().min(1),
  /** The table of leases; the planner has it. */
  PAWL_LEASES: z.string().min(3).optional(),
  /** Who this is in events and fences: `enactor-b`. */
  PAWL_ROLE: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
  PAWL_CELLS: z.string().min(2),
  PAWL_RATE: z.string().transform((text, context) => {
    try {
      return rate.parse(JSON.parse(text));
    } catch (error) {
      context.addIssue(`not the rate of a function: ${String(error)}`);
      return z.NEVER;
    }
  }),
  PAWL_INSYNC_POLL_MS: z.coerce.number().int().min(10).max(60_000),
  PAWL_DNS: z.enum(['on', 'off']),
  /** Clients that a deployment names; the auditor has them, the other roles have none. */
  PAWL_AUDIT_CLIENTS: auditClientsText.optional(),
  /** The queue by which an enactor asks for its successor; the other roles have none. */
  PAWL_SUCCESSORS: z.string().min(1).optional(),
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
    leasesTable: of.PAWL_LEASES,
    rate: of.PAWL_RATE,
    requestDeadlineMs: REQUEST_DEADLINE_MS,
    telemetry,
  });
  return {
    ...world,
    cells,
    insyncPollMs: of.PAWL_INSYNC_POLL_MS,
    asksDns: of.PAWL_DNS === 'on',
    clientAt: knownClients(of.PAWL_AUDIT_CLIENTS),
    successor: of.PAWL_SUCCESSORS === undefined ? undefined : queueSuccessor(of.PAWL_SUCCESSORS, world.clock),
  };
}
