import { InvalidValue } from '../plan/invariant.ts';
import type { OtlpSettings, Temporality } from '../telemetry/otlp-reader.ts';

/** What differs between a function and a process that stays. */
export interface OtlpDefaults {
  readonly temporality: Temporality;
  /** Attributes of the resource that the environment may say otherwise. */
  readonly resource: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 10_000;
const INTERVAL_MS = 60_000;
const LONGEST_MS = 3_600_000;
const TEMPORALITIES: readonly Temporality[] = ['delta', 'cumulative', 'lowmemory'];

/**
 * Where metrics go, by the standard variables of OpenTelemetry ("OpenTelemetry Protocol Exporter" and "Environment
 * Variable Specification"); undefined where they name no endpoint, or switch it off.
 *
 * @throws InvalidValue for a variable that cannot be meant so.
 */
export function otlpSettings(
  { temporality, resource }: OtlpDefaults,
  env: NodeJS.ProcessEnv = process.env,
): OtlpSettings | undefined {
  const given = (name: string) => {
    const text = env[name]?.trim();
    return text === undefined || text === '' ? undefined : text;
  };
  if (given('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const exporters = given('OTEL_METRICS_EXPORTER')
    ?.split(',')
    .map((each) => each.trim());
  if (exporters !== undefined && !exporters.includes('otlp')) return undefined;
  /** Of metrics alone before that of all signals. */
  const setting = (end: string) => {
    const own = `OTEL_EXPORTER_OTLP_METRICS_${end}`;
    const shared = `OTEL_EXPORTER_OTLP_${end}`;
    const name = given(own) === undefined ? shared : own;
    return { name, text: given(name) };
  };
  const endpoint = setting('ENDPOINT');
  if (endpoint.text === undefined) return undefined;
  checkProtocol(setting('PROTOCOL'));
  const interval = { name: 'OTEL_METRIC_EXPORT_INTERVAL', text: given('OTEL_METRIC_EXPORT_INTERVAL') };
  const preferred = setting('TEMPORALITY_PREFERENCE').text?.toLowerCase();
  const found = TEMPORALITIES.find((each) => each === preferred);
  if (preferred !== undefined && found === undefined)
    throw new InvalidValue(
      `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE is "${preferred}": use ${TEMPORALITIES.join(', ')}.`,
    );
  const name = given('OTEL_SERVICE_NAME');
  return {
    url: urlOf({ name: endpoint.name, text: endpoint.text }),
    headers: pairs(setting('HEADERS')),
    resource: {
      ...resource,
      ...pairs({ name: 'OTEL_RESOURCE_ATTRIBUTES', text: given('OTEL_RESOURCE_ATTRIBUTES') }),
      ...(name === undefined ? {} : { 'service.name': name }),
    },
    temporality: found ?? temporality,
    timeoutMs: milliseconds(setting('TIMEOUT'), TIMEOUT_MS),
    intervalMs: milliseconds(interval, INTERVAL_MS),
  };
}

interface Given {
  readonly name: string;
  readonly text: string | undefined;
}

/** The endpoint of all signals has the path of metrics added; that of metrics is taken as it is. */
function urlOf({ name, text }: { readonly name: string; readonly text: string }): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new InvalidValue(`${name} is not a URL: use one such as https://collector.example:4318.`);
  if (name.includes('_METRICS_')) return url.href;
  url.pathname = `${url.pathname.replace(/[/]$/, '')}/v1/metrics`;
  return url.href;
}

function checkProtocol({ name, text }: Given): void {
  if (text === undefined || text === 'http/json') return;
  throw new InvalidValue(
    `${name} is "${text}", and Pawl sends OTLP as http/json alone: leave it out, or say http/json.`,
  );
}

/** `key=value,key=value`, each value percent-encoded. The message never repeats a value: it may be a secret. */
function pairs({ name, text }: Given): Readonly<Record<string, string>> {
  const entries = (text ?? '').split(',').flatMap((part): readonly (readonly [string, string])[] => {
    if (part.trim() === '') return [];
    const at = part.indexOf('=');
    const key = part.slice(0, at).trim();
    if (at < 1 || key === '')
      throw new InvalidValue(`${name} is not a list such as "key=value,other=value".`);
    return [[key, decoded(name, part.slice(at + 1).trim())]];
  });
  return Object.fromEntries(entries);
}

function decoded(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new InvalidValue(`${name} has a value with a % that is not followed by two hexadecimal digits.`, {
      cause,
    });
  }
}

function milliseconds({ name, text }: Given, otherwise: number): number {
  if (text === undefined) return otherwise;
  const ms = Number(text);
  if (!Number.isInteger(ms) || ms < 1 || ms > LONGEST_MS)
    throw new InvalidValue(`${name} is not a number of milliseconds from 1 to ${LONGEST_MS}.`);
  return ms;
}
