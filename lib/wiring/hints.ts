import { InvocationType, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import type { EventType } from '../ledger/decider/events.ts';
import { sha256 } from '../plan/canonical.ts';
import type { RoleName } from '../roles.ts';
import { ROLES, settingName } from '../roles.ts';
import type { Clock } from '../runtime/clock.ts';
import { systemClock } from '../runtime/clock.ts';

/** Which functions there are to wake, by role. */
export type WakeableFunctions = ReadonlyMap<RoleName, readonly string[]>;

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

/**
 * The functions that a batch of news wakes, each once a cell. Of a redundant role it wakes one function, always the
 * same for a cell, because all of them at once would race for one fence. Which one it is does not matter: the sweeps of
 * the others go on without hints.
 */
export function hintsFor(news: readonly CellNews[], functions: WakeableFunctions): readonly Hint[] {
  const hints = new Map<string, Hint>();
  for (const { cell, type } of news) {
    for (const role of ROLES) {
      // By the type of `each` the compiler checks that the table names existing events.
      const isNews = role.news.some((each: EventType) => each === type);
      const functionName = isNews ? oneOf(functions.get(role.name) ?? [], cell) : undefined;
      if (functionName !== undefined) hints.set(`${functionName} ${cell}`, { functionName, cell });
    }
  }
  return [...hints.values()];
}

function oneOf(functions: readonly string[], cell: string): string | undefined {
  return functions[Number.parseInt(sha256(cell).slice(0, 8), 16) % functions.length];
}

/** Asks for one run of a function, and does not wait for it. @throws when AWS does not take the request. */
export type Wake = (hint: Hint) => Promise<void>;

const WOKEN = ROLES.filter(({ news }) => news.length > 0);
const name = z.string().min(1);
const functionsShape = z.strictObject(
  Object.fromEntries(
    WOKEN.map((role) => [settingName(role), role.redundant ? z.array(name).min(1) : name] as const),
  ),
);

/** What the stack writes into the herald's environment. @throws ZodError when it is missing or wrong. */
export function wakeableFunctions(env: NodeJS.ProcessEnv = process.env): WakeableFunctions {
  const given = functionsShape.parse(JSON.parse(env['PAWL_FUNCTIONS'] ?? 'null'));
  return new Map(WOKEN.map((role) => [role.name, [given[settingName(role)] ?? []].flat()]));
}

export function lambdaWake(
  client = new LambdaClient({ maxAttempts: 3 }),
  clock: Pick<Clock, 'now'> = systemClock,
): Wake {
  return async ({ functionName, cell }) => {
    const command = new InvokeCommand({
      FunctionName: functionName,
      InvocationType: InvocationType.Event,
      Payload: new TextEncoder().encode(
        JSON.stringify({ cell, mode: 'hint', at: new Date(clock.now()).toISOString() }),
      ),
    });
    await client.send(command);
  };
}
