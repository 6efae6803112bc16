/** What one run of one job measured; keys end in their unit (`_s`, `_mb`) unless they are counts. */
export type Figures = Readonly<Record<string, number>>;

export const BYTES_A_MB = 1_048_576;
export const BYTES_A_KB = 1_024;

/** Prints a job's figures, with the peak memory of this process, as the one line that the runner reads. */
export function report(job: string, figures: Figures): void {
  const peak_mb = (process.resourceUsage().maxRSS * BYTES_A_KB) / BYTES_A_MB;
  process.stdout.write(`${JSON.stringify({ job, figures: { ...figures, peak_mb } })}\n`);
}
