import { isRegion, regionAdvice, regionExample } from '../../src/pricing/region';

test.each(['us-east-1', 'eu-west-3', 'us-gov-west-1', 'eusc-de-east-1', 'mars-north-1'])('%s has the shape of a region', (region) => {
  expect(isRegion(region)).toBe(true);
});

test.each(['US-EAST-1', 'us-east1', 'us-east', 'us_east_1', 'us-east-1 ', 'us-east-1a', '', 7, null])('%j has not', (region) => {
  expect(isRegion(region)).toBe(false);
});

test.each([['US-EAST-1', 'us-east-1'], ['us-east1', 'us-east-1'], ['eu_west_1', 'eu-west-1']])('the advice for %s names %s', (region, nearest) => {
  expect(regionAdvice(region)).toBe(`Did you mean ${nearest}?`);
});

test.each(['x', 'us', '', 7])('the advice for %j is an example, since no region is near', (region) => {
  expect([regionAdvice(region), regionExample(region)]).toEqual(['Use a name such as "us-east-1".', 'an AWS region such as "us-east-1"']);
});
