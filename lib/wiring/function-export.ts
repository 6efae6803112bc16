import manifest from '../../package.json' with { type: 'json' };
import { systemClock } from '../runtime/clock.ts';
import { systemRandomness } from '../runtime/ids.ts';
import { otlpRunExport } from '../telemetry/otlp-run-export.ts';
import type { WorkerExport } from '../telemetry/run-export.ts';
import { otlpSettings } from './otlp-settings.ts';

/**
 * The export of one container, by its environment; undefined unless an endpoint is configured. Variables that nobody can mean stop no run: every run says so, and
 * counts it, as where a collector is down.
 *
 * Counts are deltas unless the environment says otherwise: a container may live for one run, and of a sum that begins
 * with its first value nobody sees the increase (docs/adr/0081-metrics-beside-cloudwatch.md).
 */
export function functionExport(env: NodeJS.ProcessEnv = process.env): WorkerExport | undefined {
  const worker = env['PAWL_ROLE'] ?? 'unknown';
  const container = env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? systemRandomness.nonce();
  const resource = {
    'service.name': 'pawl',
    'service.version': manifest.version,
    'service.instance.id': `${worker}/${container}`,
  };
  try {
    const settings = otlpSettings({ temporality: 'delta', resource }, env);
    if (settings === undefined) return undefined;
    return { to: otlpRunExport(settings, manifest.version, systemClock), worker };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { to: { send: async () => reason }, worker };
  }
}
