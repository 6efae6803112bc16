import { judgeRandomCells } from './kept-back-fleets.ts';
import { answer, givenWork } from './own-process.ts';

const { first, count, stride } = await givenWork<{
  readonly first: number;
  readonly count: number;
  readonly stride: number;
}>();

answer(judgeRandomCells(first, count, stride));
