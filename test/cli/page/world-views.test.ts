import { describe, expect, it } from 'vitest';
import { lookAtCells } from '../../../lib/cli/look/look-at-cells.ts';
import type { ViewOutcome } from '../../../lib/page/page-views.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { converged, fleetText, rehearsal } from '../rehearsal.ts';
import type { LookedWorld } from './looked-world.ts';
import { lookedWorld } from './looked-world.ts';

const CELL = cellName('use1-a');

/** The only cell of a look. */
async function onlyCell({ views }: LookedWorld): Promise<unknown> {
  const { cells } = await views.look();
  expect(cells).toHaveLength(1);
  return cells[0];
}

function documentOf(outcome: ViewOutcome): unknown {
  if (outcome.type !== 'found') throw new Error(outcome.says);
  return outcome.document;
}

describe('a look', () => {
  it('shows every cell as pawl status does, with its Region, and each event once', async () => {
    const looked = lookedWorld(await converged());
    const first = await looked.views.look();
    expect(first.cells).toMatchObject([
      {
        ...{
          cell: 'use1-a',
          region: 'us-east-1',
          zone: 'example.test',
          condition: 'converged',
          tone: 'good',
        },
        ...{ goal: 1, applied: { generation: 1 }, endpoints: 2, remarks: [], keptBack: [], refused: [] },
      },
    ]);
    const types = first.events.map((event) => (event as { readonly type: string }).type);
    expect(types).toEqual(expect.arrayContaining(['FleetDeclared', 'PlanAppended', 'PlanApplied']));
    expect((await looked.views.look()).events).toEqual([]);
  });

  it('tells what was appended since, one event or several', async () => {
    const stage = await converged();
    const looked = lookedWorld(stage);
    await looked.views.look();
    await stage.pawl('target drain web-1 --reason disk --yes');
    const one = await looked.views.look();
    expect(one.events).toMatchObject([{ type: 'TargetDrained', tone: 'careful', by: 'operator-ana' }]);
    looked.forgetCalls();
    await stage.pawl('plan --append');
    await stage.pawl('freeze use1-a --reason why');
    const more = await looked.views.look();
    expect(more.events).toMatchObject([{ type: 'PlanAppended' }, { type: 'CellFrozen' }]);
    expect(more.cells).toMatchObject([
      { condition: 'frozen', frozen: { by: 'operator-ana', reason: 'why' } },
    ]);
  });

  it('has commands that can be typed for this world, and no placeholder to copy', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --reason why');
    const { remarks } = (await onlyCell(lookedWorld(stage, '--stack pawl'))) as { remarks: unknown };
    expect(JSON.stringify(remarks)).toContain('{"command":"npx pawl thaw use1-a --stack pawl"}');
  });

  it('costs no more than a look of pawl status --watch, and writes nothing', async () => {
    const stage = await converged();
    const { world, ...looked } = lookedWorld(stage);
    const privacy = new Map<string, boolean>();
    const ledger = await world.ledger();
    await lookAtCells(world, ledger, await ledger.cells(), privacy);
    looked.forgetCalls();
    await lookAtCells(world, ledger, await ledger.cells(), privacy);
    const status = looked.calls();
    await looked.views.look();
    looked.forgetCalls();
    await looked.views.look();
    const page = looked.calls();
    expect(status).toMatchObject({ cells: 1, head: 1, listRecords: 1 });
    for (const [verb, count] of Object.entries(page))
      expect(count, verb).toBeLessThanOrEqual(status[verb] ?? 0);
    expect(page).toEqual({ cells: 1, head: 1, listRecords: 1 });
  });

  it('fails while the ledger is away, and goes on when it is back', async () => {
    const looked = lookedWorld(await converged());
    looked.away('ledger', true);
    await expect(looked.views.look()).rejects.toThrow('The ledger does not answer.');
    expect(await looked.views.view(['cell', 'use1-a'])).toMatchObject({ type: 'failed' });
    looked.away('ledger', false);
    expect(await onlyCell(looked)).toMatchObject({ condition: 'converged' });
  });

  it('says since when a zone cannot be read, until it can', async () => {
    const stage = await converged();
    const looked = lookedWorld(stage);
    looked.away('zone', true);
    const began = stage.clock.now();
    expect(await onlyCell(looked)).toMatchObject({ condition: 'unreachable', tone: 'bad', since: began });
    stage.clock.shift(60_000);
    expect(await onlyCell(looked)).toMatchObject({ condition: 'unreachable', since: began });
    looked.away('zone', false);
    expect(await onlyCell(looked)).toMatchObject({ condition: 'converged' });
  });

  it('of a ledger without cells has none', async () => {
    expect(await lookedWorld(await rehearsal()).views.look()).toEqual({ cells: [], events: [] });
  });
});

describe('a cell', () => {
  it('has its endpoints with shares, its chain, its room and its plans', async () => {
    const stage = await converged();
    await stage.pawl('audit use1-a');
    const document = documentOf(await lookedWorld(stage).views.view(['cell', 'use1-a']));
    expect(document).toMatchObject({
      ...{ cell: 'use1-a', zone: 'example.test', region: 'us-east-1', targets: 4 },
      endpoints: [
        {
          name: 'api.example.test',
          answers: true,
          shares: { answers: [{ target: 'api-1', before: { permille: 500 } }, { target: 'api-2' }] },
          ...{ absent: [], keptBack: null, refused: null },
        },
        { name: 'www.example.test', shares: { answers: [{ before: { permille: 334 } }, {}] } },
      ],
      room: { recordLimit: 10_000 },
      plans: [{ generation: 1, is: ['goal', 'applied', 'newest'] }],
    });
    const { chain } = document as { chain: readonly { what: string; holds: string }[] };
    expect(chain.map(({ what, holds }) => [what, holds])).toEqual(
      ['Fence', 'Ledger', 'Mark in the log', 'Applied plan', 'Goal', 'Log'].map((what) => [what, 'yes']),
    );
  });

  it('says what is kept back, what would change, and what lets it go', async () => {
    const stage = await converged();
    const file = await stage.file(
      'less.yaml',
      fleetText({ capacity: 1 }).replace('targets: [api-1, api-2]', 'targets: [api-1]'),
    );
    await stage.pawl(`fleet push ${file} --yes`);
    await stage.pawl('plan --append');
    const looked = lookedWorld(stage);
    expect(await onlyCell(looked)).toMatchObject({ keptBack: ['api.example.test'] });
    const document = documentOf(await looked.views.view(['cell', 'use1-a']));
    expect(document).toMatchObject({
      endpoints: [
        {
          name: 'api.example.test',
          keptBack: { findings: [{}], endpoints: [{ name: 'api.example.test' }] },
          decide: [
            expect.stringMatching(/^npx pawl plan approve use1-a api\.example\.test --digest [0-9a-f]{12}$/),
          ],
        },
        { keptBack: null, decide: [] },
      ],
    });
    expect(documentOf(await looked.views.view(['name', 'api.example.test']))).toMatchObject({
      keptBack: { approvable: true },
      decide: [expect.stringContaining('plan approve')],
    });
  });

  it('tells a frozen fence from the log, and a goal that is not applied', async () => {
    const stage = await converged();
    await stage.pawl('freeze use1-a --fence-only --zone example.test');
    await stage.pawl('target drain web-1 --reason disk --yes');
    const { chain } = documentOf(await lookedWorld(stage).views.view(['cell', 'use1-a'])) as {
      chain: readonly { what: string; says: string; holds: string }[];
    };
    expect(chain[0]).toMatchObject({ what: 'Fence', says: expect.stringContaining('frozen') });
  });

  it('shows a zone that cannot be read as not known', async () => {
    const looked = lookedWorld(await converged());
    looked.away('zone', true);
    expect(documentOf(await looked.views.view(['cell', 'use1-a']))).toMatchObject({
      chain: [
        { what: 'Fence', holds: 'not-known' },
        { what: 'Log', holds: 'yes' },
      ],
    });
    expect(await looked.views.view(['name', 'api.example.test'])).toEqual({
      type: 'failed',
      says: 'Route 53 does not answer.',
    });
  });
});

describe('a name', () => {
  it('is its chain from root to leaves, with the plan and the person behind it', async () => {
    const stage = await converged();
    const document = documentOf(await lookedWorld(stage).views.view(['name', 'api.example.test']));
    expect(document).toMatchObject({
      ...{ asked: 'api.example.test', cell: 'use1-a', rootIsAsPlanned: true },
      tree: { condition: 'intact' },
      shares: { answers: [{ target: 'api-1' }, { target: 'api-2' }] },
      behind: {
        plan: { type: 'PlanAppended', by: 'operator-ana' },
        fleet: { by: 'operator-ana' },
        last: null,
      },
      next: ['npx pawl explain api.example.test', 'npx pawl resolve api.example.test --count 1000'],
    });
  });

  it("has a person's last word before its plan", async () => {
    const stage = await converged();
    await stage.pawl('target drain web-1 --reason disk --yes');
    await stage.pawl('plan --append');
    await stage.pawl('enact use1-a');
    const document = documentOf(await lookedWorld(stage).views.view(['name', 'www.example.test']));
    expect(document).toMatchObject({
      behind: {
        plan: { text: expect.stringContaining('@2') },
        last: { type: 'TargetDrained', by: 'operator-ana' },
        fleet: { type: 'FleetDeclared' },
      },
    });
  });
});

describe('plans and events', () => {
  it('are compared, and read further back', async () => {
    const stage = await converged();
    await stage.pawl('target drain web-1 --reason disk --yes');
    await stage.pawl('plan --append');
    const { views } = lookedWorld(stage);
    expect(documentOf(await views.view(['compare', 'use1-a', '1', '2']))).toMatchObject({
      ...{ cell: 'use1-a', before: 1, after: 2, unchanged: 1, next: ['npx pawl plan diff use1-a@1 @2'] },
      endpoints: [
        { name: 'www.example.test', leaves: [{ target: 'web-1', weightBefore: 128, weightAfter: null }] },
      ],
    });
    expect(documentOf(await views.view(['log', 'use1-a', '3']))).toMatchObject({
      events: [{ number: 1 }, { number: 2 }],
      unreadable: [],
    });
  });
});

describe('what is not there', () => {
  it.each([
    ['nothing', []],
    ['another view', ['zone', 'Z1']],
    ['too many words', ['cell', 'use1-a', 'x']],
    ['an unknown cell', ['cell', 'use1-z']],
    ['no name of a cell', ['cell', '../../etc']],
    ['an unknown name', ['name', 'nobody.example.test']],
    ['no name', ['name', '<script>']],
    ['no generation', ['compare', 'use1-a', '1', 'x']],
    ['an unknown plan', ['compare', 'use1-a', '1', '99']],
    ['no event', ['log', 'use1-a', '-1']],
  ])('is said in a sentence: %s', async (_, path) => {
    const { views } = lookedWorld(await converged());
    const outcome = await views.view(path);
    expect(outcome).toMatchObject({ type: 'none', says: expect.stringMatching(/^\S.*[.?]$/s) });
  });
});

describe('what the page gets of a world', () => {
  it('cannot write, and nothing that it shows has tried to', async () => {
    const stage = await converged();
    const { handle, ...looked } = lookedWorld(stage);
    looked.forgetCalls();
    await looked.views.look();
    for (const path of [
      ['cell', CELL],
      ['name', 'api.example.test'],
      ['compare', CELL, '1', '1'],
      ['log', CELL, '9'],
    ])
      expect((await looked.views.view(path)).type, path.join('/')).toBe('found');
    expect(looked.calls()).not.toHaveProperty('append');
    expect(looked.calls()).not.toHaveProperty('putBody');
    expect(looked.calls()).not.toHaveProperty('change');
    const ledger = await handle.ledger();
    const head = await ledger.head(CELL);
    const entry = { event: { type: 'CellThawed' }, at: 0, by: 'page' } as const;
    await expect(ledger.append(head, entry)).rejects.toThrow('may not append CellThawed');
    await expect(ledger.putBody(CELL, 'x')).rejects.toThrow('may not store');
    const batch = { kind: 'scratch', changes: [], comment: '' } as const;
    await expect(handle.zone(stage.zoneId).change(batch)).rejects.toThrow('only reads');
    expect(Object.keys(handle).sort()).toEqual([
      'clock',
      'kind',
      'ledger',
      'operator',
      'telemetry',
      'title',
      'zone',
    ]);
    expect(looked.calls()).not.toHaveProperty('append');
  });
});

describe('pawl page', () => {
  it('prints an address with a token for an account, until Ctrl-C', async () => {
    const stage = await converged();
    const { exit, out } = await stage.pawl('page --port 0 --json', {
      interruptAtSleep: 1,
      world: { kind: 'aws' },
    });
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({
      type: 'page',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/),
    });
  });

  it('prints one without a token for a local world', async () => {
    const { out } = await (await converged()).pawl('page --port 0', { interruptAtSleep: 1 });
    expect(out).toMatch(/^Page: http:\/\/127\.0\.0\.1:\d+\/\n/m);
  });
});
