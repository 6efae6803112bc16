// @module-tag slow
import { describe, expect, it } from 'vitest';
import { planTreeLabel, rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import { remove } from '../../lib/plan/records.ts';
import {
  deleteHealthCheck,
  deleteLoadBalancer,
  limitRecords,
  makeHealthCheck,
  protect,
  putBesideHostname,
  putForeignAddress,
  putUnknownRouting,
  unprotect,
} from '../support/obstacles.ts';
import {
  allIsServed,
  answersOf,
  culpritsAreNamed,
  failuresLeave,
  nothingIsSentInVain,
  othersAreServed,
  othersLiveOn,
} from './bystanders.ts';
import { addresses, BALANCER_ZONE, FIRST, nameOf, SECOND } from './obstructed-fleet.ts';
import { obstructedWorld, scopeOf, served, treesIn } from './obstructed-world.ts';

const LAB = nameOf('lab');
const PROTECTED = /protected by hand/;

describe('an endpoint that Route 53 refuses hinders no other, and is served once it is not refused:', {
  timeout: 60_000,
}, () => {
  it('a name that is not adopted, among many that are', async () => {
    const world = await served();
    const labels = ['shop', 'mail', 'docs', 'beta'];
    for (const label of labels) putForeignAddress(world, nameOf(label));
    const more = Object.fromEntries(labels.map((label, index) => [label, addresses(10 + index)]));
    const fleet = { ...SECOND, ...more };
    await world.push(fleet);
    for (const label of ['shop', 'mail', 'docs']) await world.pawl(`adopt ${nameOf(label)} --yes`);
    await othersLiveOn(world, { fleet, culprits: ['beta'], words: /not Pawl's/ });
    expect(await world.answers(nameOf('beta'))).toEqual(['198.51.100.9']);
    expect(await world.pawl(`adopt ${nameOf('beta')} --yes`)).toMatchObject({ exit: 0 });
    await allIsServed(world, fleet);
  });

  for (const type of ['TXT', 'NS'] as const) {
    it(`a ${type} at a hostname endpoint, put there before its first flip`, async () => {
      const world = await served();
      const files = { hostnames: ['a.example.net', 'b.example.net', 'c.example.net'] };
      const record = putBesideHostname(world, nameOf('files'), type);
      await world.push({ ...SECOND, files });
      await othersLiveOn(world, {
        fleet: SECOND,
        culprits: ['files'],
        words: new RegExp(`has ${type} records, which a CNAME excludes`),
      });
      world.core.changeResourceRecordSets(world.zoneId, { changes: [remove(record)] });
      // An NS is a delegation, which the planner knows of as long as the auditor has not seen that it is gone.
      if (type === 'NS') await world.round();
      expect(await world.pawl(`retry ${nameOf('files')}`)).toMatchObject({ exit: 0 });
      await allIsServed(world, SECOND);
      expect(await world.answers(nameOf('files'), 'CNAME')).toEqual(['a.example.net', 'b.example.net']);
    });
  }

  it('a health check that was deleted while it is in use', async () => {
    const world = await obstructedWorld();
    const healthCheckId = makeHealthCheck(world);
    await world.push({ ...FIRST, lab: { ...addresses(3), healthCheckId } });
    await world.round();
    deleteHealthCheck(world, healthCheckId);
    const fleet = { ...SECOND, lab: { ...addresses(3, 2), healthCheckId } };
    await world.push(fleet);
    await othersLiveOn(world, { fleet, culprits: ['lab'], words: new RegExp(healthCheckId) });
    expect(await world.answers(LAB)).toEqual(answersOf(FIRST.lab));
    // The file's own health holds again, as after each push that changes it.
    await world.push(SECOND);
    await allIsServed(world, SECOND, { '*': [3] });
  });

  it('a load balancer that was deleted while it is in use', async () => {
    const world = await served();
    const names = ['shop-1-1234567890', 'shop-2-1234567891'].map((id) => `${id}.us-east-1.elb.amazonaws.com`);
    const [first = '', second = ''] = names;
    await world.push({ ...FIRST, lab: { balancers: [first] } });
    await world.round();
    expect(await world.answers(LAB)).toHaveLength(2);
    deleteLoadBalancer(world, { zoneId: BALANCER_ZONE, name: second });
    await world.push({ ...SECOND, lab: { balancers: names } });
    await othersLiveOn(world, {
      fleet: { ...SECOND },
      culprits: ['lab'],
      words: new RegExp(`${second.replaceAll('.', '\\.')}.*not found`),
    });
    expect(await world.answers(LAB)).toHaveLength(2);
    world.core.setAliasTarget({ zoneId: BALANCER_ZONE, name: second }, true);
    expect(await world.pawl(`retry ${LAB}`)).toMatchObject({ exit: 0 });
    await world.round();
    expect(await world.answers(LAB)).toHaveLength(4);
  });

  it('an alias of a root that is new in the same push', async () => {
    const world = await served();
    const fleet = { ...SECOND, base: addresses(7) };
    await world.push({ ...fleet, link: { aliasOf: nameOf('base') } });
    await othersLiveOn(world, { fleet, culprits: ['link'], words: /base\.example\.test/ });
    expect(await world.pawl(`retry ${nameOf('link')}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, fleet);
    expect(await world.answers(nameOf('link'))).toEqual(await world.answers(nameOf('base')));
  });

  it('a root that is protected', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    await world.push(SECOND);
    const evacuated = await othersLiveOn(world, { fleet: SECOND, culprits: ['lab'], words: PROTECTED });
    expect(evacuated).toMatchObject({ exit: 1, out: expect.stringContaining(`not for ${LAB}`) });
    expect(await world.answers(LAB)).toEqual(answersOf(addresses(3)));
    unprotect(world, LAB, 'A');
    expect(await world.pawl(`retry ${LAB}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, SECOND);
  });

  it('a rollback root that is protected', async () => {
    const world = await served();
    const rollback = rollbackName(LAB, scopeOf(world));
    protect(world, rollback, 'A');
    await world.push(SECOND);
    await world.round();
    // The rollback root points at the first tree already, so only the flip after this one changes it.
    await world.push({ ...SECOND, lab: addresses(3, 4) });
    const fleet = { ...SECOND, lab: addresses(3, 4) };
    await othersLiveOn(world, { fleet, culprits: ['lab'], words: PROTECTED });
    unprotect(world, rollback, 'A');
    expect(await world.pawl(`retry ${LAB}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, fleet);
  });

  it('a root in whose place stands a record of a routing policy that nobody here can read', async () => {
    const world = await served();
    putUnknownRouting(world, LAB);
    await world.push(SECOND);
    await othersLiveOn(world, { fleet: SECOND, culprits: ['lab'], words: /routing policy/ });
    const there = world.core.records(world.zoneId).filter(({ name }) => name === LAB);
    world.core.changeResourceRecordSets(world.zoneId, { changes: there.map(remove) });
    expect(await world.pawl(`retry ${LAB}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, SECOND);
  });

  it('a tree that a hand has changed and protected', async () => {
    const world = await served();
    const leaf = world.core.records(world.zoneId).find(({ name }) => name.startsWith('g000001.lab.'));
    if (leaf === undefined) throw new Error('there is no tree');
    world.core.changeResourceRecordSets(world.zoneId, {
      changes: [{ action: 'UPSERT', record: { ...leaf, values: ['203.0.113.9'] } }],
    });
    protect(world, leaf.name, 'A');
    await othersLiveOn(world, { fleet: FIRST, culprits: ['lab'], words: PROTECTED });
    unprotect(world, leaf.name, 'A');
    expect(await world.pawl(`retry ${LAB}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, FIRST);
  });

  it('a tree whose name is protected before it is made', async () => {
    const world = await served();
    protect(world, treeName(planTreeLabel(2), LAB, scopeOf(world)), 'A');
    await world.push(SECOND);
    await othersLiveOn(world, { fleet: SECOND, culprits: ['lab'], words: PROTECTED });
    // Another plan makes its tree under another name.
    expect(await world.pawl(`retry ${LAB}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, SECOND);
  });

  it('a tree that nothing needs any more, which is protected', async () => {
    const world = await served();
    protect(world, treeName(planTreeLabel(1), LAB, scopeOf(world)), 'A');
    for (const version of [2, 3, 4]) {
      await world.push({ ...SECOND, api: addresses(1, version), lab: addresses(3, version) });
      await world.round();
    }
    const fleet = { ...SECOND, api: addresses(1, 4), lab: addresses(3, 4) };
    await othersAreServed(world, { fleet, culprits: [], words: /./ });
    await nothingIsSentInVain(world);
    expect(treesIn(world)).toEqual([
      ...['g000001.lab', 'g000001.www'],
      ...['g000003.api', 'g000003.lab', 'g000004.api', 'g000004.lab'],
    ]);
    await failuresLeave(world, { fleet, culprits: [], words: /./ });
  });

  it('the limit of the zone, reached while several endpoints need new trees', async () => {
    const world = await served({ ...FIRST, shop: addresses(4) });
    const fleet = { ...SECOND, shop: addresses(4, 2) };
    limitRecords(world, 5);
    await world.push(fleet);
    const hindered = {
      fleet,
      culprits: ['lab', 'shop'],
      words: /has no room: the plan needs \d+ more records/,
    };
    // The first refusal ends the run, and the log knows the limit; the next run counts, and leaves out what does not fit.
    await world.round();
    await world.sweep();
    await othersAreServed(world, hindered);
    await culpritsAreNamed(world, hindered);
    await nothingIsSentInVain(world);
    await world.pawl('target observe api-1 --health unhealthy');
    await world.sweep();
    await othersAreServed(world, hindered, { api: [1] });
    limitRecords(world, 1_000);
    // The log learns it from an audit.
    await world.pawl('audit --no-dns');
    for (const label of hindered.culprits)
      expect(await world.pawl(`retry ${nameOf(label)}`)).toMatchObject({ exit: 0 });
    await allIsServed(world, fleet, { api: [1] });
  });
});
