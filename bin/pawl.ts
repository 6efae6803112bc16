import { enableCompileCache } from 'node:module';

// Hundreds of small TypeScript files are stripped of their types at every start: remembered, that is free.
enableCompileCache();
const [{ main }, { processDoors }] = await Promise.all([
  import('../lib/cli/main.ts'),
  import('../lib/cli/process-doors.ts'),
]);

process.exitCode = await main(process.argv.slice(2), processDoors(process));
