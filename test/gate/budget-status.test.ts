import { CoveredCost, judgeBudget, severityOfJudgement } from '../../src/gate/budget-status';
import { decimal } from '../../src/pricing/decimal';

const COST: CoveredCost = {
  path: 'Chat/Assistant', stack: 'Chat', type: 'on-demand', model: 'example.model', region: 'us-west-2', monthlyUsd: '660', knownMonthlyUsd: '660', missingPrices: [],
};
const TYPO = {
  ...COST,
  path: 'Chat/Typo',
  monthlyUsd: null,
  knownMonthlyUsd: '0',
  missingPrices: [
    { model: 'us.example.modle', kind: 'input', description: 'no price for input tokens of us.example.modle', hint: 'check the model id', nearestModels: ['us.example.model', 'us.example.mode'] },
  ],
};
const NO_REGION = {
  ...COST,
  path: 'Chat/Nowhere',
  region: null,
  monthlyUsd: null,
  knownMonthlyUsd: '0',
  missingPrices: [
    { model: 'example.model', kind: 'input', description: 'no price for input tokens of example.model without a region', hint: 'set the region', nearestModels: [] },
  ],
};
const TOKEN = {
  ...NO_REGION,
  path: 'Chat/Token',
  missingPrices: [
    { model: 'example.model', kind: 'usage', description: 'no price for example.model: requestsPerMonth is known only at deployment', hint: 'give requestsPerMonth as a plain value', nearestModels: [] },
  ],
};
const ASSUMED = { ...COST, path: 'Chat/Assumed', region: 'us-east-1', regionAssumed: true };

describe('the status', () => {
  test.each<[string, readonly CoveredCost[], string, string]>([
    ['of known costs below 80 % of the limit', [COST], '825.01', 'ok'],
    ['of known costs of 80 % of the limit', [COST], '825', 'near'],
    ['of known costs of the limit', [COST], '660', 'near'],
    ['of known costs above the limit', [COST], '659.99', 'over'],
    ['of known costs above the limit and an unknown one', [COST, TYPO], '659.99', 'over'],
    ['of a misspelt model', [COST, TYPO], '10000', 'unknown'],
    ['of a stack without a region', [NO_REGION], '10000', 'unknown'],
    ['of a region that is only assumed', [ASSUMED], '10000', 'unknown'],
    ['of usage that is known only at deployment', [TOKEN], '10000', 'unknown'],
    ['of a template that was changed', [{ ...COST, templateDiffers: 'it differs' }], '10000', 'unknown'],
    ['of a cost that is null without a reason', [{ ...COST, monthlyUsd: null }], '10000', 'unknown'],
    ['of nothing at all', [], '10000', 'unknown'],
  ])('%s', (_, costs, limit, status) => {
    expect(judgeBudget(decimal(limit), costs).status).toBe(status);
  });
});

describe('the change that makes a cost known', () => {
  const setRegion = "set env.region on the stack Chat, or the context key 'cdk-bedrock-cost:region'";
  test.each<[string, CoveredCost, string]>([
    ['the nearest model id, as it is named', TYPO, 'change the model id to us.example.model, or give a rate of your own'],
    ['the region', NO_REGION, setRegion],
    ['the region, where it is only assumed', ASSUMED, setRegion],
    ['a plain value, also without a region', TOKEN, 'give requestsPerMonth as a plain value'],
  ])('is %s', (_, cost, fix) => {
    expect(judgeBudget(decimal(1000), [cost]).unknown.map((unknown) => unknown.fix)).toEqual([fix]);
  });
});

describe('the severity', () => {
  const ENFORCEMENTS = ['WARN', 'ACKNOWLEDGEABLE', 'BLOCK'];
  test.each([
    ['over', 1, 'FAIL', ['warning', 'error', 'error']],
    ['over', 1, 'IGNORE', ['warning', 'error', 'error']],
    ['unknown', 1, 'FAIL', ['error', 'error', 'error']],
    ['unknown', 1, 'WARN', ['warning', 'warning', 'warning']],
    ['unknown', 1, 'IGNORE', [undefined, undefined, undefined]],
    ['unknown', 0, 'FAIL', ['warning', 'warning', 'warning']],
    ['unknown', 0, 'WARN', ['warning', 'warning', 'warning']],
    ['unknown', 0, 'IGNORE', [undefined, undefined, undefined]],
    ['near', 1, 'FAIL', ['info', 'info', 'info']],
    ['ok', 1, 'FAIL', [undefined, undefined, undefined]],
  ] as const)('of %s with %i costs and onMissingPrice %s', (status, covered, onMissingPrice, severities) => {
    expect(ENFORCEMENTS.map((enforcement) => severityOfJudgement({ status, covered }, { enforcement, onMissingPrice }))).toEqual(severities);
  });
});
