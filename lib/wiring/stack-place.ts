import type { Stack } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CellName } from '../plan/names.ts';
import type { DeployedCell, DeployedCells, DeployedNames } from './deployed-cells.ts';
import { parseDeployedCell, parseDeployedNames } from './deployed-cells.ts';
import { NoAwsAccess, StackUnusable } from './world-errors.ts';

/** What a deployed stack says of itself. */
export interface StackPlace {
  readonly table: string;
  /** The table of leases; a stack of before 0.5.0 has none. */
  readonly leasesTable?: string | undefined;
  readonly region: string;
  readonly cells: DeployedCells;
  /** The names that the cells' functions may write; a stack of before 0.4.0 says none. */
  readonly names: DeployedNames;
  /** The newest format of a log that the stack's functions read. */
  readonly functionsRead: number;
  /** The bucket that keeps the hash of each event, where the stack has one. */
  readonly anchorBucket?: string | undefined;
}

const TABLE_OUTPUT = 'Table';
const LEASES_OUTPUT = 'LeasesTable';
const ANCHORS_OUTPUT = 'AnchorBucket';
const FORMAT_OUTPUT = 'LedgerFormat';
const CELL_OUTPUT = /^Cell\d+$/;
const NAMES_OUTPUT = /^Names\d+Part\d+$/;
const REGION_OF_ARN = /^arn:[^:]*:cloudformation:([^:]+):/;
const TIMEOUT_MS = 10_000;

/**
 * Reads a stack's outputs (lib/infrastructure/pawl-stack.ts writes them).
 *
 * @throws StackUnusable, NoAwsAccess.
 */
export async function stackPlace(
  name: string,
  where: { readonly region?: string; readonly profile?: string },
): Promise<StackPlace> {
  const client = new CloudFormationClient({ maxAttempts: 3, ...where });
  try {
    const answer = await client.send(new DescribeStacksCommand({ StackName: name }), {
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return placeOf(name, answer.Stacks?.[0]);
  } catch (cause) {
    if (cause instanceof StackUnusable) throw cause;
    throw refusal(name, cause);
  } finally {
    client.destroy();
  }
}

function placeOf(name: string, stack: Stack | undefined): StackPlace {
  const outputs = new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const table = outputs.get(TABLE_OUTPUT);
  const region = REGION_OF_ARN.exec(stack?.StackId ?? '')?.[1];
  if (table === undefined || region === undefined) {
    const status = stack?.StackStatus ?? 'unknown';
    throw new StackUnusable(
      `The stack ${name} (${status}) has no ledger among its outputs: name a stack of Pawl's that is deployed.`,
    );
  }
  const cells = new Map<CellName, DeployedCell>();
  for (const [key, value] of outputs) {
    if (key === undefined || value === undefined || !CELL_OUTPUT.test(key)) continue;
    const scope = parseDeployedCell(value);
    cells.set(scope.cell, scope);
  }
  const names = [...outputs].flatMap(([key, value]) =>
    key !== undefined && value !== undefined && NAMES_OUTPUT.test(key) ? [value] : [],
  );
  return {
    table,
    leasesTable: outputs.get(LEASES_OUTPUT),
    region,
    cells,
    names: parseDeployedNames(names),
    functionsRead: formatOf(outputs.get(FORMAT_OUTPUT)),
    anchorBucket: outputs.get(ANCHORS_OUTPUT),
  };
}

/** A stack from before the second format names no format. */
function formatOf(output: string | undefined): number {
  const format = Number(output ?? '1');
  return Number.isSafeInteger(format) && format >= 1 ? format : 1;
}

function refusal(name: string, cause: unknown): Error {
  const kind = cause instanceof Error ? cause.name : 'unknown error';
  if (kind === 'ValidationError') {
    const what = `There is no stack ${name} in this account and Region: check the name, --region and --profile.`;
    return new StackUnusable(what, { cause });
  }
  if (cause instanceof Error && /region is missing/i.test(cause.message)) {
    return new NoAwsAccess('No AWS Region is set: give --region, or set AWS_REGION.', { cause });
  }
  return new NoAwsAccess(
    `CloudFormation does not tell what the stack ${name} is (${kind}): check the credentials and the network, or give --table.`,
    { cause },
  );
}
