import { describe, expect, it, test } from 'vitest';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { otlpSettings } from '../../lib/wiring/otlp-settings.ts';
import { CELLS, templateOf } from './synthesised.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:otlp-AbCdEf';
const otlp = {
  endpoint: 'https://otlp.example.com/api',
  headersSecret: SECRET,
  attributes: { 'deployment.environment.name': 'a, b' },
};

function environments(settings: Readonly<Record<string, unknown>>) {
  const functions = Object.values(templateOf(settings).findResources('AWS::Lambda::Function'));
  return functions.map(
    ({ Properties }): Readonly<Record<string, string>> => Properties.Environment.Variables,
  );
}

describe('the functions of a stack', () => {
  it('export nothing unless a deployment says where to', () => {
    for (const variables of environments({}))
      expect(Object.keys(variables).filter((name) => name.startsWith('OTEL_'))).toEqual([]);
  });

  it('all export to where it says, with headers that the template does not hold', () => {
    const all = environments({ otlp });
    expect(all.length).toBeGreaterThan(6);
    for (const variables of all) {
      expect(variables).toMatchObject({
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.endpoint,
        OTEL_EXPORTER_OTLP_HEADERS: `{{resolve:secretsmanager:${SECRET}:SecretString:::}}`,
      });
      const { OTEL_EXPORTER_OTLP_HEADERS: _secret, ...known } = variables;
      expect(otlpSettings({ temporality: 'delta', resource: {} }, known)).toMatchObject({
        url: 'https://otlp.example.com/api/v1/metrics',
        resource: otlp.attributes,
        temporality: 'delta',
      });
    }
  });

  it('need no permission for it, and no headers', () => {
    const roles = (settings: Readonly<Record<string, unknown>>) =>
      templateOf(settings).findResources('AWS::IAM::Policy');
    expect(roles({ otlp })).toEqual(roles({}));
    for (const variables of environments({ otlp: { endpoint: otlp.endpoint } }))
      expect(Object.keys(variables)).not.toContain('OTEL_EXPORTER_OTLP_HEADERS');
  });
});

test.each([
  [{ endpoint: 'otlp.example.com:4317' }, 'an http or https address'],
  [{ endpoint: otlp.endpoint, headersSecret: 'api-key=abc' }, 'the ARN of a secret'],
  [{ endpoint: otlp.endpoint, attributes: { 'a=b': 'c' } }, 'at otlp.attributes["a=b"]'],
  [{ endpoint: otlp.endpoint, protocol: 'grpc' }, 'protocol'],
])('a deployment with the collector %j is refused', (given, says) => {
  expect(() => parseDeployment({ cells: CELLS, otlp: given })).toThrow(says);
});
