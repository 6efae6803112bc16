/** A number of a minute, and its unit. Levels are those at the minute's end, and rates are means over it. */
export interface RecoveryMeasure {
  readonly id: MeasureId;
  readonly title: string;
  /** The head of a column. */
  readonly short: string;
  readonly unit: '%' | 's' | 'a second';
}

export type MeasureId = 'leased' | 'heard' | 'capacity' | 'queueAge' | 'wasted' | 'asked' | 'written';

/** In the order in which they are shown. */
export const MEASURES: readonly RecoveryMeasure[] = [
  { id: 'leased', title: 'Leased: inside the time of its lease', short: 'leased', unit: '%' },
  { id: 'heard', title: 'Heard: within the last two periods', short: 'heard', unit: '%' },
  { id: 'capacity', title: 'Capacity in DNS', short: 'in DNS', unit: '%' },
  { id: 'queueAge', title: 'Age of the queue', short: 'queue', unit: 's' },
  { id: 'wasted', title: 'Work that is wasted', short: 'wasted', unit: '%' },
  { id: 'asked', title: 'Requests of holders', short: 'requests', unit: 'a second' },
  { id: 'written', title: 'Writes of leases', short: 'writes', unit: 'a second' },
];

/** A number a minute, from the schedule's first. */
export type Series = Readonly<Record<MeasureId, readonly number[]>>;

/** How things stand at the end of a minute. Shares are 0 to 1 of all holders or of all capacity. */
export interface Levels {
  readonly leased: number;
  readonly heard: number;
  readonly capacity: number;
  readonly queueAgeS: number;
}

/** What is counted over a minute. `work` is in whatever unit the cast has. */
export interface Flows {
  asked: number;
  written: number;
  work: number;
  wasted: number;
}

export interface SeriesRecorder {
  /** What is counted of the minute that has not ended. */
  readonly flows: Flows;
  endMinute(levels: Levels): void;
  series(): Series;
}

const MINUTE_S = 60;

/** @param perRequest how many holders one counted request stands for. */
export function seriesRecorder(perRequest = 1): SeriesRecorder {
  const series = {
    ...{ leased: [], heard: [], capacity: [], queueAge: [] },
    ...{ wasted: [], asked: [], written: [] },
  } as const satisfies Record<MeasureId, number[]>;
  const all: Record<MeasureId, number[]> = series;
  const flows: Flows = { asked: 0, written: 0, work: 0, wasted: 0 };
  return {
    flows,
    endMinute: ({ leased, heard, capacity, queueAgeS }) => {
      all.leased.push(percent(leased));
      all.heard.push(percent(heard));
      all.capacity.push(percent(capacity));
      all.queueAge.push(Math.round(queueAgeS));
      all.wasted.push(percent(flows.work === 0 ? 0 : flows.wasted / flows.work));
      all.asked.push(rounded((flows.asked * perRequest) / MINUTE_S));
      all.written.push(rounded((flows.written * perRequest) / MINUTE_S));
      Object.assign(flows, { asked: 0, written: 0, work: 0, wasted: 0 });
    },
    series: () => all,
  };
}

/** One digit after the point. All is 100, and nothing less is. @param share 0 to 1. */
export function percent(share: number): number {
  const tenths = Math.round(share * 1_000);
  return (share < 1 ? Math.min(tenths, 999) : tenths) / 10;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
