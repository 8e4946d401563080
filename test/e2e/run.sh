#!/usr/bin/env bash
# npm run test:e2e: deploys onto MiniStack, an emulator of AWS by others, started on loopback for this run only.
#
# The version is pinned, for the test names exactly what that version cannot do (test/e2e/unknown-types.ts)
# and teaches its Step Functions to call Bedrock (test/e2e/ministack-with-bedrock.py): a newer one is tried by changing the
# number here.
#
# `test/e2e/run.sh throughput-lifecycle` runs that scenario alone (see SCENARIOS in test/e2e/main.ts).
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/venv.sh

# boto3 is for CDK's own function that sets the notifications of buckets.
venv e2e ministack==1.5.33 boto3
exec node_modules/.bin/ts-node -T --project projenrc/tsconfig.json test/e2e/main.ts "$VENV/bin/python" "$@"
