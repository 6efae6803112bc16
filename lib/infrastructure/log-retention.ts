import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Deployment } from './deployment.ts';

/** The days of a deployment as the CDK calls them. */
export const LOG_RETENTION: Readonly<Record<Deployment['logDays'], RetentionDays>> = {
  1: RetentionDays.ONE_DAY,
  7: RetentionDays.ONE_WEEK,
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  365: RetentionDays.ONE_YEAR,
};
