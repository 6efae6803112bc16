import { describe, expect, it, test } from 'vitest';
import { otlpSettings } from '../../lib/wiring/otlp-settings.ts';

const DEFAULTS = { temporality: 'cumulative', resource: { 'service.name': 'pawl' } } as const;
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.com:4318' };

describe('the standard variables', () => {
  test.each([
    ['nothing', {}],
    ['an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }],
    ['OTEL_SDK_DISABLED', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['another exporter', { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'none' }],
  ])('export nothing with %s', (_what, env) => {
    expect(otlpSettings(DEFAULTS, env)).toBeUndefined();
  });

  it('have defaults for all but the endpoint', () => {
    expect(otlpSettings(DEFAULTS, ENDPOINT)).toEqual({
      url: 'https://otlp.example.com:4318/v1/metrics',
      headers: {},
      resource: { 'service.name': 'pawl' },
      temporality: 'cumulative',
      timeoutMs: 10_000,
      intervalMs: 60_000,
    });
  });

  it('name the path of metrics themselves, or have it added to that of all signals', () => {
    const url = (env: NodeJS.ProcessEnv) => otlpSettings(DEFAULTS, env)?.url;
    expect(url({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector/otlp/' })).toBe(
      'http://collector/otlp/v1/metrics',
    );
    expect(url({ ...ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector/own' })).toBe(
      'http://collector/own',
    );
  });

  it('say those of metrics before those of all signals', () => {
    expect(
      otlpSettings(DEFAULTS, {
        ...ENDPOINT,
        OTEL_EXPORTER_OTLP_HEADERS: 'a=shared',
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'authorization=Basic%20abc, b = c=d',
        OTEL_EXPORTER_OTLP_TIMEOUT: '3000',
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta',
        OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,team=dns',
        OTEL_SERVICE_NAME: 'mine',
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      }),
    ).toMatchObject({
      headers: { authorization: 'Basic abc', b: 'c=d' },
      timeoutMs: 3_000,
      intervalMs: 5_000,
      temporality: 'delta',
      resource: { 'service.name': 'mine', team: 'dns' },
    });
  });

  test.each([
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      /OTEL_EXPORTER_OTLP_ENDPOINT is not a URL: use one such as/,
    ],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /OTEL_EXPORTER_OTLP_PROTOCOL is "grpc".*say http\/json/,
    ],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'secret' },
      /^OTEL_EXPORTER_OTLP_HEADERS is not a list such as/,
    ],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: 'a=%zz' }, /OTEL_EXPORTER_OTLP_HEADERS has a value with a %/],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_TIMEOUT: '10s' },
      /OTEL_EXPORTER_OTLP_TIMEOUT is not a number of milliseconds/,
    ],
    [{ ...ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: '0' }, /OTEL_METRIC_EXPORT_INTERVAL is not a number/],
    [
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'both' },
      /TEMPORALITY_PREFERENCE is "both": use delta, cumulative, lowmemory/,
    ],
  ])('are refused with a sentence, which repeats no header: %j', (env, says) => {
    expect(() => otlpSettings(DEFAULTS, env)).toThrow(says);
    expect(() => otlpSettings(DEFAULTS, env)).not.toThrow(/secret|%zz/);
  });
});
