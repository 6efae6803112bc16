import { describe, expect, it } from 'vitest';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import type { Zone } from '../../../lib/zone/zone.ts';
import { countedLedger } from '../../support/counted-ledger.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged, fleetText, rehearsal } from '../rehearsal.ts';

/** An endpoint of two weighted branches, beside the small fleet. */
function branched(blue: number, green: number): string {
  return fleetText({
    extra: `      shop.example.test:
        kind: addresses
        route: { weighted: { blue: { share: ${blue}, targets: [api-1] }, green: { share: ${green}, targets: [api-2] } } }
`,
  });
}

/** What a dry run of this file says to a program. */
async function reviewed(stage: Rehearsal, text: string, more = '') {
  const path = await stage.file('reviewed.yaml', text);
  const { out } = await stage.pawl(`fleet push ${path} --dry-run --format json${more}`);
  return JSON.parse(out);
}

/** A zone that throws at every write. */
function readAlone(zone: Zone): Zone {
  return {
    ...zone,
    change: () => {
      throw new Error('a dry run wrote to the zone');
    },
  };
}

describe('the review of a push', () => {
  it('says weights and shares before and after of every record, those that stay among them', async () => {
    const stage = await converged();
    const { foreseen } = await reviewed(stage, fleetText({ capacity: 50 }));
    expect(foreseen).toMatchObject([
      {
        cell: 'use1-a',
        traffic: {
          unchanged: 1,
          endpoints: [
            {
              name: 'api.example.test',
              change: 'changed',
              shares: {
                answers: [
                  {
                    target: 'api-1',
                    type: 'A',
                    before: { weight: 255, permille: 500 },
                    after: { weight: 128, permille: 334 },
                  },
                  {
                    target: 'api-2',
                    before: { weight: 255, permille: 500 },
                    after: { weight: 255, permille: 666 },
                  },
                ],
              },
            },
          ],
        },
      },
    ]);
  });

  it('says the shares of branches', async () => {
    const stage = await rehearsal();
    const path = await stage.file('fleet.yaml', branched(30, 10));
    await stage.pawl(`fleet push ${path} --yes`);
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    const { foreseen } = await reviewed(stage, branched(10, 10));
    expect(foreseen[0].traffic.endpoints).toMatchObject([
      {
        name: 'shop.example.test',
        shares: {
          branches: [
            { branch: 'blue', before: { permille: 750 }, after: { permille: 500 } },
            { branch: 'green', before: { permille: 250 }, after: { permille: 500 } },
          ],
        },
      },
    ]);
    const { out } = await stage.pawl(`fleet push ${stage.folder}/reviewed.yaml --dry-run`);
    expect(out).toContain('shop.example.test: branch blue weight 30 (75.0 %) -> weight 10 (50.0 %)');
  });

  it('is what the planner then plans, whom it keeps back among it', async () => {
    const stage = await converged();
    const text = fleetText({ capacity: 50 }).replace(/(web-[12]: \{)/g, '$1 health: unhealthy,');
    const { foreseen, comparedWith } = await reviewed(stage, text);
    expect(foreseen[0].keptBack).toMatchObject([
      {
        name: 'www.example.test',
        isNew: true,
        findings: [{ severity: 'fatal', code: 'no-answer' }, { code: 'capacity-removed' }],
      },
    ]);
    await stage.pawl(`fleet push ${stage.folder}/reviewed.yaml --expect ${comparedWith} --yes`);
    const planned = JSON.parse((await stage.pawl('plan --json')).out).cells[0];
    expect(planned.outcome.proposed.summary).toEqual(foreseen[0].summary);
    expect(planned.outcome.proposed.keptBack.map(({ digest }: { digest: string }) => digest)).toEqual(
      foreseen[0].keptBack.map(({ digest }: { digest: string }) => digest),
    );
    const compared = planned.comparison.endpoints.map(({ name }: { name: string }) => name);
    expect(foreseen[0].traffic.endpoints.map(({ name }: { name: string }) => name)).toEqual(compared);
  });

  it.each(['text', 'json', 'markdown'])('as %s writes nothing to ledger and zone', async (format) => {
    const stage = await converged();
    const { counted, calls } = countedLedger(stage.ledger);
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 50 }));
    const world = {
      ledger: async () => ({ ...stage.ledger, ...counted }),
      zone: (id: string) => readAlone(emulatedZone(stage.core, id)),
    };
    const { exit } = await stage.pawl(`fleet push ${path} --dry-run --format ${format}`, { world });
    expect(exit).toBe(0);
    expect(calls.get('head')).toBeGreaterThan(0);
    expect([calls.get('append'), calls.get('putBody')]).toEqual([undefined, undefined]);
  });

  it('counts the writes of a push that is no dry run', async () => {
    const stage = await converged();
    const { counted, calls } = countedLedger(stage.ledger);
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 50 }));
    await stage.pawl(`fleet push ${path} --yes`, {
      world: { ledger: async () => ({ ...stage.ledger, ...counted }) },
    });
    expect([calls.get('append'), calls.get('putBody')]).toEqual([1, 1]);
  });

  it('says of each wave what it would stop at', async () => {
    const stage = await converged();
    await stage.pawl('pause use1-a --reason looking');
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 50 }));
    const { out } = await stage.pawl(`fleet push ${path} --waves use1-a --bake 15m --dry-run`);
    expect(out).toContain('  1. use1-a: would not begin, because the planner of use1-a is paused by');
    const { rollout } = await reviewed(stage, fleetText({ capacity: 50 }), ' --waves use1-a');
    expect(rollout).toMatchObject({
      order: [{ wave: 1, cells: ['use1-a'], stops: expect.stringContaining('pawl resume use1-a') }],
    });
    await stage.pawl('resume use1-a');
    expect(await reviewed(stage, fleetText({ capacity: 50 }), ' --waves use1-a')).toMatchObject({
      rollout: { order: [{ wave: 1, stops: null }] },
    });
  });

  it('says that a frozen cell gets nothing of it', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --reason looking');
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 50 }));
    const { out } = await stage.pawl(`fleet push ${path} --dry-run`);
    expect(out).toContain(
      'Cell use1-a is frozen by operator-ana (looking): nothing of this reaches its zone',
    );
  });
});

describe('the page of a review', () => {
  it('is short, folds what is long, and ends with the digest', async () => {
    const stage = await converged();
    const text = fleetText({ capacity: 50 }).replace(/(web-[12]: \{)/g, '$1 health: unhealthy,');
    const { comparedWith } = await reviewed(stage, text);
    const { exit, out, err } = await stage.pawl(
      `fleet push ${stage.folder}/reviewed.yaml --dry-run --format markdown`,
      { terminal: {} },
    );
    expect(exit).toBe(1);
    expect(err).toBe('rehearsal world\n');
    await expect(out.replaceAll(`${stage.folder}/reviewed.yaml`, 'fleet.yaml')).toMatchFileSnapshot(
      './push-review.md',
    );
    expect(out).toContain(`pawl fleet push ${stage.folder}/reviewed.yaml --expect ${comparedWith}`);
  });

  it('says what goes over, in which waves, and what the push undoes', async () => {
    const stage = await converged();
    await stage.pawl('target drain api-1 --hold --yes --reason disk');
    const moved = fleetText()
      .replace('      www.example.test: { kind: addresses, targets: [web-1, web-2] }\n', '')
      .replace(
        '      api-1: { az: az1, capacity: 100, ipv4: 192.0.2.1 }\n',
        '      api-9: { az: az1, capacity: 100, ipv4: 192.0.2.1 }\n',
      )
      .replace('[api-1, api-2]', '[api-9, api-2]');
    const path = await stage.file(
      'moved.yaml',
      `${moved}  use1-b:
    zone: example.test
    targets: { web-1: { az: az1, capacity: 50, ipv4: 192.0.2.11 } }
    endpoints: { www.example.test: { kind: addresses, targets: [web-1] } }
`,
    );
    const { out } = await stage.pawl(`fleet push ${path} --dry-run --format markdown`);
    expect(out).toContain('**Handed over**\n\n- `use1-a` to `use1-b`: `www.example.test`');
    expect(out).toContain('**This push undoes**\n\n- `use1-a`: the drain of api-1');
  });

  it('of a file that changes nothing says so, and has no digest', async () => {
    const stage = await converged();
    const path = await stage.file('same.yaml', fleetText());
    const { exit, out } = await stage.pawl(`fleet push ${path} --dry-run --format markdown`);
    expect([exit, out]).toEqual([0, '### Pawl: nothing changes\n\nThe ledger has these fleets already.\n']);
  });

  it('is of a dry run alone', async () => {
    const stage = await converged();
    const path = await stage.file('same.yaml', fleetText());
    const { exit, err } = await stage.pawl(`fleet push ${path} --yes --format markdown`);
    expect([exit, err]).toEqual([2, expect.stringContaining('give --dry-run too')]);
  });
});
