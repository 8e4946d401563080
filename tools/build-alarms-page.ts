// Writes docs/alarms.md: the alarms of a budget and their detection delays. It simulates months, which takes minutes, so it is not part
// of the build; a test checks that the page is current.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from '../test/budgets/simulator/comparison';
import { alarmsPage } from '../test/budgets/simulator/page';
import { scenarios } from '../test/budgets/simulator/scenarios';

const MINUTES = Array.from({ length: 14 }, (_, i) => i + 1);
writeFileSync(join(__dirname, '../docs/alarms.md'), alarmsPage(compare(scenarios(), MINUTES)));
