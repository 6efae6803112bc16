import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../lib/cli/main.ts';
import { openPage } from '../../lib/cli/page/open-page.ts';
import type { RunningWorld } from '../../lib/local/start-local-world.ts';
import { startLocalWorld } from '../../lib/local/start-local-world.ts';
import type { ServedPage } from '../../lib/page/serve-page.ts';
import { chooseWorld } from '../../lib/wiring/choose-world.ts';
import { NOWHERE } from '../cli/rehearsal.ts';
import { converged, quickSettings } from '../local/running-world.ts';

/** A reason and an operator's words that would break a page that takes text for HTML. */
export const EVIL =
  '<script>document.title="owned"</script><img src=x onerror="document.title=1"> "\u202etxet';

/** A world at its goal, with a person's shell and its page. */
export interface PageWorldUnderTest {
  readonly running: RunningWorld;
  readonly page: ServedPage;
  run(...words: readonly string[]): Promise<{ readonly exit: number; readonly said: string }>;
  /** Hands over this fleet. */
  push(fleet: string): Promise<void>;
  close(): Promise<void>;
}

/** Two cells of different Regions; one of them has a route by country. */
export function pageFleet({ api = '[a-1, a-2, a-3, a-4]', health = 'healthy', second = 100 } = {}): string {
  return `version: 1
defaults:
  policy: { coalesce_s: 0, capacity_removed_percent: 34, endpoints_changed_percent: 100 }
cells:
  use1-a:
    zone: one.test
    targets:
      a-1: { az: use1-az1, capacity: 100, ipv4: 192.0.2.1, ipv6: '2001:db8::1' }
      a-2: { az: use1-az2, capacity: 100, ipv4: 192.0.2.2, ipv6: '2001:db8::2' }
      a-3: { az: use1-az4, capacity: 100, health: ${health}, ipv4: 192.0.2.3 }
      a-4: { az: use1-az4, capacity: 100, ipv4: 192.0.2.4 }
    endpoints:
      api.one.test: { kind: addresses, targets: ${api} }
      www.one.test: { kind: addresses, targets: [a-1, a-2] }
  euw1-a:
    zone: two.test
    targets:
      b-1: { az: euw1-az1, capacity: 100, ipv4: 192.0.2.11 }
      b-2: { az: euw1-az2, capacity: ${second}, ipv4: 192.0.2.12 }
    endpoints:
      api.two.test: { kind: addresses, targets: [b-1, b-2] }
      geo.two.test:
        kind: addresses
        route:
          geolocation:
            default: { targets: [b-1] }
            DE: { targets: [b-2] }
`;
}

/** Starts a world in a folder of its own, and waits until it is at its goal. */
export async function pageWorldUnderTest(): Promise<PageWorldUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-page-world-'));
  const file = join(folder, 'fleet.yaml');
  await writeFile(file, pageFleet());
  const running = await startLocalWorld(quickSettings(folder, file));
  await converged(running);
  const page = await openPage(running.world, {
    port: 0,
    place: '',
    onTrouble: (error) => {
      throw error;
    },
  });
  const run = async (...words: readonly string[]) => {
    let said = '';
    const write = (text: string): void => {
      said += text;
    };
    const exit = await main([...words, '--folder', join(folder, '.pawl')], {
      terminal: { ...NOWHERE, write, complain: write },
      env: {},
      interruption: () => new AbortController().signal,
      chooseWorld,
    });
    return { exit, said };
  };
  return {
    running,
    page,
    run,
    push: async (fleet) => {
      await writeFile(file, fleet);
      const { exit, said } = await run('fleet', 'push', file, '--yes');
      if (exit !== 0) throw new Error(said);
    },
    close: async () => {
      await page.close();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
