#!/usr/bin/env node
// The launcher. In a clone Pawl is TypeScript that Node runs directly, and an older Node cannot do that; a package holds
// JavaScript instead (docs/adr/0078-a-package-is-built-when-it-is-packed.md). So only this file is JavaScript that every
// Node since 14 can parse: no top-level await, nothing newer.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const EXIT_BAD_INPUT = 2;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'pawl.ts');
const isClone = existsSync(source);
const program = isClone ? source : join(here, '../dist/bin/pawl.js');
/** A package needs what its dependencies need; type stripping is on without a flag since 22.18 and 23.6. */
const OLDEST = isClone ? { 22: 18, 23: 6 } : { 22: 15, 23: 0 };

function runsPawl(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 23 || minor >= OLDEST[major];
}

/** The Node of the package `node`, if a clone has it, and it is new enough and not the one that runs. */
function bundledNode() {
  const require = createRequire(import.meta.url);
  let manifest;
  try {
    manifest = require.resolve('node/package.json');
  } catch {
    return undefined;
  }
  const { bin, version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const binary = join(dirname(manifest), bin.node);
  // Where install scripts are off, the package has no binary.
  if (!existsSync(binary) || !runsPawl(version)) return undefined;
  return realpathSync(binary) === realpathSync(process.execPath) ? undefined : binary;
}

function refuse() {
  process.stderr.write(
    `pawl needs Node 22.${OLDEST[22]} or newer, best Node 24, and this is Node ${process.versions.node}: install Node 24` +
      (isClone ? ', or run "npm ci" here with development dependencies and install scripts on.\n' : '.\n'),
  );
  process.exitCode = EXIT_BAD_INPUT;
}

function respawn(binary) {
  const child = spawn(binary, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child itself: if it were forwarded, the child would get it twice.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  // A binary of another platform or C library, as on Alpine.
  child.on('error', refuse);
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (runsPawl(process.versions.node)) {
  // Node prints a failure completely.
  void import(pathToFileURL(program).href);
} else {
  const binary = bundledNode();
  if (binary === undefined) refuse();
  else respawn(binary);
}
