import { describe, expect, test } from 'vitest';
import { AWS_REGIONS } from '../../lib/plan/aws-regions.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { functionWorld } from '../../lib/wiring/function-world.ts';
import { knownClients } from '../../lib/wiring/known-clients.ts';
import { functionEnvironment } from '../functions/function-environment.ts';

const worldOf = (PAWL_AUDIT_CLIENTS: string) =>
  functionWorld(silentTelemetry, { ...functionEnvironment, PAWL_AUDIT_CLIENTS });

describe('the clients of a deployed auditor', () => {
  test('are those of its deployment, and of every other Region the one of the table', async () => {
    const world = worldOf('{"DE":"198.51.100.1","eu-west-1":"2001:db8::1"}');
    expect(await world.clientAt?.('DE')).toBe('198.51.100.1');
    expect(await world.clientAt?.('eu-west-1')).toBe('2001:db8::1');
    expect(await world.clientAt?.('us-east-1')).toBe('44.192.0.0');
    expect(await world.clientAt?.('FR')).toBeUndefined();
    await world.close();
  });

  test('are those of the table alone where the deployment names none', async () => {
    const clientAt = knownClients();
    const clients = await Promise.all(AWS_REGIONS.map(clientAt));
    expect(new Set(clients).size).toBe(AWS_REGIONS.length);
    expect(clients).not.toContain(undefined);
  });

  test.each([
    ['{', 'not the clients of an audit'],
    ['["198.51.100.1"]', 'not the clients of an audit'],
    ['{"DE":1}', 'not the clients of an audit'],
    ['{"Paris":"198.51.100.1"}', 'not a place and the IP address of a client there: Paris 198.51.100.1'],
    ['{"DE":"198.51.100.0/24"}', 'not a place and the IP address of a client there: DE 198.51.100.0/24'],
  ])('that nobody can read fail the function: %s', (text, says) => {
    expect(() => worldOf(text)).toThrow(says);
    expect(() => worldOf(text)).toThrow('PAWL_AUDIT_CLIENTS');
  });
});
