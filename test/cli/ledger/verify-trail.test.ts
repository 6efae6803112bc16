import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { converged } from '../rehearsal.ts';

/** What is typed wrongly, and the one sentence that says so. */
const WRONG: readonly (readonly [line: string, says: string])[] = [
  ['--writer somebody', '--writer says who of a trail is Pawl: give --trail too.'],
  ['--trail --anchors a-bucket', '--trail looks at the zone and --anchors at the ledger: give one of them.'],
  ['--trail', 'Only a local world has a trail of its own: name files of CloudTrail, or a folder of them.'],
  ['--trail FOLDER/gone.json', 'gone.json is not there: name a file of CloudTrail, or a folder of them.'],
  ['--trail FOLDER', 'holds no file of a trail (.json, .json.gz, .ndjson): name another folder.'],
  ['no-such-cell --trail FOLDER/other.ndjson', 'no-such-cell'],
];

it('a command that cannot be meant gets one sentence and the exit code 2', async () => {
  const stage = await converged();
  const folder = await temporaryFolder();
  for (const [line, says] of WRONG) {
    const { exit, err } = await stage.pawl(`verify ${line.replaceAll('FOLDER', folder)}`);
    expect(err, line).toContain(says);
    expect(err, line).not.toContain('    at ');
    expect(exit, line).toBe(2);
    if (line === '--trail FOLDER')
      await writeFile(join(folder, 'other.ndjson'), '{"eventName":"x","eventSource":"y"}\n');
  }
});

it('a ledger that is away is exit code 3, and a trail about something else shows nothing', async () => {
  const stage = await converged();
  const path = join(await temporaryFolder(), 'other.ndjson');
  await writeFile(path, '{"eventName":"x","eventSource":"y"}\n');
  const { exit, out } = await stage.pawl(`verify --trail ${path}`);
  expect(out).toContain('1 event about something else');
  expect(exit).toBe(0);
  stage.killLedger();
  expect((await stage.pawl(`verify --trail ${path}`)).exit).toBe(3);
});
