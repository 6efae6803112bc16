import { shownName } from '../domain-names.ts';
import type { RequestedProtection } from '../protections.ts';
import type { Protection } from '../route53-state.ts';
import type { WireRequest } from './request-reader.ts';
import { assertParameters, itemLimit, parameter } from './request-reader.ts';
import type { XmlElement, XmlNode } from './xml.ts';
import { childrenOf, listOf, optionalNode, required, textOf, xmlNode } from './xml.ts';
import type { Action } from './zone-actions.ts';
import { ok, rootOf } from './zone-actions.ts';

export const createResourceRecordSetProtections: Action = (core, request, id) => {
  const item = 'ResourceRecordSetProtectionConfig';
  const protections = entriesOf(request, 'CreateResourceRecordSetProtectionsRequest', item, (entry) => {
    const children = childrenOf(entry, ['RecordName', 'RecordType', 'Comment']);
    const comment = children.get('Comment');
    return { ...keyOf(children, item), comment: comment === undefined ? undefined : textOf(comment) };
  });
  core.createResourceRecordSetProtections(id, protections);
  return ok(xmlNode('CreateResourceRecordSetProtectionsResponse', []));
};

export const deleteResourceRecordSetProtections: Action = (core, request, id) => {
  const item = 'ResourceRecordSetProtectionKey';
  const keys = entriesOf(request, 'DeleteResourceRecordSetProtectionsRequest', item, (entry) =>
    keyOf(childrenOf(entry, ['RecordName', 'RecordType']), item),
  );
  core.deleteResourceRecordSetProtections(id, keys);
  return ok(xmlNode('DeleteResourceRecordSetProtectionsResponse', []));
};

export const listResourceRecordSetProtections: Action = (core, request, id) => {
  assertParameters(request, ['maxresults', 'name', 'nexttoken', 'type']);
  const { protections, nextToken } = core.listResourceRecordSetProtections(id, {
    startName: parameter(request, 'name'),
    startType: parameter(request, 'type'),
    nextToken: parameter(request, 'nexttoken'),
    maxResults: itemLimit(request, 'maxresults'),
  });
  return ok(
    xmlNode('ListResourceRecordSetProtectionsResponse', [
      xmlNode('ResourceRecordSetProtections', protections.map(protectionNode)),
      ...optionalNode('NextToken', nextToken),
    ]),
  );
};

function entriesOf<T>(
  request: WireRequest,
  root: string,
  item: string,
  read: (entry: XmlElement) => T,
): readonly T[] {
  assertParameters(request, []);
  return listOf(required(rootOf(request, root, ['Protections']), 'Protections', root), item).map(read);
}

function keyOf(children: ReadonlyMap<string, XmlElement>, item: string): RequestedProtection {
  return {
    name: textOf(required(children, 'RecordName', item)),
    type: textOf(required(children, 'RecordType', item)),
  };
}

function protectionNode({ name, type, comment }: Protection): XmlNode {
  return xmlNode('ResourceRecordSetProtection', [
    xmlNode('RecordName', shownName(name)),
    xmlNode('RecordType', type),
    ...optionalNode('Comment', comment),
  ]);
}
