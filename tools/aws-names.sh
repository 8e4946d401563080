#!/usr/bin/env bash
# npm run test:aws-names: compares the names and limits of src/aws with AWS's own API models (botocore, PyPI) and with IAM data.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/venv.sh

venv aws-models botocore==1.44.8
exec npx ts-node -T --project projenrc/tsconfig.json tools/aws-names.ts "$("$VENV/bin/python" -c 'import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), "data"))')"
