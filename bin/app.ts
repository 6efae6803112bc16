import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DeploymentRefused } from '../lib/infrastructure/deployment.ts';
import { readDeployment } from '../lib/infrastructure/deployment-file.ts';
import { PawlStack } from '../lib/infrastructure/pawl-stack.ts';
import { ServiceLimits } from '../lib/infrastructure/service-limits.ts';

// The CDK app, as cdk.json runs it: `npx cdk deploy -c deployment=deployment.json`.

const app = new App();
const file: unknown = app.node.tryGetContext('deployment') ?? 'deployment.json';
const deployment = await readDeployment(String(file)).catch((error: unknown) => {
  if (!(error instanceof DeploymentRefused)) throw error;
  process.stderr.write(`${String(file)}: ${error.message}\n`);
  process.exit(1);
});
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
const env = account === undefined || region === undefined ? {} : { env: { account, region } };

new PawlStack(app, deployment.stack, { stackName: deployment.stack, deployment, ...env });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServiceLimits());
