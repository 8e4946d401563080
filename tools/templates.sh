#!/usr/bin/env bash
# npm run test:templates: what others think of the templates that the examples make. cfn-lint (PyPI) reads the templates,
# cdk-nag's AwsSolutions pack looks at the constructs; neither may find anything.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/venv.sh

venv templates cfn-lint==1.58.0
exec node tools/templates.js "$VENV/bin/cfn-lint"
