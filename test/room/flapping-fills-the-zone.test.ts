import { it } from 'vitest';
import { judgeFlapping } from '../support/crowded-cells.ts';

it('targets that come and go never keep a dead one from leaving within a round', judgeFlapping);
