import { readDeployment } from '../lib/infrastructure/deployment-file.ts';
import { zoneRoleTemplate } from '../lib/infrastructure/zone-role-template.ts';

// `node scripts/write-zone-role.ts deployment.json use1-a`: prints the CloudFormation template of a cell's roles, for
// the account that owns its zone. `npm run generate:zone-role` writes the example; a test fails while it differs.
const [file, cell] = process.argv.slice(2);
if (file === undefined || cell === undefined)
  throw new Error('Give the deployment file and the name of a cell.');
const { cells } = await readDeployment(file);
const found = cells[cell];
if (found === undefined)
  throw new Error(`${file} has no cell ${cell}: it has ${Object.keys(cells).join(', ')}.`);
process.stdout.write(`${JSON.stringify(zoneRoleTemplate({ cell, ...found }), undefined, 2)}\n`);
