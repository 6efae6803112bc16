import { ROLES } from './lib/roles.ts';

// Who may import whom. Each row names the files it speaks of and everything that they may import; whatever is
// not in the row is an error. test/architecture/ runs this over the whole tree, makes sure that the tree
// was seen at all, and shows for each rule an import that breaks it.

const PLAN = '^lib/plan/';
const STORED_FORMAT = '^lib/plan/stored-format[.]ts$';
const RECORD_TYPES = '^lib/plan/(records|names|invariant|stored-format|aws-alias-zones|geo-codes)[.]ts$';
// The protocol as a theory: Z3 is asked about it, and the simulator asks it of every batch.
const PROOF = '^lib/proof/';
const RUNTIME = '^lib/runtime/';
// Imports nothing, so everybody may import it.
const ROLE_TABLE = '^lib/roles[.]ts$';
// A source's adapter speaks to AWS; everything else of the fleet is pure.
const ADAPTER = 'sources/(?!static-)[a-z0-9-]+-source[.]ts$';
const FLEET = `^lib/fleet/(?!${ADAPTER})`;
// What the list of sources says of each without asking it anything.
const SOURCE_LIST = '^lib/fleet/sources/sources[.]ts$';
const FLEET_FILE = '^lib/fleet/(fleet-file|mistakes)[.]ts$';
const NAMES = '^lib/plan/(names|name-patterns)[.]ts$';
const PLACE_NAMES = '^lib/plan/place-names[.]ts$';
const PARTITIONS = '^lib/ledger/dynamodb/partitions[.]ts$';
const LEASE_PARTITION = '^lib/lease/dynamodb/lease-partition[.]ts$';
const CELL = '^lib/cell/';
const LEDGER_EVENTS = '^lib/ledger/decider/events[.]ts$';
// Beside each port stand pure files; an adapter is a folder with the name of what it adapts.
const LEDGER = '^lib/ledger/(?!dynamodb/|s3/)';
const ZONE = '^lib/zone/(?!route53/)';
// The protocol of leases and its two workflows; the adapter is a folder.
const LEASE = '^lib/lease/(?!dynamodb/)';
const TELEMETRY = '^lib/telemetry/(telemetry|metric-names|metric-facts)[.]ts$';
const METRIC_NAMES = '^lib/telemetry/metric-(names|facts)[.]ts$';
const PORTS = [LEDGER, ZONE, TELEMETRY];
const WORKFLOWS = `^lib/(${[...ROLES.map(({ name }) => name), 'operator'].join('|')})/`;
const OPERATOR = '^lib/operator/';
const ROLLOUT = '^lib/rollout/';
// What a rollout sees the zone and the alarms through; it imports no workflow.
const WAVE_WATCH = '^lib/rollout/wave-watch[.]ts$';
const DOCTOR = '^lib/doctor/';
const PREFLIGHT = '^lib/preflight/';
const BAKE = '^lib/bake/';
// What a deployment file says: read without the CDK.
const DEPLOYMENT = '^lib/infrastructure/deployment(-file)?[.]ts$';
const RESOLVE = '^lib/resolve/';
// What people and systems outside are told of the events of a ledger.
const EVENTS = '^lib/events/';
// The kinds of messages, which a deployment chooses from; it imports types alone.
const TOLD_KINDS = '^lib/events/told-kinds[.]ts$';
const EMULATOR = '^lib/emulator/';
// What a person starts of the emulator alone, without a world.
const EMULATOR_ALONE = '^lib/emulator/(start-emulator|settings)[.]ts$';
const IMPORTER = '^lib/importer/';
const WIRING = '^lib/wiring/';
const LOCAL = '^lib/local/';
// What must hold of a zone and its fences, for the simulator's checkers and for what a trail shows.
const RULES = '^lib/rules/';
const TRAIL = '^lib/trail/';
// What holds an account's trail against the ledger by itself, through ports of its own.
const TRAIL_WATCH = '^lib/trail-watch/';
const SIMULATOR = '^lib/simulator/';
/** @param {string} room */
const simulator = (room) => `^lib/simulator/${room}/`;
const FINGERPRINT = '^lib/simulator/fingerprint[.]ts$';
const PAGE = '^lib/page/(?!client/)';
// What a browser runs. The view library is a package's file, which the page's server gives by this name.
const PAGE_CLIENT = '^lib/page/client/';
const VIEW_LIBRARY = '^[.]/view-library[.]js$';
const CLI = '^lib/cli/';
// A look is what several commands and the page read of a world.
const CLI_SHARED = ['^lib/cli/command/', '^lib/cli/look/', '^lib/cli/printing/'];
// What "pawl start" serves too.
const OPENED_PAGE = '^lib/cli/page/open-page[.]ts$';
// Where the version stands.
const MANIFEST = '^package[.]json$';
const EXPORTS = '^lib/exports/';
const INFRASTRUCTURE = '^lib/infrastructure/';

// Only functions reach these: they are shipped in their bundles.
const BUNDLED_ALONE = [
  '^lib/telemetry/powertools-',
  '^lib/wiring/(successor-queue|event-bus|webhook-secret)[.]ts$',
];

const CRYPTO = '^(node:)?crypto$';
const SDK = '^node_modules/(@aws-sdk|@smithy)/';
const ANY_PACKAGE = '^node_modules/';

/** @param {string[]} names */
const packages = (...names) => `^node_modules/(@types/)?(${names.join('|')})/`;

/**
 * A row of the table: files under `from` may import what `may` lists, the table of roles, and node's own modules if
 * `node` says so.
 * @param {string} name
 * @param {string} from
 * @param {string[]} may
 * @param {{ node?: boolean }} also
 */
function layer(name, from, may, { node = false } = {}) {
  return {
    name,
    severity: 'error',
    from: { path: from },
    to: { pathNot: [...may, ROLE_TABLE], ...(node ? { dependencyTypesNot: ['core'] } : {}) },
  };
}

const layers = [
  layer('roles', ROLE_TABLE, []),
  layer('plan', PLAN, [PLAN, CRYPTO]),
  layer('proof', PROOF, [PROOF]),
  layer('ledger-pure', LEDGER, [LEDGER, PLAN]),
  layer('ledger-adapter', '^lib/ledger/(dynamodb|s3)/', ['^lib/ledger/', PLAN, RUNTIME, SDK], { node: true }),
  layer('lease', LEASE, [LEASE, PLAN, RUNTIME]),
  layer('lease-adapter', '^lib/lease/dynamodb/', ['^lib/lease/', PLAN, RUNTIME, SDK], { node: true }),
  layer('zone-pure', ZONE, [ZONE, PLAN]),
  layer('rules', RULES, [RULES, PLAN]),
  // Pure: what a trail says comes from its caller. It asks the proof's own formulas of what it shows.
  layer('trail', TRAIL, [TRAIL, RULES, PROOF, PLAN, LEDGER]),
  layer('trail-watch', TRAIL_WATCH, [TRAIL_WATCH, TRAIL, PLAN, LEDGER, TELEMETRY, RUNTIME, CRYPTO]),
  layer('zone-adapter', '^lib/zone/route53/', ['^lib/zone/', PLAN, RUNTIME, METRIC_NAMES, SDK], {
    node: true,
  }),
  layer('telemetry-pure', TELEMETRY, [TELEMETRY, PLAN]),
  layer(
    'telemetry-adapter',
    '^lib/telemetry/(?!(telemetry|metric-names|metric-facts)[.]ts$)',
    ['^lib/telemetry/', PLAN, RUNTIME, '^node_modules/@(aws-lambda-powertools|opentelemetry)/'],
    { node: true },
  ),
  layer('runtime', RUNTIME, [RUNTIME], { node: true }),
  // Reading the file is one file's work; isIP is a pure function. See docs/adr/0008-what-the-fleet-may-import.md.
  layer('fleet', `^lib/fleet/(?!fleet-file[.]ts$|${ADAPTER})`, [
    FLEET,
    PLAN,
    LEDGER_EVENTS,
    packages('zod', 'yaml'),
    '^(node:)?net$',
  ]),
  layer('fleet-file', '^lib/fleet/fleet-file[.]ts$', [FLEET, '^(node:)?fs(/promises)?$']),
  // What every role does with a cell, once.
  layer('cell', CELL, [CELL, PLAN, FLEET, ...PORTS, RUNTIME]),
  // $1 is the workflow's own folder: a workflow never imports another.
  layer('workflow', WORKFLOWS, ['^lib/$1/', PLAN, FLEET, CELL, ...PORTS, RUNTIME]),
  // A person's workflow of several cells: what an operator does in each, one wave after the other.
  layer('rollout', ROLLOUT, [ROLLOUT, OPERATOR, PLAN, FLEET, CELL, ...PORTS, RUNTIME]),
  layer('doctor', DOCTOR, [DOCTOR, PLAN, ZONE, RUNTIME, SDK]),
  // Pure: it asks through ports of its own, and their adapters are in wiring.
  layer('preflight', PREFLIGHT, [PREFLIGHT, DEPLOYMENT, PLAN]),
  // Pure: it looks through a port of its own.
  layer('bake', BAKE, [BAKE, RUNTIME]),
  // Pure: what an event says, and how it is signed.
  layer('events', EVENTS, [EVENTS, PLAN, LEDGER, CRYPTO, packages('zod')]),
  // The zone port too: the emulator is mounted behind it for simulations.
  // It asks a DNS server and compares with a plan, so it must not know whose server that is.
  layer('resolve', RESOLVE, [RESOLVE, PLAN, RUNTIME, packages('dns-packet')], { node: true }),
  // Pure: it reads records, the document of a traffic policy or other tools' files, and writes the text of a fleet file.
  layer('importer', IMPORTER, [IMPORTER, PLAN, FLEET, packages('zod')]),
  layer('emulator', EMULATOR, [EMULATOR, RECORD_TYPES, '^lib/zone/zone[.]ts$', ANY_PACKAGE], { node: true }),
  layer(
    'wiring',
    WIRING,
    [
      WIRING,
      ...[
        PLAN,
        FLEET,
        CELL,
        RUNTIME,
        WORKFLOWS,
        DOCTOR,
        PREFLIGHT,
        BAKE,
        RESOLVE,
        EMULATOR,
        WAVE_WATCH,
        EVENTS,
        TRAIL,
        TRAIL_WATCH,
      ],
      ...[
        '^lib/ledger/',
        '^lib/lease/',
        '^lib/zone/',
        '^lib/telemetry/',
        '^lib/fleet/',
        ANY_PACKAGE,
        MANIFEST,
      ],
    ],
    { node: true },
  ),
  layer(
    'local',
    LOCAL,
    [LOCAL, WORKFLOWS, CELL, WIRING, EVENTS, EMULATOR, PLAN, FLEET, LEASE, ...PORTS, RUNTIME, ANY_PACKAGE],
    {
      node: true,
    },
  ),
  layer('simulator', '^lib/simulator/[^/]+$', [SIMULATOR, PLAN]),
  layer('simulator-ports', simulator('ports'), [
    ...[simulator('ports'), CELL, PLAN, FLEET, ...PORTS, RUNTIME],
  ]),
  // The rules know nothing of who finds the runs that they are held against.
  layer('simulator-checkers', simulator('checkers'), [
    ...[simulator('checkers'), RULES, FINGERPRINT, EMULATOR, PLAN, PROOF, ...PORTS],
  ]),
  layer('simulator-engine', simulator('engine'), [
    ...['engine', 'ports', 'checkers'].map(simulator),
    ...[FINGERPRINT, WORKFLOWS, EMULATOR, PLAN, FLEET, ...PORTS, RUNTIME],
  ]),
  layer('simulator-random', simulator('random'), [
    ...['random', 'engine'].map(simulator),
    ...[FINGERPRINT, PLAN],
  ]),
  layer('simulator-model-checker', simulator('model-checker'), [
    ...['model-checker', 'engine', 'ports'].map(simulator),
    ...[FINGERPRINT, PLAN, ...PORTS],
  ]),
  layer('simulator-recording', simulator('recording'), [
    ...['recording', 'random', 'engine'].map(simulator),
    ...[EMULATOR, PLAN],
  ]),
  layer('simulator-outage', simulator('outage'), [
    ...['outage', 'recording', 'engine', 'ports'].map(simulator),
    ...[WORKFLOWS, PLAN, FLEET, ...PORTS],
  ]),
  layer('simulator-lease', simulator('lease'), [
    ...[simulator('lease'), '^lib/simulator/engine/state-set[.]ts$', LEASE, PLAN, RUNTIME],
  ]),
  layer('simulator-lease-campaign', simulator('lease-campaign'), [
    ...[simulator('lease-campaign'), '^lib/simulator/lease/lease-rules[.]ts$'],
    ...['^lib/simulator/ports/virtual-time[.]ts$', '^lib/simulator/random/strategy[.]ts$'],
    // The source of leases asks a port of Pawl's, and no service.
    ...['^lib/fleet/sources/lease-source[.]ts$', FLEET, LEASE, PLAN, RUNTIME],
  ]),
  layer('simulator-recovery', simulator('recovery'), [
    ...[simulator('recovery'), '^lib/simulator/recording/recording[.]ts$'],
    ...['^lib/simulator/ports/virtual-time[.]ts$', '^lib/simulator/random/strategy[.]ts$'],
    ...[LEASE, PLAN, RUNTIME],
  ]),
  // A server of views that it is given: it knows no world, so that it can write to none.
  layer('page', PAGE, [PAGE, RUNTIME, packages('htm')], { node: true }),
  layer('page-client', PAGE_CLIENT, [PAGE_CLIENT, VIEW_LIBRARY]),
  layer(
    'cli',
    CLI,
    [
      ...[CLI, WORKFLOWS, CELL, WIRING, LOCAL, SIMULATOR, DOCTOR, RESOLVE, IMPORTER, PLAN, FLEET],
      ...[PREFLIGHT, DEPLOYMENT, ROLLOUT, EMULATOR_ALONE, PAGE, TRAIL],
      ...[...PORTS, LEASE, RUNTIME, MANIFEST],
      packages('commander', 'cli-table3', 'yaml'),
    ],
    { node: true },
  ),
  layer(
    'infrastructure',
    INFRASTRUCTURE,
    [
      ...[INFRASTRUCTURE, METRIC_NAMES, SOURCE_LIST, STORED_FORMAT],
      // What permissions are made of: the endpoints' names, and the partitions of the tables.
      ...[FLEET_FILE, NAMES, PARTITIONS, LEASE_PARTITION],
      // What a deployment chooses from to be told.
      TOLD_KINDS,
      // What a deployment says of clients.
      PLACE_NAMES,
      // Where the page is that alarms link to.
      MANIFEST,
      packages('aws-cdk-lib', 'constructs', 'cdk-nag', 'zod'),
    ],
    { node: true },
  ),
  // What other programs import: names of other rooms, and one way in to a ledger.
  layer('exports', EXPORTS, [
    ...[EXPORTS, INFRASTRUCTURE, EMULATOR, WIRING, OPERATOR, CELL, PLAN, FLEET, ...PORTS, FLEET_FILE],
    '^lib/cli/command/(placed-fleet|typed-source|workflow-deps)[.]ts$',
  ]),
  layer('source-adapter', `^lib/fleet/${ADAPTER}`, ['^lib/fleet/sources/', PLAN, LEASE, RUNTIME, SDK]),
  layer('functions', '^functions/', [
    ...['^functions/', WIRING, BAKE, EVENTS, PLAN, ...PORTS, '^lib/telemetry/powertools-', RUNTIME],
    packages('@middy', '@aws-lambda-powertools', 'aws-lambda', 'zod'),
  ]),
  layer('bin', '^bin/', ['^bin/', CLI, INFRASTRUCTURE, packages('aws-cdk-lib', 'cdk-nag')], { node: true }),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...layers,
    {
      name: 'lib-stands-alone',
      comment: 'What serves the library may import it, never the other way round.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(bin|functions|scripts|test)/' },
    },
    {
      name: 'deployed-without-operator',
      comment: 'What a person may do is out of reach of every deployed role, by any way round.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^lib/operator/', reachable: true },
    },
    {
      name: 'cli-noun',
      comment:
        'A noun that a person types is a folder of its own. What two of them need stands where all look.',
      severity: 'error',
      // $1 is the folder that the importer stands in.
      from: { path: '^lib/cli/([^/]+)/' },
      to: { path: CLI, pathNot: ['^lib/cli/$1/', ...CLI_SHARED, OPENED_PAGE] },
    },
    {
      name: 'cli-printing',
      comment: 'How text is laid out knows nothing of commands and sessions.',
      severity: 'error',
      from: { path: '^lib/cli/printing/' },
      to: { path: CLI, pathNot: '^lib/cli/printing/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: VIEW_LIBRARY },
    },
    {
      name: 'no-development-package',
      comment:
        'What a package runs is installed with it. The CDK is a peer, and what only functions import is in their bundles (docs/adr/0078-a-package-is-built-when-it-is-packed.md).',
      severity: 'error',
      from: { path: '^(bin|lib)/', pathNot: [INFRASTRUCTURE, '^bin/app[.]ts$', ...BUNDLED_ALONE] },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    // Type imports count: they are how a layer leaks.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
  },
};
