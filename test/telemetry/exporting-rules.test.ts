import { expect, test } from 'vitest';
import { brokenExportingRules } from '../support/exporting-rules.ts';

test('what leaves beside CloudWatch delays nothing, ends nothing, and says the same', async () => {
  expect(await brokenExportingRules()).toEqual([]);
});
