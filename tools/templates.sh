#!/usr/bin/env bash
# npm run test:templates: what others think of the templates that the examples make. cfn-lint (PyPI) reads the templates,
# cdk-nag's AwsSolutions pack looks at the constructs; neither may find anything. And each region's CloudFormation has the types
# that the constructs make there, by the data of cfn-lint.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/venv.sh

venv templates cfn-lint==1.58.0
SCHEMAS=$("$VENV/bin/python" -c 'import cfnlint, os; print(os.path.join(os.path.dirname(cfnlint.__file__), "data", "schemas", "providers"))')
exec node tools/templates.js "$VENV/bin/cfn-lint" "$SCHEMAS"
