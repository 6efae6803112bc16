import { it } from 'vitest';
import { judgeFlapping } from '../support/crowded-cells.ts';

it('a target that flaps never keeps a dead one from leaving within a round', judgeFlapping);
