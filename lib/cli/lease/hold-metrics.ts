import type { HoldRequest } from '../../lease/holder.ts';
import { HOLDER_METRICS, METRICS } from '../../telemetry/metric-names.ts';
import { processMetrics } from '../../wiring/process-metrics.ts';
import type { World } from '../../wiring/world.ts';
import type { Session } from '../command/session.ts';
import { clause } from '../printing/paper.ts';
import type { PeriodResult } from './hold-story.ts';

/** What a holder counts of its periods, for Prometheus and for a collector. */
export interface HoldMetrics {
  /** A period has come to its end. @param tries periods that were missed since the last success. */
  period(result: PeriodResult, tries: number, mayAct: boolean): void;
  /** Its time has ended between two periods: it may not act. */
  overdue(): void;
  close(): Promise<void>;
}

/**
 * Metrics of a holder, as its port and its environment ask for them; without either nothing is counted. Where they are
 * served is said on standard error, and so is, once, that they are not or that a collector does not take them: no period
 * waits for that.
 */
export async function holdMetrics(
  session: Session,
  { clock }: Pick<World, 'clock'>,
  { zone, group, by }: Omit<HoldRequest, 'members'>,
  port: number | undefined,
): Promise<HoldMetrics> {
  let told: string | undefined;
  const { url, troubles, record, close } = await processMetrics({
    port,
    worker: by,
    onExport: (reason) => {
      if (reason !== told && reason !== undefined)
        session.remark(`Metrics are not exported (${clause(reason)}).\n`);
      if (reason === undefined && told !== undefined) session.remark('Metrics are exported again.\n');
      told = reason;
    },
    now: () => clock.now(),
  });
  if (url !== undefined) session.remark(`Metrics: ${url}\n`);
  for (const trouble of troubles) session.remark(`${trouble}\n`);
  const attributes = { cell: zone.cell, az: zone.az, group, worker: by };
  const { holdPeriods, holdPeriodsMissed, holdMayAct } = HOLDER_METRICS;
  return {
    period: (result, tries, mayAct) => {
      const isMissed = result.type === 'missed' || result.type === 'file';
      const counts = new Map([
        [holdPeriods, 1],
        [holdPeriodsMissed, isMissed ? 1 : 0],
      ]);
      const levels = new Map<string, number>([
        [holdMayAct, mayAct ? 1 : 0],
        [METRICS.leaseTriesFailed, tries],
      ]);
      record({ attributes, counts, levels });
    },
    overdue: () => record({ attributes, counts: new Map(), levels: new Map([[holdMayAct, 0]]) }),
    close,
  };
}
