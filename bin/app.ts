import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Deployment } from '../lib/infrastructure/deployment.ts';
import { DeploymentRefused } from '../lib/infrastructure/deployment.ts';
import { readDeployment } from '../lib/infrastructure/deployment-file.ts';
import { ServiceLimits } from '../lib/infrastructure/service-limits.ts';
import { inWaves } from '../lib/infrastructure/waves.ts';

// The CDK app, as cdk.json runs it: `npx cdk deploy -c deployment=deployment.json`, or several in their order:
// `npx cdk deploy --all -c deployment=canary.json,deployment.json`.

const app = new App();
const files: unknown = app.node.tryGetContext('deployment') ?? 'deployment.json';
const deployments = await Promise.all(String(files).split(',').map(deploymentIn));
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
const env = account === undefined || region === undefined ? {} : { env: { account, region } };

inWaves(app, deployments, env);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServiceLimits());

async function deploymentIn(file: string): Promise<Deployment> {
  return await readDeployment(file).catch((error: unknown) => {
    if (!(error instanceof DeploymentRefused)) throw error;
    process.stderr.write(`${file}: ${error.message}\n`);
    process.exit(1);
  });
}
