// @module-tag slow
import { expect, it } from 'vitest';
import { judgeRandomCells } from '../support/kept-back-fleets.ts';

/** The exploration judges 100,000 others. */
const CELLS = 1_000;

it(`in ${CELLS} random cells, at every run of their planner, every endpoint without an obstacle of its own is as asked, and what fails leaves what can spare it`, () => {
  const { cases, asAsked, kept, partly, branchesLeft, branchesKept } = judgeRandomCells(1, CELLS);
  expect(cases).toBeGreaterThan(CELLS / 2);
  // Each kind was really met.
  expect(Math.min(asAsked, kept, partly)).toBeGreaterThan(cases / 10);
  expect(Math.min(branchesLeft, branchesKept)).toBeGreaterThan(cases / 25);
}, 120_000);
