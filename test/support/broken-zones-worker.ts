import { sweepBrokenZones } from './broken-zones.ts';
import { answer, givenWork } from './own-process.ts';

const { first, count, stride } = await givenWork<{
  readonly first: number;
  readonly count: number;
  readonly stride: number;
}>();

answer(await sweepBrokenZones(first, count, stride));
