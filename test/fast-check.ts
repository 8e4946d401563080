import * as fc from 'fast-check';

// A failing property is repeated with the seed that Jest prints.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: jest.getSeed() });

export { fc };
