// Writes docs/alarms.md: what the alarms of a budget tell, and when. It simulates months, which takes half a minute, so that
// it is no part of the build; a test holds the page current.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budgetOver, LIMIT_USD } from '../test/budgets/simulator/budget-template';
import { alarmsPage } from '../test/budgets/simulator/page';
import { runScenarios } from '../test/budgets/simulator/report';
import { scenarios } from '../test/budgets/simulator/scenarios';
import { readAlarms } from '../test/budgets/simulator/template-alarms';

writeFileSync(join(__dirname, '../docs/alarms.md'), alarmsPage(runScenarios(readAlarms(budgetOver(1)), LIMIT_USD, scenarios())));
