import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { fleetText } from '../cli/rehearsal.ts';
import type { ActionEnd, ActionRun } from '../support/composite-action.ts';
import { bash, readAction, runAction } from '../support/composite-action.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { pawlStart } from './start-process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ACTION = join(ROOT, '.github/actions/pawl/action.yml');
const PAWL = `${process.execPath} ${join(ROOT, 'bin/pawl.mjs')}`;

const step = z.looseObject({
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const workflow = z.looseObject({ jobs: z.record(z.string(), z.looseObject({ steps: z.array(step) })) });
const pipeline = z.record(z.string(), z.looseObject({ script: z.array(z.string()) }));

/** The blocks of YAML on the page. */
async function blocks(): Promise<readonly unknown[]> {
  const page = await readFile(join(ROOT, 'docs/gitops.md'), 'utf8');
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text));
}

function fleet(capacity: number, web = '[web-1, web-2]'): string {
  return fleetText({ capacity })
    .replace('cells:\n', 'defaults: { policy: { coalesce_s: 0 } }\ncells:\n')
    .replace('[web-1, web-2]', web);
}

interface Repository {
  readonly folder: string;
  /** Writes another fleet file. */
  commit(text: string): Promise<void>;
  act(inputs: ActionRun['inputs'], more?: Partial<ActionRun>): Promise<ActionEnd>;
}

/** A clone of a repository with a fleet file, beside a local world that answers with it. */
async function repository(): Promise<Repository> {
  const folder = await temporaryFolder();
  const file = join(folder, 'fleet.yaml');
  const commit = (text: string): Promise<void> => writeFile(file, text);
  await commit(fleet(100));
  const world = pawlStart(folder, file);
  await world.prints('Try, in another terminal:');
  const github = { token: 'token', event_name: 'push', repository: 'us/dns' };
  return {
    folder,
    commit,
    act: (inputs, more = {}) =>
      runAction(ACTION, {
        inputs: { pawl: PAWL, ...inputs },
        folder,
        ...more,
        github: { ...github, ...more.github },
      }),
  };
}

/** A `gh` that knows one comment, or none, and writes down what it is asked to write. */
async function fakeGh(folder: string, known: string): Promise<string> {
  const path = join(folder, 'gh');
  await writeFile(
    path,
    `#!/usr/bin/env bash
set -eu
[ "$GH_TOKEN" = token ] && [ "$1" = api ] || exit 90
case "$*" in
  "api repos/us/dns/issues/7/comments --paginate --jq "*) printf '%s' '${known}' ;;
  "api --method POST repos/us/dns/issues/7/comments --field body=@"*" --silent") cp "\${6#body=@}" posted ;;
  "api --method PATCH repos/us/dns/issues/comments/41 --field body=@"*" --silent") cp "\${6#body=@}" patched ;;
  *) echo "gh does not know: $*" >&2; exit 91 ;;
esac
`,
  );
  await chmod(path, 0o755);
  return folder;
}

describe('the action', () => {
  it('shows a change on a pull request, and pushes exactly that', async () => {
    const { folder, commit, act } = await repository();
    await commit(fleet(50));
    const pull = { event_name: 'pull_request', 'event.pull_request.number': '7' };
    const shown = await act({ mode: 'preview' }, { github: pull, programs: await fakeGh(folder, '') });
    expect(shown, shown.log).toMatchObject({ exit: 0, outputs: { exit: '0' } });
    expect(shown.summary).toContain('### Pawl: 1 endpoint of 1 cell would change');
    expect(shown.outputs['expect']).toMatch(/^[0-9a-f]{12}$/);
    const posted = await readFile(join(folder, 'posted'), 'utf8');
    expect(posted).toMatch(/^<!-- pawl preview of [0-9a-f]{12} -->\n### Pawl: 1 endpoint/);
    await act({ mode: 'preview' }, { github: pull, programs: await fakeGh(folder, '41\n42') });
    expect(await readFile(join(folder, 'patched'), 'utf8')).toBe(posted);

    const { expect: digest = '' } = shown.outputs;
    const pushed = await act({ mode: 'push', expect: digest });
    expect(pushed, pushed.log).toMatchObject({ exit: 0, outputs: { exit: '0' } });
    expect(pushed.summary).toContain('use1-a: applied.');
    await commit(fleet(60));
    const stale = await act({ mode: 'push', expect: digest });
    expect(stale, stale.log).toMatchObject({ exit: 1, failed: 'End as Pawl did' });
    expect(stale.summary).toContain('Another fleet was declared since this change was shown');
  });

  it('fails where an endpoint would be kept back, unless told otherwise, and pushes what needs nobody', async () => {
    const { commit, act } = await repository();
    await commit(fleet(90, '[web-1]'));
    const shown = await act({ mode: 'preview' });
    expect(shown, shown.log).toMatchObject({ exit: 1, outputs: { exit: '1' } });
    expect(shown.summary).toContain('**Kept back');
    const labelled = await act({ mode: 'preview', 'fail-on-kept-back': 'false' });
    expect(labelled).toMatchObject({ exit: 0, outputs: { exit: '1' } });
    expect(labelled.log).toContain('::warning::');
    const { expect: digest = '' } = labelled.outputs;
    const pushed = await act({ mode: 'push', expect: digest, wait: 'held' });
    expect(pushed, pushed.log).toMatchObject({ exit: 0 });
    expect(pushed.summary).toContain('use1-a: applied, and www.example.test waits for a person');
    expect((await act({ mode: 'push', expect: digest })).exit).toBe(1);
  });

  it('says a mistake of the file on the page, and fails whatever it is told', async () => {
    const { commit, act } = await repository();
    await commit(fleet(90).replace('ipv4: 192.0.2.1 ', 'ipv4: nowhere '));
    const shown = await act({ mode: 'preview', 'fail-on-kept-back': 'false' });
    expect(shown, shown.log).toMatchObject({ exit: 2, outputs: { exit: '2', expect: '' } });
    expect(shown.summary).toMatch(/^### Pawl: no preview\n\n```\n[\s\S]*nowhere[\s\S]*```\n$/);
    expect((await act({ mode: 'pull' })).exit).toBe(2);
    expect((await act({ mode: 'push', wait: 'forever' })).exit).toBe(2);
  });

  it('takes nothing that it is given for a script', async () => {
    const { folder, act } = await repository();
    const odd = '"; touch broken; $(touch broken) `touch broken`';
    const shown = await act({ mode: 'preview', fleet: odd, arguments: odd, expect: odd });
    expect(shown.exit).toBe(2);
    expect((await bash('ls', { folder })).log).not.toContain('broken');
  });
});

describe('the page on GitOps', () => {
  it('gives the action inputs that it has, and each its own', async () => {
    const { inputs } = await readAction(ACTION);
    const used = (await blocks()).flatMap((block) => {
      const read = workflow.safeParse(block);
      const steps = read.success ? Object.values(read.data.jobs).flatMap((job) => job.steps) : [];
      return steps.filter(({ uses }) => uses?.includes('/.github/actions/pawl@') === true);
    });
    expect(used.map((each) => each.with?.['mode'])).toEqual(['preview', 'preview', 'push']);
    for (const each of used)
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(each.with ?? {})));
  });

  it('has scripts for GitLab that show and push', async () => {
    const { folder, commit } = await repository();
    const [found] = (await blocks()).flatMap((block) => {
      const read = pipeline.safeParse(block);
      return read.success ? [read.data] : [];
    });
    const program = join(folder, 'pawl');
    await writeFile(program, `#!/bin/sh\nexec ${PAWL} "$@"\n`);
    await chmod(program, 0o755);
    const scripted = async (job: string, env = {}) =>
      bash((found?.[job]?.script ?? ['exit 99']).join('\n'), { folder, programs: folder }, env);
    await commit(fleet(90, '[web-1]'));
    const preview = await scripted('preview');
    expect(preview, preview.log).toMatchObject({ exit: 0 });
    const [, digest = ''] =
      /^EXPECT=([0-9a-f]{12})\n$/.exec(await readFile(join(folder, 'pawl.env'), 'utf8')) ?? [];
    const pushed = await scripted('push', { EXPECT: digest });
    expect(pushed, pushed.log).toMatchObject({ exit: 0 });
    expect(pushed.log).toContain('www.example.test waits for a person');
    await commit(fleet(80));
    expect((await scripted('push', { EXPECT: digest })).exit).toBe(1);
  });
});
