// npm runs this after it has installed a clone (the script "postprepare", which is nobody else's). Whoever runs npm with a Node that is too old reads
// one sentence, in place of npm's warning of each package that says so (.npmrc keeps those back).
import { existsSync, readFileSync } from 'node:fs';

const [, version = process.versions.node] =
  /\bnode\/v(\S+)/.exec(process.env.npm_config_user_agent ?? '') ?? [];
const [major, minor] = version.split('.').map(Number);

// Type stripping is on without a flag since 22.18 and 23.6.
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  const own = new URL('../node_modules/node/', import.meta.url);
  const came = existsSync(new URL('bin/node', own));
  const sentence = came
    ? `and need not be newer: "npm run" and npx use Node ${JSON.parse(readFileSync(new URL('package.json', own), 'utf8')).version}, which came along.`
    : 'and nothing here runs on it: install Node 24.';
  process.stderr.write(`This machine's Node ${version} is too old for Pawl, ${sentence}\n`);
}
