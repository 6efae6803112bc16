import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grafanaDashboard } from './metrics/grafana-dashboard.ts';
import { metricsPage } from './metrics/metrics-table.ts';
import { alertsFile } from './metrics/prometheus-alerts.ts';

// `npm run generate:metrics`: a test fails while these files are not what the tables of metrics and alarms say.
const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
writeFileSync(at('examples/grafana/pawl.json'), grafanaDashboard());
writeFileSync(at('examples/prometheus/alerts.yaml'), alertsFile());
writeFileSync(at('docs/metrics.md'), metricsPage(readFileSync(at('docs/metrics.md'), 'utf8')));
