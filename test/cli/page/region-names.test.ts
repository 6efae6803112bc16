import { describe, expect, it } from 'vitest';
import { sentenceParts } from '../../../lib/cli/page/page-sentences.ts';
import { regionOf } from '../../../lib/cli/page/region-names.ts';
import { cellName } from '../../../lib/plan/names.ts';

describe('the Region of a cell', () => {
  it.each([
    ['use1-a', 'us-east-1'],
    ['apse2-b', 'ap-southeast-2'],
    ['apne3-a', 'ap-northeast-3'],
    ['cnnw1-a', 'cn-northwest-1'],
    ['usgw1-a', 'us-gov-west-1'],
    ['euc1-blue', 'eu-central-1'],
    ['edge-7', null],
    ['one', null],
  ])('%s is %s', (cell, region) => {
    expect(regionOf(cellName(cell))).toBe(region);
  });
});

describe('a sentence', () => {
  it('has its commands apart, each with what names the world', () => {
    const sentence =
      'It waits: "pawl plan approve use1-a" lets it go, "pawl plan reject use1-a" declines it.';
    expect(sentenceParts(sentence, '--stack pawl')).toEqual([
      { text: 'It waits: ' },
      { command: 'npx pawl plan approve use1-a --stack pawl' },
      { text: ' lets it go, ' },
      { command: 'npx pawl plan reject use1-a --stack pawl' },
      { text: ' declines it.' },
    ]);
  });

  it('offers no command to copy that has a place to fill', () => {
    const sentence = '"pawl target drain TARGET" takes one out.';
    expect(sentenceParts(sentence, '')).toEqual([{ text: sentence }]);
  });
});
