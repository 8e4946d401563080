// Calls the splitting step like Lambda, with the deployed bundle and the AWS SDK of this machine, and prints the maximum memory of the
// process.
const { handler } = require('../../../assets/handlers/batch-inference.lambda');

const [size] = process.argv.slice(2).map(Number);
const piece = { key: 'large.jsonl', from: 0, to: size, size, eTag: process.argv[3] };
const settings = {
  input: { bucket: 'input', kind: 'file', path: piece.key },
  output: { bucket: 'output', prefix: '' },
  invocationType: 'InvokeModel',
  formatModelId: 'amazon.nova-pro-v1:0',
  quotas: { recordsPerJob: 50_000, recordsPerFile: 50_000, bytesPerJob: 5 * 1024 ** 3, bytesPerFile: 1024 ** 3, minimumRecordsPerJob: 100 },
  estimate: { bytesPerToken: 4, outputTokensPerRecord: 100 },
};

handler({ step: 'split', settings, run: { id: 'run', folder: 'run/' }, slice: { index: 0, pieces: [piece] } }, { getRemainingTimeInMillis: () => 900_000 })
  .then(() => console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 })));
