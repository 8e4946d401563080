// Writes docs/alarms.md: what the alarms of a budget tell, and when. It simulates months, which takes half a minute, so that
// it is no part of the build; a test holds the page current.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budgetOver } from '../test/budgets/simulator/budget-template';
import { alarmsPage } from '../test/budgets/simulator/page';
import { readAlarms } from '../test/budgets/simulator/template-alarms';

writeFileSync(join(__dirname, '../docs/alarms.md'), alarmsPage(readAlarms(budgetOver(1))));
