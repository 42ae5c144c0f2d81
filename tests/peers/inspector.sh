#!/usr/bin/env bash
# The MCP Inspector's command line: the schema lint, the list, a call and a resource, in both eras.
# usage: inspector.sh NODE BINARY HOME
set -euo pipefail
node=$1 binary=$2 home=$3
cd "$(dirname "$0")"

inspect() {
  "$node" node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js --cli \
    "$@" -e "PLAINCHART_KEY=$PLAINCHART_KEY" --format json --protocol-era "$era" \
    "$binary" --home "$home" serve
}

for era in legacy modern; do
  # Exits with 6 when a schema is not portable.
  inspect --method tools/list --strict >"$home.tools.json"
  count=$(grep -o '"readOnlyHint"' "$home.tools.json" | wc -l)
  inspect --method tools/call --tool-name get_labs --tool-arg query=hba1c | grep Coverage >/dev/null
  inspect --method resources/read --uri plainchart://record/summary | grep Coverage >/dev/null
  inspect --method prompts/list | grep plan_my_day >/dev/null
  echo "Inspector 2.12.0 ($era): $count tools, schemas portable, a call, a resource and the prompts: as expected"
done
rm "$home.tools.json"
