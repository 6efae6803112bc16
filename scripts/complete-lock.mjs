// Run with `npm run generate:lock` after any change of dependencies.
//
// npm writes no lock entry for an optional platform package that the registry at hand did not serve, and
// then `npm ci` refuses that lock everywhere, also on platforms that never needed the package. This adds
// the entries that are missing, so that npm ci skips what is for another platform and fetches what is for
// this one. Such an entry has no integrity hash, because nobody here has seen the package; the next
// `npm install` on a registry that has it fills the hash in.
import { readFileSync, writeFileSync } from 'node:fs';

const OPERATING_SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'openbsd',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** @param {string} name such as `@scope/cli-linux-x64-musl` */
function platformOf(name) {
  const words = name.split('/').at(-1)?.split('-') ?? [];
  const os = OPERATING_SYSTEMS.find((each) => words.includes(each));
  const cpu = PROCESSORS.find((each) => words.includes(each));
  if (os === undefined || cpu === undefined) throw new Error(`cannot tell the platform of ${name}`);
  const musl = words.some((word) => word.startsWith('musl'));
  const libc = os === 'linux' ? { libc: [musl ? 'musl' : 'glibc'] } : {};
  return { cpu: [cpu], ...libc, os: [os] };
}

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const added = [];

for (const owner of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version))
      throw new Error(`${name} is optional at ${version}, not at one version`);
    const { cpu, os, ...rest } = platformOf(name);
    lock.packages[key] = { version, cpu, ...(owner.dev ? { dev: true } : {}), ...rest, optional: true, os };
    added.push(`${name}@${version}`);
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(
  added.length === 0 ? 'the lock is complete\n' : `added to the lock: ${added.join(', ')}\n`,
);
