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

  test('need a type', () => {
    const { core } = account();
    expect(refusal(() => core.createHealthCheck({ callerReference: 'a', config: {} })).code).toBe(
      'InvalidInput',
    );
  });
});
