import { OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/** How a function is bundled, with everything that it imports. What esbuild does with it is in its own words below. */
export const BUNDLING = {
  format: OutputFormat.ESM,
  target: 'node24',
  mainFields: ['module', 'main'],
  // Lets packages that are written for CommonJS call `require` in a bundle of modules.
  banner: "import{createRequire as pawlRequire}from'node:module';const require=pawlRequire(import.meta.url);",
  minify: true,
  // The SDK of the lock file, not the one that Lambda happens to have: retries and timeouts depend on its version.
  bundleAwsSDK: true,
} as const;
