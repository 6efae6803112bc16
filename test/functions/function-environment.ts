/** The environment of a deployed function, as the stack writes it and as Lambda adds to it. */
export const functionEnvironment: Readonly<Record<string, string>> = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
  PAWL_TABLE: 'ledger',
  PAWL_ROLE: 'enactor-a',
  PAWL_CELLS: '{"use1-a":{"zone":"example.test","zoneId":"Z1"}}',
  PAWL_RATE: '{"requestsPerSecond":100,"burst":100,"reserve":0}',
  PAWL_INSYNC_POLL_MS: '10',
  PAWL_DNS: 'off',
  PAWL_FUNCTIONS: '{"planner":"the-planner","enactors":["enactor-1","enactor-2","enactor-3"]}',
  PAWL_WEBHOOK_URL: 'https://hooks.example.test/',
  PAWL_WEBHOOK_SECRET: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:pawl-AbCdEf',
  PAWL_TRAIL:
    '{"bucket":"my-trail","prefixes":["AWSLogs/123456789012/CloudTrail/us-east-1/"],"memory":"memory","lookBackHours":3}',
  POWERTOOLS_TRACE_ENABLED: 'false',
  POWERTOOLS_SERVICE_NAME: 'enactor-a',
};
