#!/usr/bin/env bash
# Imports everything under a folder, each person into a store of their own, and checks that nothing is lost,
# nothing changes when it is imported again, every tool answers, every citation opens, and nothing of the
# record lies readable in the store: tests/corpus/. Without a folder it fails.
#
# usage: tests/corpus.sh DIR
set -euo pipefail
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo "usage: tests/corpus.sh DIR (a folder of health records to try)" >&2
  exit 2
fi
corpus=$(realpath "$1")
cd "$(dirname "$0")/.."

cargo build --release --quiet
binary=$(realpath "${CARGO_TARGET_DIR:-target}/release/plainchart")
python3 tests/corpus "$binary" "$corpus"
