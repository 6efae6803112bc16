import { describe, expect, it } from 'vitest';
import { findingSentence, withSentence } from '../../lib/plan/finding-text.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { EVERY_EXAMPLE } from './example-findings.ts';

describe('the sentence of a finding', () => {
  it.each(EVERY_EXAMPLE)('is made of its data: %o', (finding, sentence) => {
    expect(findingSentence(finding)).toBe(sentence);
  });

  it('stands beside the data where a program reads it', () => {
    const finding = { code: 'endpoint-removed', severity: 'held', subject: dnsName('a.test') } as const;
    const message = 'a.test is no longer declared: once approved its records are deleted.';
    expect(withSentence(finding)).toEqual({ ...finding, message });
  });
});
