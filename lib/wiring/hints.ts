import { InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { EventType } from '../ledger/decider/events.ts';
import { sha256 } from '../plan/canonical.ts';

/** Which functions there are to wake. */
export interface WakeableFunctions {
  readonly planner: string;
  readonly enactors: readonly string[];
}

/** One news item of a log. */
export interface CellNews {
  readonly cell: string;
  readonly type: string;
}

/** One function to wake for one cell. */
export interface Hint {
  readonly functionName: string;
  readonly cell: string;
}

const FOR_PLANNER: readonly EventType[] = [
  'FleetDeclared',
  'TargetDrained',
  'TargetRestored',
  'AzEvacuated',
  'AzRestored',
  'PlannerResumed',
];
const FOR_ENACTOR: readonly EventType[] = [
  'PlanAppended',
  'PlanApproved',
  'FenceAhead',
  'DriftFound',
  'ZoneRegressed',
  'EndpointAdopted',
  'CellThawed',
];

/**
 * Whom a batch of news wakes, each once a cell. Of the enactors one, the same for a cell always: all of them at once
 * would race for one fence, and which one it is does not matter, because the sweeps of the others go on without hints.
 */
export function hintsFor(news: readonly CellNews[], functions: WakeableFunctions): readonly Hint[] {
  const hints = new Map<string, Hint>();
  for (const { cell, type } of news) {
    const names = [
      ...(FOR_PLANNER.some((each) => each === type) ? [functions.planner] : []),
      ...(FOR_ENACTOR.some((each) => each === type) ? [enactorOf(cell, functions)] : []),
    ];
    for (const functionName of names) hints.set(`${functionName} ${cell}`, { functionName, cell });
  }
  return [...hints.values()];
}

function enactorOf(cell: string, { enactors, planner }: WakeableFunctions): string {
  const index = Number.parseInt(sha256(cell).slice(0, 8), 16) % enactors.length;
  return enactors[index] ?? planner;
}

/** Wakes one function; not before it has run. @throws when AWS does not take the request. */
export type Wake = (hint: Hint) => Promise<void>;

const functionsShape = z.strictObject({
  planner: z.string().min(1),
  enactors: z.array(z.string().min(1)).min(1),
});

/** What the stack writes into the herald's environment. @throws ZodError when it is missing or wrong. */
export function wakeableFunctions(env: NodeJS.ProcessEnv = process.env): WakeableFunctions {
  return functionsShape.parse(JSON.parse(env['PAWL_FUNCTIONS'] ?? 'null'));
}

export function lambdaWake(client = new LambdaClient({ maxAttempts: 3 })): Wake {
  return async ({ functionName, cell }) => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: InvocationType.Event,
      Payload: new TextEncoder().encode(JSON.stringify({ cell, mode: 'hint' })),
    });
    await client.send(command);
  };
}
