import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseDeployment } from '../lib/infrastructure/deployment.ts';
import { ServiceLimits } from '../lib/infrastructure/service-limits.ts';
import { inWaves } from '../lib/infrastructure/waves.ts';

// The CDK app, as cdk.json runs it: `npx cdk deploy -c deployment=deployment.json`, or several in their order:
// `npx cdk deploy --all -c deployment=canary.json,deployment.json`.

const app = new App();
const files: unknown = app.node.tryGetContext('deployment') ?? 'deployment.json';
const deployments = String(files)
  .split(',')
  .map((file) => parseDeployment(JSON.parse(readFileSync(file, 'utf8'))));
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
const env = account === undefined || region === undefined ? {} : { env: { account, region } };

inWaves(app, deployments, env);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServiceLimits());
