import { describe, expect, test } from 'vitest';
import { account, put, refusal, weighted } from './account.ts';

const config = { Type: 'HTTPS', FullyQualifiedDomainName: 'x.test', Regions: ['us-east-1'] };

describe('health checks', () => {
  test('are made once a caller reference, and are healthy until set otherwise', () => {
    const { core } = account();
    const check = core.createHealthCheck({ callerReference: 'one', config });
    expect(core.createHealthCheck({ callerReference: 'one', config })).toEqual(check);
    expect(
      refusal(() => core.createHealthCheck({ callerReference: 'one', config: { Type: 'TCP' } })),
    ).toMatchObject({ code: 'HealthCheckAlreadyExists', status: 409 });
    expect(core.isHealthy(check.id)).toBe(true);
    core.setHealth(check.id, false);
    expect(core.isHealthy(check.id)).toBe(false);
    expect(core.getHealthCheck(check.id)).toMatchObject({ config, healthy: false });
  });

  test('are needed by the records that name them, and may be deleted all the same', () => {
    const { core, change, refused, names } = account();
    const record = { ...weighted('x.example.test', 'one', '192.0.2.1'), healthCheckId: 'HNONE' };
    expect(refused('NoSuchHealthCheck', put(record)).status).toBe(404);
    const { id } = core.createHealthCheck({ callerReference: 'one', config });
    change(put({ ...record, healthCheckId: id }));
    core.deleteHealthCheck(id);
    expect(names()).toEqual(['x.example.test A one']);
    expect(core.isHealthy(id)).toBe(true);
    for (const call of [
      () => core.getHealthCheck(id),
      () => core.deleteHealthCheck(id),
      () => core.setHealth(id, true),
    ]) {
      expect(refusal(call).code).toBe('NoSuchHealthCheck');
    }
  });

  test('are listed in pages', () => {
    const { core } = account();
    const ids = ['a', 'b', 'c'].map(
      (callerReference) => core.createHealthCheck({ callerReference, config }).id,
    );
    const first = core.listHealthChecks({ maxItems: 2 });
    expect(first).toMatchObject({ healthChecks: [{ id: ids[0] }, { id: ids[1] }], nextMarker: ids[2] });
    expect(core.listHealthChecks({ marker: ids[2] ?? '' }).healthChecks).toHaveLength(1);
    expect(refusal(() => core.listHealthChecks({ marker: 'HNONE' })).code).toBe('NoSuchHealthCheck');
  });

  // HealthCheckConfig, API reference: what a check has when its maker leaves it out.
  test.each([
    ['HTTP', { Port: '80', RequestInterval: '30', FailureThreshold: '3', EnableSNI: 'false' }],
    ['HTTPS_STR_MATCH', { Port: '443', RequestInterval: '30', EnableSNI: 'true', MeasureLatency: 'false' }],
    ['TCP', { FailureThreshold: '3', Inverted: 'false', Disabled: 'false' }],
  ])('come back with the defaults of their type: %s', (type, defaults) => {
    const { core } = account();
    const check = core.createHealthCheck({ callerReference: 'one', config: { Type: type } });
    expect(check.config).toMatchObject({ ...defaults, Type: type });
    const same = { Disabled: 'false', Type: type, Inverted: 'false' };
    expect(core.createHealthCheck({ callerReference: 'one', config: same })).toEqual(check);
    const given = core.createHealthCheck({ callerReference: 'two', config: { Type: type, Port: '8080' } });
    expect(given.config).toMatchObject({ Port: '8080' });
  });

  test('that follow something else have the defaults of all only', () => {
    const { core } = account();
    const config = { Type: 'CALCULATED', ChildHealthChecks: ['H1'], HealthThreshold: '1' };
    const check = core.createHealthCheck({ callerReference: 'one', config });
    expect(check.config).toEqual({ ...config, Inverted: 'false', Disabled: 'false' });
  });

  test('need a type', () => {
    const { core } = account();
    expect(refusal(() => core.createHealthCheck({ callerReference: 'a', config: {} })).code).toBe(
      'InvalidInput',
    );
  });
});
