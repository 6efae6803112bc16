/**
 * `pawl/constructs`: Pawl in an app of the AWS CDK. {@link PawlStack} is a stack of its own, {@link Pawl} a construct for
 * yours. Needs the peer dependencies aws-cdk-lib and constructs.
 *
 * @packageDocumentation
 */

export type { CellDeployment, Deployment, OtlpTarget, RateDivision } from '../infrastructure/deployment.ts';
export { DeploymentRefused, parseDeployment } from '../infrastructure/deployment.ts';
export { readDeployment } from '../infrastructure/deployment-file.ts';
export type { GivenTable } from '../infrastructure/ledger-table.ts';
export type { PawlCell, PawlProps, PawlStackProps } from '../infrastructure/pawl-props.ts';
export { Pawl, PawlStack } from '../infrastructure/pawl-stack.ts';
export { ServiceLimits } from '../infrastructure/service-limits.ts';
export { inWaves } from '../infrastructure/waves.ts';
