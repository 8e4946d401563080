import { AppFolder } from './harness';
import { describeInFull } from '../in-full';

jest.setTimeout(120_000);

describeInFull('a misspelt rate of your own on cdk synth', () => {
  let app: AppFolder;
  beforeAll(() => { app = new AppFolder('unused-input.js', 'aws-cdk-lib-newest'); });
  afterAll(() => app.remove());
  let runs = 0;
  const warnings = async (env: { [name: string]: string }) => {
    const { code, output } = await app.cdk(['synth', '--quiet', '--output', `out-${runs++}`], env);
    expect(code).toBe(0);
    return output.split('\n').filter((line) => line.includes('price nothing in this app'));
  };

  test.each(['flat', 'nested', 'stages', 'pipeline'])('is named once in an app of the shape %s, and none is where all are right', async (SHAPE) => {
    expect(await warnings({ SHAPE })).toEqual([expect.stringContaining('Rates of your own price nothing in this app: input of amazon.nova-ltie-v1:0.')]);
    expect(await warnings({ SHAPE, RIGHT: 'yes' })).toEqual([]);
  });
});
