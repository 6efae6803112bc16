/** A fleet file of one cell, use1-a of example.test: so many endpoints with so many IPv4 targets each. */
export function fleetText(endpoints: number, targets: number): string {
  const ids = (endpoint: number) => Array.from({ length: targets }, (_, target) => `t-${endpoint}-${target}`);
  const lines = ['version: 1', 'cells:', '  use1-a:', '    zone: example.test', '    targets:'];
  for (let endpoint = 0; endpoint < endpoints; endpoint += 1) {
    for (const [target, id] of ids(endpoint).entries()) {
      const address = `10.1.${endpoint}.${target}`;
      lines.push(`      ${id}: { az: az${target % 3}, capacity: ${100 + (target % 7)}, ipv4: ${address} }`);
    }
  }
  lines.push('    endpoints:');
  for (let endpoint = 0; endpoint < endpoints; endpoint += 1)
    lines.push(
      `      e${endpoint}.example.test: { kind: addresses, targets: [${ids(endpoint).join(', ')}] }`,
    );
  return `${lines.join('\n')}\n`;
}
