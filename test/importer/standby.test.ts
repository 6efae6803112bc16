import { describe, expect, it } from 'vitest';
import { API, file, left, routed, set, to, value } from './routed-records.ts';

describe('weight 0', () => {
  const main = set(API, 'main', value('192.0.2.10', { weight: 100, healthCheckId: 'abc-1' }));
  const sorry = set(API, 'sorry-page', value('198.51.100.10', { weight: 0 }));

  it('behind records with health checks stands by', () => {
    expect(file(main, sorry)).toMatchInlineSnapshot(`
      "      api-main: { az: unknown, capacity: 100, ipv4: 192.0.2.10, health_check_id: 'abc-1' }
            api-sorry-page: { az: unknown, capacity: 1, ipv4: 198.51.100.10 }
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              targets: [api-main]
              standby: [api-sorry-page]
      "
    `);
  });

  it('beside a record without one gets no traffic, as before', () => {
    const other = set(API, 'other', value('192.0.2.11', { weight: 1 }));
    expect(file(main, sorry, other)).toContain('targets: [api-main, api-sorry-page, api-other]');
    expect(file(main, sorry, other)).toContain('health: unhealthy');
  });

  it('in one family alone is left', () => {
    const six = set(API, 'main', {
      type: 'AAAA',
      values: ['2001:db8::1'],
      weight: 100,
      healthCheckId: 'abc-1',
    });
    expect(left(main, sorry, six)[0]).toContain('stands behind health checks in one of the families');
  });

  it('of a group behind groups that can all fail is the secondary', () => {
    const text = file(
      set(API, 'main', { weight: 1, ...to('in.example.com') }),
      set(API, 'spare', { weight: 0, ...value('192.0.2.9') }),
      routed('in.example.com', { Region: 'us-east-1' }, value('192.0.2.1', { healthCheckId: 'a' })),
      routed('in.example.com', { Region: 'eu-west-1' }, value('192.0.2.2', { healthCheckId: 'b' })),
    );
    expect(text).toMatchInlineSnapshot(`
      "      api-main-us-east-1: { az: unknown, capacity: 1, ipv4: 192.0.2.1, health_check_id: 'a' }
            api-main-eu-west-1: { az: unknown, capacity: 1, ipv4: 192.0.2.2, health_check_id: 'b' }
            api-spare: { az: unknown, capacity: 1, ipv4: 192.0.2.9 }
          endpoints:
            api.example.com:
              kind: addresses
              families: [A]
              ttl_s: 60
              route:
                failover:
                  primary:
                    latency:
                      eu-west-1: { targets: [api-main-eu-west-1] }
                      us-east-1: { targets: [api-main-us-east-1] }
                  secondary: { targets: [api-spare] }"
    `);
  });
});
