import type { HealthCheckConfig, HealthCheckState } from '../route53-state.ts';
import { assertParameters, maxItems, parameter } from './request-reader.ts';
import type { XmlElement, XmlNode } from './xml.ts';
import { childrenOf, listOf, optionalNode, required, textOf, xmlNode } from './xml.ts';
import type { Action } from './zone-actions.ts';
import { ok, rootOf } from './zone-actions.ts';

const CONFIG_TEXTS = [
  'IPAddress',
  'Port',
  'Type',
  'ResourcePath',
  'FullyQualifiedDomainName',
  'SearchString',
  'RequestInterval',
  'FailureThreshold',
  'MeasureLatency',
  'Inverted',
  'Disabled',
  'HealthThreshold',
  'EnableSNI',
  'InsufficientDataHealthStatus',
  'RoutingControlArn',
];
const CONFIG_LISTS: Readonly<Record<string, string>> = {
  ChildHealthChecks: 'ChildHealthCheck',
  Regions: 'Region',
};
const PAGE_MAX = 100;

export const createHealthCheck: Action = (core, request) => {
  assertParameters(request, []);
  const root = 'CreateHealthCheckRequest';
  const children = rootOf(request, root, ['CallerReference', 'HealthCheckConfig']);
  const check = core.createHealthCheck({
    callerReference: textOf(required(children, 'CallerReference', root)),
    config: readConfig(required(children, 'HealthCheckConfig', root)),
  });
  const location = `https://route53.amazonaws.com/2013-04-01/healthcheck/${check.id}`;
  return { status: 201, root: xmlNode('CreateHealthCheckResponse', [checkNode(check)]), location };
};

export const getHealthCheck: Action = (core, request, id) => {
  assertParameters(request, []);
  return ok(xmlNode('GetHealthCheckResponse', [checkNode(core.getHealthCheck(id))]));
};

export const listHealthChecks: Action = (core, request) => {
  assertParameters(request, ['marker', 'maxitems']);
  const marker = parameter(request, 'marker');
  const limit = Math.min(maxItems(request) ?? PAGE_MAX, PAGE_MAX);
  const { healthChecks, nextMarker } = core.listHealthChecks({
    maxItems: limit,
    marker,
  });
  return ok(
    xmlNode('ListHealthChecksResponse', [
      xmlNode('HealthChecks', healthChecks.map(checkNode)),
      ...optionalNode('Marker', marker),
      xmlNode('IsTruncated', nextMarker !== undefined),
      ...optionalNode('NextMarker', nextMarker),
      xmlNode('MaxItems', limit),
    ]),
  );
};

export const deleteHealthCheck: Action = (core, request, id) => {
  assertParameters(request, []);
  core.deleteHealthCheck(id);
  return ok(xmlNode('DeleteHealthCheckResponse', []));
};

function readConfig(element: XmlElement): HealthCheckConfig {
  const children = childrenOf(element, [...CONFIG_TEXTS, ...Object.keys(CONFIG_LISTS)]);
  return Object.fromEntries(
    [...children].map(([name, child]) => {
      const item = CONFIG_LISTS[name];
      return [name, item === undefined ? textOf(child) : listOf(child, item).map(textOf)];
    }),
  );
}

function checkNode(check: HealthCheckState): XmlNode {
  const config = Object.entries(check.config).map(([name, value]) =>
    typeof value === 'string'
      ? xmlNode(name, value)
      : xmlNode(
          name,
          value.map((text) => xmlNode(CONFIG_LISTS[name] ?? 'member', text)),
        ),
  );
  return xmlNode('HealthCheck', [
    xmlNode('Id', check.id),
    xmlNode('CallerReference', check.callerReference),
    xmlNode('HealthCheckConfig', config),
    xmlNode('HealthCheckVersion', 1),
  ]);
}
