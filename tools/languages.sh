#!/usr/bin/env bash
# npm run test:languages: the example in Python, Java and Go makes the same template as the one in TypeScript, and the
# same report. The packages are made of the checkout's build by jsii-pacmak. Needs python3, a JDK with Maven, and Go.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/venv.sh

# Dependencies of the wheel. languages.js installs the wheel itself.
CDK="$(node -p 'require("aws-cdk-lib/package.json").version')"
CONSTRUCTS="$(node -p 'require("constructs/package.json").version')"
venv languages "aws-cdk-lib==$CDK" "constructs==$CONSTRUCTS"
exec node tools/languages.js "$VENV/bin/python"
