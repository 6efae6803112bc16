import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { CellName } from '../plan/names.ts';
import { AlarmsUnseen } from '../rollout/wave-watch.ts';
import { failureText } from '../runtime/failed-request.ts';
import type { World } from './world.ts';

const CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
} as const;
/** Names that one question may have (DescribeAlarms, API reference). */
const NAMES_MAX = 100;

/**
 * The alarms above every root cause of a cell, and above those of the ledger (lib/infrastructure/alarms.ts makes them).
 * Whoever asks needs `cloudwatch:DescribeAlarms` on every resource: CloudWatch tells nothing of composite alarms to
 * anybody else (DescribeAlarms, API reference).
 */
export function stackAlarms(
  stack: string,
  where: { readonly region?: string; readonly profile?: string },
): NonNullable<World['ringing']> {
  return async (cells) => {
    const client = new CloudWatchClient({ ...CLIENT, ...where });
    try {
      const names = namesOf(stack, cells);
      const states = new Map<string, string>();
      for (let from = 0; from < names.length; from += NAMES_MAX) {
        const { CompositeAlarms = [] } = await client.send(
          new DescribeAlarmsCommand({
            AlarmNames: names.slice(from, from + NAMES_MAX),
            AlarmTypes: ['CompositeAlarm'],
            MaxRecords: NAMES_MAX,
          }),
        );
        for (const { AlarmName = '', StateValue = '' } of CompositeAlarms) states.set(AlarmName, StateValue);
      }
      const missing = names.find((name) => !states.has(name));
      if (missing !== undefined)
        throw new AlarmsUnseen(
          `The stack ${stack} has no alarm ${missing}, so that nobody would say that a wave goes wrong: deploy it anew.`,
        );
      return names.filter((name) => states.get(name) === 'ALARM');
    } catch (cause) {
      if (cause instanceof AlarmsUnseen) throw cause;
      throw new AlarmsUnseen(
        `Nobody says which alarms of the stack ring (${failureText(cause, 'CloudWatch')}): a rollout needs the permission cloudwatch:DescribeAlarms.`,
        { cause },
      );
    } finally {
      client.destroy();
    }
  };
}

function namesOf(stack: string, cells: readonly CellName[]): readonly string[] {
  return [`${stack}.RootCause`, ...cells.map((cell) => `${stack}.${cell}.RootCause`)];
}
