const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** How long something lasts, in the two largest units at most: `2 min 5 s`. */
export function lasting(ms) {
  const s = Math.max(0, Math.floor(ms / 1_000));
  if (s < MINUTE_S) return `${s} s`;
  if (s < HOUR_S) return `${Math.floor(s / MINUTE_S)} min ${s % MINUTE_S} s`;
  if (s < DAY_S) return `${Math.floor(s / HOUR_S)} h ${Math.floor((s % HOUR_S) / MINUTE_S)} min`;
  return `${Math.floor(s / DAY_S)} d ${Math.floor((s % DAY_S) / HOUR_S)} h`;
}

/** The time of day in UTC, as the command line prints it. */
export function clockTime(at) {
  return new Date(at).toISOString().slice(11, 19);
}

/** The whole moment in UTC. */
export function moment(at) {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `12.5 %` of thousandths. */
export function percent(permille) {
  return `${(permille / 10).toFixed(1).replace(/\.0$/, '')} %`;
}
