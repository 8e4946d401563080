// CDK's own template validation costs seconds and complains of the empty stacks of unit tests; `npm run test:templates`
// checks the templates of whole apps.
process.env.CDK_VALIDATION = 'false';

// The CDK CLI sets it for apps; a test that wants it sets it itself.
delete process.env.CDK_DEFAULT_REGION;
