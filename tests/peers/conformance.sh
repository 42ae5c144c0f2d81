#!/usr/bin/env bash
# Runs the conformance suite of MCP against the HTTP stack, with the fixture that `--features conformance` compiles:
#   conformance.sh NODE PLAINCHART FOLDER
# Every required scenario of both revisions passes; nothing is expected to fail. Up to 2025-11-25 a few scenarios have the
# server ask the client back while a call waits. That needs sessions, which records are served without: so that
# revision is run twice, with sessions, and without against the list of those few.
set -euo pipefail
node=$(realpath "$1") plainchart=$(realpath "$2") out=$(realpath -m "$3")
cd "$(dirname "$0")"
suite=node_modules/@modelcontextprotocol/conformance/dist/index.js
server=
end() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; }
trap end EXIT

# Starts the fixture at a free port; its address is then in $url.
serve() {
  "$plainchart" serve --http 0 --conformance "$1" >"$out/served.txt" 2>"$out/$1.log" &
  server=$!
  for _ in $(seq 100); do
    url=$(sed -n 's/^the fixture is served at //p' "$out/served.txt")
    [ -z "$url" ] || return 0
    sleep 0.1
  done
  echo "the fixture did not start" >&2
  return 1
}

# How many checks passed, and that none failed: the suite's exit code alone does not count.
run() {
  local name=$1
  shift
  echo "== $name"
  "$node" "$suite" server --url "$url" -o "$out/$name" "$@" >"$out/$name.txt" 2>&1 || {
    cat "$out/$name.txt"
    return 1
  }
  tail -n 12 "$out/$name.txt"
}

stop() {
  kill "$server"
  wait "$server"
  server=
}

mkdir -p "$out"
serve sessions
run 2025-11-25 --requirements 2025-11-25
stop
serve stateless
run 2026-07-28 --requirements 2026-07-28
run 2025-11-25-stateless --requirements 2025-11-25 --expected-failures conformance_stateless.yml
stop
