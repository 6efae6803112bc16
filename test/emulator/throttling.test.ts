import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROUTE53_RATE } from '../../lib/emulator/settings.ts';
import { takeTokens } from '../../lib/emulator/token-bucket.ts';
import { a, account, put, refusal } from './account.ts';

describe('throttling', () => {
  test('lets a burst through, then what the rate gives back, whatever the operation', () => {
    const { core, zoneId, refused, pass, names } = account();
    core.configure({ throttle: { burst: 3, perSecond: 2 } });
    core.getHostedZone(zoneId);
    core.listResourceRecordSets(zoneId);
    core.listHostedZones();
    const error = refused('Throttling', put(a('x.example.test', '192.0.2.1')));
    expect(error).toMatchObject({ message: 'Rate exceeded', status: 400 });
    expect(names()).toEqual([]);
    pass(499);
    expect(refusal(() => core.getHostedZone(zoneId)).code).toBe('Throttling');
    pass(1);
    core.getHostedZone(zoneId);
    expect(refusal(() => core.listHealthChecks()).code).toBe('Throttling');
  });

  test('counts refused requests too', () => {
    const { core, refused } = account();
    core.configure({ throttle: { burst: 1, perSecond: 1 } });
    refused('InvalidChangeBatch', put(a('elsewhere.test', '192.0.2.1')));
    refused('Throttling', put(a('elsewhere.test', '192.0.2.1')));
  });

  test('of record changes counts each change of a batch', () => {
    const { core, change, refused, pass } = account();
    core.configure({ changeThrottle: { burst: 5, perSecond: 1 } });
    const puts = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => put(a(`n${from + index}.example.test`, '192.0.2.1')));
    change(...puts(0, 4));
    refused('Throttling', ...puts(4, 2));
    change(...puts(4, 1));
    // More than the bucket holds passes once the bucket is full, and is paid for afterwards.
    pass(5_000);
    change(...puts(5, 8));
    pass(3_000);
    refused('Throttling', ...puts(13, 1));
    pass(1_000);
    change(...puts(13, 1));
  });

  test('has the two buckets of an account as AWS documents them, and counts an UPSERT twice', () => {
    const { core, zoneId, change, refused, pass, names } = account();
    core.configure(ROUTE53_RATE);
    const upserts = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        action: 'UPSERT' as const,
        record: a(`n${index}.example.test`, '192.0.2.1'),
      }));
    change(...upserts(500));
    refused('Throttling', ...upserts(251));
    change(...upserts(250));
    pass(10);
    change(put(a('x.example.test', '192.0.2.1')));
    refused('Throttling', put(a('y.example.test', '192.0.2.1')));
    expect(names()).toHaveLength(501);
    pass(10_000);
    for (let request = 0; request < 50; request += 1) core.getHostedZone(zoneId);
    expect(refusal(() => core.getHostedZone(zoneId)).code).toBe('Throttling');
    pass(100);
    core.getHostedZone(zoneId);
  });

  test('looking behind the interface costs nothing', () => {
    const { core, zoneId } = account();
    core.configure({ throttle: { burst: 1, perSecond: 0.001 } });
    for (let round = 0; round < 10; round += 1) {
      core.records(zoneId);
      core.served(zoneId);
      core.answerable(zoneId);
    }
    core.getHostedZone(zoneId);
  });

  test('property: never more than the burst and the rate together', () => {
    const settings = { burst: 5, perSecond: 10 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (waits) => {
        let now = 0;
        let taken = 0;
        let bucket: ReturnType<typeof takeTokens>;
        for (const wait of waits) {
          now += wait;
          const next = takeTokens(bucket, settings, now, 1);
          if (next === undefined) continue;
          bucket = next;
          taken += 1;
        }
        expect(taken).toBeLessThanOrEqual(settings.burst + (now * settings.perSecond) / 1_000 + 1e-6);
      }),
    );
  });
});

describe('a busy zone', () => {
  test('answers PriorRequestNotComplete for as long as it is set to', () => {
    const { change, refused, pass } = account({ busyMs: 1_000 });
    change(put(a('x.example.test', '192.0.2.1')));
    pass(999);
    expect(refused('PriorRequestNotComplete', put(a('y.example.test', '192.0.2.1'))).status).toBe(400);
    pass(1);
    change(put(a('y.example.test', '192.0.2.1')));
  });
});
