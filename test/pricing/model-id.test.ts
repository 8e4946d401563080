import { ProfileGeography } from '../../src/inference/profile-geography';
import { GEOGRAPHIES, isBareModelId, ModelId, pricingCandidates, PROFILE_PREFIXES, purchaseArns, withoutContextVariant, withProfile } from '../../src/pricing/model-id';
import { catalogModels } from '../../src/pricing/price-book/model-catalog';
import { PriceScope } from '../../src/pricing/price-book/rate';

const NOVA = 'amazon.nova-pro-v1:0';

describe('the parts of a model id', () => {
  test.each<[string, Partial<ModelId>]>([
    [NOVA, { id: NOVA, bareId: NOVA, prefix: undefined, scope: PriceScope.IN_REGION, provider: 'amazon', contextVariant: undefined }],
    [`us.${NOVA}`, { id: `us.${NOVA}`, bareId: NOVA, prefix: 'us', scope: PriceScope.GEO, provider: 'amazon' }],
    [`us-gov.${NOVA}`, { bareId: NOVA, prefix: 'us-gov', scope: PriceScope.GEO }],
    [`global.${NOVA}`, { bareId: NOVA, prefix: 'global', scope: PriceScope.GLOBAL }],
    [`${NOVA}:300k`, { bareId: `${NOVA}:300k`, contextVariant: '300k' }],
    ['amazon.titan-embed-image-v1:0:mm', { contextVariant: 'mm' }],
    ['anthropic.claude-v2:1', { contextVariant: undefined, provider: 'anthropic' }],
    [`arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`, { id: NOVA, bareId: NOVA, prefix: undefined, regionOfArn: 'us-east-1' }],
    [`arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.${NOVA}`, { id: `eu.${NOVA}`, bareId: NOVA, prefix: 'eu', regionOfArn: 'eu-west-1' }],
    [`arn:aws:bedrock:::foundation-model/${NOVA}`, { bareId: NOVA, regionOfArn: '' }],
    // A prefix is a whole part of the id.
    ['usa.model', { bareId: 'usa.model', prefix: undefined, provider: 'usa' }],
    ['us', { bareId: 'us', prefix: undefined }],
    ['', { id: '', bareId: '', prefix: undefined, provider: '' }],
  ])('of %s', (text, parts) => {
    expect(ModelId.parse(text)).toMatchObject({ text, ...parts });
  });

  test('are parsed once', () => {
    expect(ModelId.parse(`us.${NOVA}`)).toBe(ModelId.parse(`us.${NOVA}`));
  });

  test('name the same model through another profile, or through none', () => {
    const model = ModelId.parse(`arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.${NOVA}`);
    expect([model.through('eu').id, model.through('global').id, model.through(undefined).id]).toEqual([`eu.${NOVA}`, `global.${NOVA}`, NOVA]);
  });
});

describe('the geographies', () => {
  test('are those of ProfileGeography', () => {
    expect(GEOGRAPHIES.map(({ prefix, regions }) => [prefix, `${regions}*`])).toEqual(Object.values(ProfileGeography).map(({ prefix, regionPattern }) => [prefix, regionPattern]));
  });

  test('have one global one, of all regions', () => {
    expect(GEOGRAPHIES.filter(({ scope }) => scope === PriceScope.GLOBAL).map(({ prefix, regions }) => [prefix, regions])).toEqual([['global', '']]);
    expect(GEOGRAPHIES.filter(({ regions }) => regions === '')).toHaveLength(1);
  });

  test('have names of their own', () => {
    const names = GEOGRAPHIES.flatMap(({ prefix, otherNames }) => [prefix, ...otherNames]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('are the profiles of every model of the catalogue', () => {
    expect(catalogModels().flatMap(({ profiles }) => profiles).filter((prefix) => !PROFILE_PREFIXES.includes(prefix))).toEqual([]);
  });
});

test.each([
  [NOVA, true], ['anthropic.claude-v2:1', true], ['cohere.command-text-v14:7:4k', true], ['openai.gpt-9.1-luna', true],
  [`us.${NOVA}`, false], [`arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`, false], ['nova-pro', false], ['Amazon.Nova', false], ['amazon.nova pro', false], ['', false],
])('%j is a bare model id: %p', (text, isBare) => {
  expect(isBareModelId(text)).toBe(isBare);
});

test('the rates of a context variant may be those of the id without it, and of an unknown one without its version', () => {
  expect(pricingCandidates(NOVA)).toEqual({ same: [NOVA] });
  expect(pricingCandidates('anthropic.claude-v2:1')).toEqual({ same: ['anthropic.claude-v2:1'] });
  expect(pricingCandidates(`${NOVA}:300k`)).toEqual({ same: [`${NOVA}:300k`, NOVA], orElse: 'amazon.nova-pro-v1' });
  expect(pricingCandidates('cohere.command-text-v14:7:4k')).toEqual({
    same: ['cohere.command-text-v14:7:4k', 'cohere.command-text-v14:7'], orElse: 'cohere.command-text-v14',
  });
});

test('a purchase is authorized on the ARN with and without its context variant', () => {
  const arn = `arn:aws:bedrock:us-east-1::foundation-model/${NOVA}`;
  expect(withoutContextVariant(`${arn}:24k`)).toBe(arn);
  expect(purchaseArns(`${arn}:24k`)).toEqual([`${arn}:24k`, arn]);
  expect(purchaseArns(arn)).toEqual([arn]);
});

test.each<[string | undefined, readonly (string | undefined)[], string]>([
  [undefined, ['us'], NOVA],
  ['us', ['us', 'global', undefined], `us.${NOVA}`],
  ['eu', ['us', 'global', undefined], `global.${NOVA}`],
  ['eu', [undefined], NOVA],
  ['eu', ['us', 'apac'], `us.${NOVA}`],
  ['eu', [], NOVA],
])('with the profile %p where there are %j: %s', (prefix, profiles, id) => {
  expect(withProfile(NOVA, prefix, profiles)).toBe(id);
});
