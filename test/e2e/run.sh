#!/usr/bin/env bash
# npm run test:e2e: deploys to MiniStack, a third-party emulator of AWS, which is started on loopback for this run only.
#
# The version is pinned, since the test lists the resource types that this version does not support (test/e2e/unknown-types.ts) and
# extends its Step Functions with calls of Bedrock (test/e2e/ministack-with-bedrock.py). To try a newer version, change the number.
#
# `test/e2e/run.sh throughput-lifecycle` runs only that scenario (see SCENARIOS in test/e2e/main.ts).
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/venv.sh

# boto3 is for CDK's own function that sets the notifications of buckets.
venv e2e ministack==1.5.33 boto3
exec node_modules/.bin/ts-node -T --project projenrc/tsconfig.json test/e2e/main.ts "$VENV/bin/python" "$@"
