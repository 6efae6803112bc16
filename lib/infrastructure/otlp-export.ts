import { SecretValue } from 'aws-cdk-lib';
import { z } from 'zod';

/** A collector of OpenTelemetry. */
export interface OtlpTarget {
  /** Its base address, to which `/v1/metrics` is added, such as `https://otlp.example.com`. */
  readonly endpoint: string;
  /**
   * The ARN of a secret of Secrets Manager whose text is the headers, `key=value,key=value`. CloudFormation reads it at the
   * deployment and writes it into the functions' environment: who may read a function's configuration reads it there, and
   * a new value needs a deployment.
   */
  readonly headersSecret?: string | undefined;
  /** Attributes of the resource, such as `{ "deployment.environment.name": "production" }`. @default {} */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

/** What a deployment may say of one. */
export const otlpTarget = z.strictObject({
  endpoint: z.url({
    protocol: /^https?$/,
    error: 'an http or https address, such as https://otlp.example.com',
  }),
  headersSecret: z
    .string()
    .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/, 'the ARN of a secret')
    .optional(),
  attributes: z.record(z.string().regex(/^[\w.-]+$/), z.string()).optional(),
});

/**
 * The standard variables of OpenTelemetry for functions that export their metrics. The headers stay out of the template:
 * CloudFormation puts what the secret holds in the place of a reference to it.
 */
export function exportingTo(otlp: OtlpTarget | undefined): Readonly<Record<string, string>> {
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
