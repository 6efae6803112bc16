import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cellName } from '../../lib/plan/names.ts';
import { AlarmsUnseen } from '../../lib/rollout/wave-watch.ts';
import { stackAlarms } from '../../lib/wiring/stack-alarms.ts';
import 'aws-sdk-client-mock-vitest/extend';

const cloudwatch = mockClient(CloudWatchClient);
const CELLS = ['use1-a', 'euw1-a'].map(cellName);
const ringing = stackAlarms('pawl', { region: 'us-east-1' });

function alarms(states: Readonly<Record<string, 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'>>) {
  return {
    CompositeAlarms: Object.entries(states).map(([AlarmName, StateValue]) => ({ AlarmName, StateValue })),
  };
}

beforeEach(() => {
  cloudwatch.reset();
});
afterAll(() => {
  cloudwatch.restore();
});

describe('the alarms of a stack', () => {
  it('are those of the cells and of their ledger, by name', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolves(
        alarms({ 'pawl.RootCause': 'OK', 'pawl.use1-a.RootCause': 'ALARM', 'pawl.euw1-a.RootCause': 'OK' }),
      );
    expect(await ringing(CELLS)).toEqual(['pawl.use1-a.RootCause']);
    expect(cloudwatch).toHaveReceivedCommandWith(DescribeAlarmsCommand, {
      AlarmNames: ['pawl.RootCause', 'pawl.use1-a.RootCause', 'pawl.euw1-a.RootCause'],
      AlarmTypes: ['CompositeAlarm'],
    });
  });

  it('are asked for a hundred at a time', async () => {
    const cells = Array.from({ length: 150 }, (_, index) => cellName(`cell-${index}`));
    const all = ['pawl.RootCause', ...cells.map((cell) => `pawl.${cell}.RootCause`)];
    cloudwatch
      .on(DescribeAlarmsCommand)
      .callsFake(({ AlarmNames }) =>
        alarms(
          Object.fromEntries(all.filter((name) => AlarmNames.includes(name)).map((name) => [name, 'OK'])),
        ),
      );
    expect(await ringing(cells)).toEqual([]);
    expect(cloudwatch).toHaveReceivedCommandTimes(DescribeAlarmsCommand, 2);
  });

  it('are not silent where one is missing', async () => {
    cloudwatch
      .on(DescribeAlarmsCommand)
      .resolves(alarms({ 'pawl.RootCause': 'OK', 'pawl.use1-a.RootCause': 'OK' }));
    await expect(ringing(CELLS)).rejects.toThrow('has no alarm pawl.euw1-a.RootCause');
  });

  it('are not silent where nobody may ask', async () => {
    const refusal = Object.assign(new Error('not authorized to perform cloudwatch:DescribeAlarms'), {
      name: 'AccessDenied',
    });
    cloudwatch.on(DescribeAlarmsCommand).rejects(refusal);
    await expect(ringing(CELLS)).rejects.toBeInstanceOf(AlarmsUnseen);
    await expect(ringing(CELLS)).rejects.toThrow('needs the permission cloudwatch:DescribeAlarms');
  });
});
