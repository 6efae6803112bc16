/**
 * `pawl/constructs`: Pawl in an app of the AWS CDK. {@link PawlStack} is a stack of its own, {@link Pawl} a construct for
 * yours. Needs the peer dependencies aws-cdk-lib and constructs.
 *
 * @packageDocumentation
 */

export type { CellDeployment, Deployment, RateDivision } from '../infrastructure/deployment.ts';
export { DeploymentRefused, parseDeployment } from '../infrastructure/deployment.ts';
export { readDeployment } from '../infrastructure/deployment-file.ts';
export type { GivenTable } from '../infrastructure/ledger-table.ts';
export type {
  NoticeEvents,
  Notified,
  NotifiedSlack,
  NotifiedTopic,
  NotifiedWebhook,
} from '../infrastructure/notify-settings.ts';
export type { OtlpTarget } from '../infrastructure/otlp-export.ts';
export type {
  GivenSecret,
  Notify,
  NotifySlack,
  NotifyTopic,
  NotifyWebhook,
  PawlCell,
  PawlProps,
  PawlStackProps,
} from '../infrastructure/pawl-props.ts';
export { Pawl, PawlStack } from '../infrastructure/pawl-stack.ts';
export { ServiceLimits } from '../infrastructure/service-limits.ts';
export { inWaves } from '../infrastructure/waves.ts';
