// @module-tag slow
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recoveryPage } from '../../../lib/cli/replay/recovery-page.ts';
import { replayPage } from '../../../lib/cli/replay/replay-page.ts';
import { replayOutage } from '../../../lib/simulator/outage/outage.ts';
import { replayRecovery } from '../../../lib/simulator/recovery/recovery.ts';
import { rehearsal } from '../rehearsal.ts';

describe('pawl replay', () => {
  it('prints the timelines and writes the page, again and again', async () => {
    const stage = await rehearsal();
    const file = join(stage.folder, 'outage.html');
    for (let time = 0; time < 2; time += 1) {
      const { exit, out, err } = await stage.pawl(`replay outage --out ${file}`);
      expect({ exit, err }).toEqual({ exit: 0, err: '' });
      expect(out).toContain('Here the two part ways');
      expect(out).toContain(`to step through in a browser: ${file}\n`);
    }
    expect(await readFile(file, 'utf8')).toBe(await replayPage(await replayOutage()));
  });

  it('gives a program the recording, and needs no world', async () => {
    const stage = await rehearsal();
    stage.killLedger();
    const file = join(stage.folder, 'outage.html');
    const { exit, out } = await stage.pawl(`replay outage --json --out ${file}`);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({ file, recording: await replayOutage() });
  });

  it('plays the recovery of leases, with as many holders as it is told', async () => {
    const stage = await rehearsal();
    const file = join(stage.folder, 'recovery.html');
    const { exit, out, err } = await stage.pawl(`replay recovery --holders 1000 --out ${file}`);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('Pawl: All 1,000 are heard again 67 s after the database was back');
    expect(out).toContain(`with charts in a browser: ${file}\n`);
    const recovery = await replayRecovery(1_000);
    expect(await readFile(file, 'utf8')).toBe(await recoveryPage(recovery));
    const json = await stage.pawl(`replay recovery --holders 1000 --json --out ${file}`);
    expect(JSON.parse(json.out)).toEqual({ file, recovery });
  });

  it('refuses holders that it cannot play, or that nothing asks for', async () => {
    const stage = await rehearsal();
    const elsewhere = await stage.pawl('replay outage --holders 1000');
    expect(elsewhere).toMatchObject({ exit: 2, out: '' });
    expect(elsewhere.err).toBe('pawl: --holders means nothing without "recovery": leave it out.\n');
    const few = await stage.pawl('replay recovery --holders 10');
    expect(few).toMatchObject({ exit: 2, out: '' });
    expect(few.err).toContain('It is a whole number from 1000 to 100000;');
  });

  it('writes over nothing that is not its own', async () => {
    const stage = await rehearsal();
    const file = await stage.file('notes.html', '<p>mine</p>');
    const { exit, out, err } = await stage.pawl(`replay outage --out ${file}`);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toBe(`pawl: ${file} is there already and is no replay page: name another file with --out.\n`);
    expect(await readFile(file, 'utf8')).toBe('<p>mine</p>');
  });

  it('says in one sentence what cannot be written or played', async () => {
    const stage = await rehearsal();
    const nowhere = join(stage.folder, 'none', 'outage.html');
    const unwritable = await stage.pawl(`replay outage --out ${nowhere}`);
    expect(unwritable).toMatchObject({ exit: 2, out: '' });
    expect(unwritable.err).toBe(
      `pawl: ${nowhere} cannot be written (ENOENT): name another file with --out.\n`,
    );
    const unknown = await stage.pawl('replay constructor');
    expect(unknown.exit).toBe(2);
    expect(unknown.err).toBe('pawl: "constructor" names no run: a run reads like flip:3,12z,4.\n');
  });

  it('plays any run that a simulation names, by its line or by its seed', async () => {
    const stage = await rehearsal();
    for (const run of ['flip:3,12z,4', '17']) {
      const file = join(stage.folder, `${run.length}.html`);
      const { exit, out } = await stage.pawl(`replay ${run} --out ${file}`);
      expect(exit).toBe(0);
      expect(out).toContain('Every rule held');
      expect(await readFile(file, 'utf8')).toContain('<title>Run ');
    }
  });
});
