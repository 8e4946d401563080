#!/usr/bin/env bash
# npm run prices:refresh: compares prices/ with the newest published data packages and writes a proposal (tools/prices/refresh/main.ts --help).
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/venv.sh

packages=.tmp/prices-refresh/packages
case " $* " in
  *' --packages'[\ =]* | *' --help '*) ;;
  *)
    rm -rf "$packages"
    venv price-packages pip
    "$VENV/bin/python" tools/prices/refresh/read-packages.py "$packages"
    # npm packs the newest version that the Node in use may install; the data of a newer one is as good.
    pi=@earendil-works/pi-ai
    version=$(npm view "$pi" version)
    (
      cd "$packages"
      tar -xzf "$(npm pack --silent "$pi@$version")" package/dist/providers/data/amazon-bedrock.json
      TIMES=$(npm view "$pi" time --json) node -e '
        const version = process.argv[1];
        const content = JSON.parse(fs.readFileSync("package/dist/providers/data/amazon-bedrock.json", "utf8"));
        fs.writeFileSync("pi-ai.json", JSON.stringify({ version, date: JSON.parse(process.env.TIMES)[version].slice(0, 10), content }));
      ' "$version"
      rm -r package ./*.tgz
    )
    ;;
esac
exec npx ts-node -T --project projenrc/tsconfig.json tools/prices/refresh/main.ts "$@"
