import { describe, expect, it } from 'vitest';
import {
  isRecordedFinding,
  recordedSentence,
  storedFinding,
} from '../../../lib/ledger/decider/recorded-finding.ts';
import { EVERY_EXAMPLE } from '../../plan/example-findings.ts';

/** A finding as it comes from the log. */
function read(value: unknown): Parameters<typeof recordedSentence>[0] {
  const stored: unknown = JSON.parse(JSON.stringify(value));
  if (!isRecordedFinding(stored)) throw new Error('not a finding');
  return stored;
}

describe.each(EVERY_EXAMPLE)('%o', (finding, sentence) => {
  const { code, severity, subject } = finding;

  it('is written in format 1 with its sentence and without its data', () => {
    expect(storedFinding(finding)).toEqual({ code, severity, subject, message: sentence });
  });

  it('has the same sentence when it is read with its data', () => {
    expect(recordedSentence(read(finding))).toBe(sentence);
  });

  it('has the same sentence when a later release wrote more data than this one knows', () => {
    expect(recordedSentence(read({ ...finding, later: { a: 1 } }))).toBe(sentence);
  });

  it('is shown by its code when any of its data is of another kind', () => {
    for (const key of Object.keys(finding).filter((each) => !['code', 'severity', 'subject'].includes(each)))
      expect(recordedSentence(read({ ...finding, [key]: { odd: true } }))).toBe(
        `${subject} has the finding "${code}", which this version of Pawl does not know.`,
      );
  });
});

describe('a finding from the log', () => {
  const old = {
    code: 'no-answer',
    severity: 'held',
    subject: 'api',
    message: 'As it was said then.',
  } as const;

  it('keeps the sentence that stands there, whatever its code would say now', () => {
    expect(recordedSentence(read(old))).toBe('As it was said then.');
    expect(recordedSentence(read({ ...old, family: 'AAAA' }))).toBe('As it was said then.');
    expect(storedFinding(old)).toEqual(old);
  });

  it('of a later release is shown by its sentence, or else by its code and subject', () => {
    const newer = { code: 'too-many-geese', severity: 'held', subject: 'api', geese: 7 } as const;
    expect(recordedSentence(read({ ...newer, message: 'Too many geese.' }))).toBe('Too many geese.');
    for (const code of ['too-many-geese', 'toString', '__proto__'])
      expect(recordedSentence(read({ ...newer, code }))).toBe(
        `api has the finding "${code}", which this version of Pawl does not know.`,
      );
  });

  it('lacks data that its sentence needs: it is shown by its code', () => {
    const { message: _, ...bare } = { ...old, code: 'under-floor' };
    expect(recordedSentence(read(bare))).toBe(
      'api has the finding "under-floor", which this version of Pawl does not know.',
    );
  });

  it('is none without a code, a known severity and a subject, or with a message that is no text', () => {
    expect(isRecordedFinding(old)).toBe(true);
    for (const value of [null, undefined, 7, 'held', [], {}]) expect(isRecordedFinding(value)).toBe(false);
    for (const wrong of [
      { code: 7 },
      { code: undefined },
      { severity: 'mild' },
      { severity: undefined },
      { subject: null },
      { subject: undefined },
      { message: 7 },
      { message: null },
    ])
      expect(isRecordedFinding({ ...old, ...wrong })).toBe(false);
    for (const severity of ['fatal', 'held', 'note'])
      expect(isRecordedFinding({ ...old, severity })).toBe(true);
  });
});
