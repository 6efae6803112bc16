import type { RecoveryMeasure } from '../../simulator/recovery/recovery-series.ts';

const MINUTE_S = 60;
const HOUR_S = 3_600;
/** From here on a rate has no digits after its point. */
const WHOLE_RATE = 100;

/** A value as people read it: `99.9 %`, `19.8 h`, `167`. A duration of nothing is `-`. */
export function measureText(unit: RecoveryMeasure['unit'], value: number): string {
  switch (unit) {
    case '%':
      return `${value} %`;
    case 's':
      return durationText(value);
    case 'a second':
      return String(value >= WHOLE_RATE ? Math.round(value) : value);
  }
}

function durationText(seconds: number): string {
  if (seconds === 0) return '-';
  if (seconds < 2 * MINUTE_S) return `${seconds} s`;
  if (seconds < 2 * HOUR_S) return `${Math.round(seconds / MINUTE_S)} min`;
  return `${Math.round((seconds / HOUR_S) * 10) / 10} h`;
}
