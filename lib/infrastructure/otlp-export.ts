import { SecretValue } from 'aws-cdk-lib';
import type { Deployment } from './deployment.ts';

/**
 * The standard variables of OpenTelemetry for functions that export their metrics. The headers stay out of the template:
 * CloudFormation puts what the secret holds in the place of a reference to it.
 */
export function exportingTo(otlp: Deployment['otlp']): Readonly<Record<string, string>> {
  if (otlp === undefined) return {};
  const { endpoint, headersSecret, attributes = {} } = otlp;
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...(headersSecret === undefined
      ? {}
      : { OTEL_EXPORTER_OTLP_HEADERS: SecretValue.secretsManager(headersSecret).unsafeUnwrap() }),
    ...(pairs.length === 0 ? {} : { OTEL_RESOURCE_ATTRIBUTES: pairs.join(',') }),
  };
}
