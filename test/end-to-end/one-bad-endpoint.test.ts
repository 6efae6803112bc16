import { Resolver } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExitCode } from '../../lib/cli/command/exit-codes.ts';
import { main } from '../../lib/cli/main.ts';
import { chooseWorld } from '../../lib/wiring/choose-world.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import { converged, startWorld } from '../local/running-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawlStart } from './start-process.ts';

/*
 * One bad endpoint never stops another: in each of these worlds something stands in the way of one endpoint, and then
 * a target of another one fails. The roles run on the servers of a local world; nothing else is reached but by the
 * command line, which finds that world by its folder, and by DNS.
 */
interface FleetParts {
  /** Lines of targets besides those of api. */
  readonly targets?: readonly string[];
  /** Lines of endpoints besides api. */
  readonly endpoints?: readonly string[];
}

function fleet({ targets = [], endpoints = [] }: FleetParts): string {
  const indented = (lines: readonly string[]) => lines.map((line) => `      ${line}\n`).join('');
  return `version: 1
defaults: { policy: { coalesce_s: 0, capacity_removed_percent: 60 } }
cells:
  c1:
    zone: example.test
    targets:
      api-1: { az: az1, capacity: 10, ipv4: 192.0.2.1 }
      api-2: { az: az2, capacity: 10, ipv4: 192.0.2.2 }
      api-3: { az: az3, capacity: 10, ipv4: 192.0.2.3 }
      api-4: { az: az1, capacity: 10, ipv4: 192.0.2.4 }
${indented(targets)}    endpoints:
      api.example.test: { kind: addresses, targets: [api-1, api-2, api-3, api-4] }
${indented(endpoints)}`;
}

const LAB: FleetParts = {
  targets: ['lab-1: { az: az1, capacity: 10, ipv4: 198.51.100.1 }'],
  endpoints: ['lab.example.test: { kind: addresses, targets: [lab-1] }'],
};

/** An endpoint whose answers cannot be grouped, with one more target than Route 53 has records for a name and type. */
function crowded(): FleetParts {
  const ids = Array.from({ length: 101 }, (_, index) => `big-${index + 1}`);
  return {
    targets: ids.map((id, index) => `${id}: { az: az1, capacity: 10, ipv4: 203.0.113.${index + 1} }`),
    endpoints: [
      `big.example.test: { kind: addresses, route: { targets: [${ids.join(', ')}], answer: multivalue } }`,
    ],
  };
}

interface Typed {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

interface Shell {
  run(...args: readonly string[]): Promise<Typed>;
  push(parts: FleetParts): Promise<Typed>;
  /** The addresses that a name answers with now; empty when it has no answer. */
  addresses(name: string): Promise<readonly string[]>;
}

/** A world at the goal of this fleet, and a person's shell into it. */
async function world(parts: FleetParts): Promise<Shell> {
  const folder = await temporaryFolder();
  const file = join(folder, 'fleet.yaml');
  await writeFile(file, fleet(parts));
  const started = await startWorld(folder, file);
  await converged(started, 1);
  const { host, port } = started.facts.dns;
  const dns = new Resolver();
  dns.setServers([`${host}:${port}`]);
  const run: Shell['run'] = async (...args) => {
    let out = '';
    let err = '';
    const terminal = {
      ...NOWHERE,
      write: (text: string) => {
        out += text;
      },
      complain: (text: string) => {
        err += text;
      },
    };
    const code = await main([...args, '--folder', join(folder, '.pawl')], {
      terminal,
      env: {},
      interruption: () => new AbortController().signal,
      chooseWorld,
    });
    return { code, out, err };
  };
  return {
    run,
    push: async (next) => {
      await writeFile(file, fleet(next));
      return run('fleet', 'push', file, '--yes');
    },
    addresses: async (name) => {
      const seen = new Set<string>();
      for (let query = 0; query < 40; query += 1)
        for (const address of await dns.resolve4(name).catch(() => [])) seen.add(address);
      return [...seen].sort();
    },
  };
}

const PATIENCE = { timeout: 30_000, interval: 200 };
const API = 'api.example.test';

/** A target of api fails, and leaves although something else is kept back. */
async function failsAndLeaves(shell: Shell): Promise<void> {
  expect(await shell.run('target', 'observe', 'api-1', '--health', 'unhealthy')).toMatchObject({ code: 0 });
  await expect.poll(() => shell.addresses(API), PATIENCE).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4']);
}

/** Waits until status says nothing but that this endpoint is kept back, for this reason, and since when: the log has it. */
async function namesAlone(shell: Shell, name: string, reason: string): Promise<void> {
  await expect
    .poll(async () => (await shell.run('status')).out, PATIENCE)
    .toMatch(new RegExp(`^c1: ${name} is kept back for .*${reason}`, 'm'));
  const status = await shell.run('status');
  expect(status.code).toBe(1);
  expect(status.out).toMatch(/^c1 +example\.test +kept-back /m);
  expect(status.out).not.toContain(`${API} is kept back`);
}

describe('a failed target leaves, and an evacuated zone is emptied', () => {
  it('beside an endpoint without a healthy target', async () => {
    const shell = await world(LAB);
    await shell.run('target', 'observe', 'lab-1', '--health', 'unhealthy');
    await namesAlone(shell, 'lab.example.test', 'not one of its targets serves');
    await failsAndLeaves(shell);
    const evacuated = await shell.run('evacuate', 'az3', '--cell', 'c1', '--yes');
    expect(evacuated, evacuated.err).toMatchObject({ code: 0 });
    await expect.poll(() => shell.addresses(API), PATIENCE).toEqual(['192.0.2.2', '192.0.2.4']);
    expect(await shell.addresses('lab.example.test')).toEqual(['198.51.100.1']);
    await namesAlone(shell, 'lab.example.test', 'not one of its targets serves');
    const explained = await shell.run('explain', 'lab.example.test');
    expect(explained).toMatchObject({ code: 1, out: expect.stringContaining('is kept back for') });
  });

  it('in the endpoints that can spare it, and the others are named', async () => {
    const shell = await world(LAB);
    const evacuated = await shell.run('evacuate', 'az1', '--yes');
    expect(evacuated.code).toBe(1);
    expect(evacuated.out).toContain('az1 is evacuated, but not for lab.example.test');
    await expect.poll(() => shell.addresses(API), PATIENCE).toEqual(['192.0.2.2', '192.0.2.3']);
    expect(await shell.addresses('lab.example.test')).toEqual(['198.51.100.1']);
    await namesAlone(shell, 'lab.example.test', 'not one of its targets serves');
  });

  it('beside a removal that waits for an approval, and that goes once it is approved', async () => {
    const shell = await world(LAB);
    const pushed = await shell.push({});
    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.out).toContain('would be kept back');
    await namesAlone(shell, 'lab.example.test', 'once approved its records are deleted');
    await failsAndLeaves(shell);
    expect(await shell.addresses('lab.example.test')).toEqual(['198.51.100.1']);
    const shown = await shell.run('plan', 'approve', 'c1', 'lab.example.test', '--dry-run');
    const digest = /lab\.example\.test --digest ([0-9a-f]{12})/.exec(shown.out)?.[1] ?? '';
    const other = digest.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const approve = ['plan', 'approve', 'c1', 'lab.example.test', '--yes', '--digest'] as const;
    expect((await shell.run(...approve, other)).code).toBe(1);
    const approved = await shell.run(...approve, digest);
    expect(approved, approved.err).toMatchObject({ code: 0 });
    await expect.poll(() => shell.addresses('lab.example.test'), PATIENCE).toEqual([]);
    await expect.poll(async () => (await shell.run('status')).code, PATIENCE).toBe(0);
    expect(await shell.addresses(API)).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4']);
  });

  it('beside an endpoint of more answers than Route 53 allows', async () => {
    const shell = await world({});
    expect(await shell.push(crowded())).toMatchObject({ code: 0 });
    await namesAlone(shell, 'big.example.test', '101 records of one type, more than the 100');
    await failsAndLeaves(shell);
    expect(await shell.addresses('big.example.test')).toEqual([]);
    const explained = await shell.run('explain', 'big.example.test');
    expect(explained).toMatchObject({ code: 1, out: expect.stringContaining('no applied plan of cell c1') });
  });
});

describe('pawl start --until-converged', () => {
  it('ends with 0 for a first fleet that spans Regions', async () => {
    const folder = await temporaryFolder();
    const started = pawlStart(folder, join('examples', 'regions.yaml'), '--until-converged');
    expect((await started.ended()).code).toBe(0);
    expect(started.stdout()).toMatch(/^world +example\.test +converged +@1 +@1 /m);
  });

  it('ends with 1 and says what waits, instead of waiting for it', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'fleet.yaml');
    await writeFile(file, fleet(crowded()));
    const started = pawlStart(folder, file, '--until-converged');
    expect((await started.ended()).code).toBe(1);
    expect(started.stdout()).toMatch(/^c1 +example\.test +waits +@1 +@1 .*big\.example\.test kept back$/m);
    expect(started.stdout()).toMatch(/^c1: big\.example\.test is kept back for .*101 records/m);
  });
});
