import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../lib/events/webhook-signature.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// What docs/events.md gives to receivers is held against what is sent, byte for byte.

const document = readFileSync(join(import.meta.dirname, '../../docs/events.md'), 'utf8');
const SECRET = 'the secret that both sides know.';
const BODY = '{"detail":{"summary":"Zürich is evacuated: \\"power\\""}}';
const NOW_S = 1_795_886_000;
const SIGNATURE = signatureOf(BODY, SECRET, NOW_S);
const flipped = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;

/** The answers to each of these are true, and then only false. */
const CASES: readonly (readonly [body: string, header: string, secret: string, now: number])[] = [
  [BODY, SIGNATURE, SECRET, NOW_S],
  [BODY, SIGNATURE, SECRET, NOW_S + 299],
  [BODY, SIGNATURE, SECRET, NOW_S + 301],
  [BODY, SIGNATURE, SECRET, NOW_S - 301],
  [`${BODY} `, SIGNATURE, SECRET, NOW_S],
  [BODY, SIGNATURE, flipped(SECRET), NOW_S],
  [BODY, flipped(SIGNATURE), SECRET, NOW_S],
  [BODY, SIGNATURE.replace(`t=${NOW_S}`, `t=${NOW_S + 1}`), SECRET, NOW_S],
  [BODY, SIGNATURE.replace('v1=', 'v0='), SECRET, NOW_S],
  [BODY, '', SECRET, NOW_S],
];
const EXPECTED = CASES.map((_, index) => index < 2);

function fenced(language: string): string {
  const blocks = [...document.matchAll(/```(\w+)\n([\s\S]*?)\n```\n/g)];
  const found = blocks.filter(([, of, code = '']) => of === language && /from_?pawl/i.test(code));
  if (found.length !== 1) throw new Error(`docs/events.md has ${found.length} verifiers in ${language}.`);
  return found[0]?.[2] ?? '';
}

function answers(program: string, file: string): unknown {
  const { stdout, stderr } = spawnSync(program, [file], { encoding: 'utf8', input: JSON.stringify(CASES) });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('the verifier of the document takes what is signed, and nothing else:', () => {
  it('in Node', async () => {
    const file = join(await temporaryFolder(), 'verify.mjs');
    writeFileSync(
      file,
      `${fenced('js')}
import { readFileSync } from 'node:fs';
const cases = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(cases.map(([body, ...rest]) => isFromPawl(Buffer.from(body), ...rest))));
`,
    );
    expect(answers(process.execPath, file)).toEqual(EXPECTED);
  });

  it('in Python', async () => {
    const file = join(await temporaryFolder(), 'verify.py');
    writeFileSync(
      file,
      `${fenced('python')}
import json, sys
print(json.dumps([is_from_pawl(body.encode(), *rest) for body, *rest in json.load(sys.stdin)]))
`,
    );
    expect(answers('python3', file)).toEqual(EXPECTED);
  });
});
