import { openEmulated, openInProcess, openOverHttp } from './zone-adapters.ts';
import { zoneContract } from './zone-contract.ts';

zoneContract('the core of the emulator', openEmulated);
zoneContract('route53Zone in process', openInProcess);
zoneContract('route53Zone over HTTP', openOverHttp);
