#!/usr/bin/env bash
# Imports everything under a folder, each person into a store of their own, and checks that nothing is lost,
# nothing changes when it is imported again, every tool answers, every citation opens, no order for a hospital, of
# one dose or of a vaccine stands among the active home medicines, and nothing of the
# record lies readable in the store: tests/corpus/. Then each sensitive class is withheld in turn: how much of
# the notes that takes out is told (with so many of the passages of each class, to read), and nothing of it may
# still show. Without a folder it fails.
#
# usage: tests/corpus.sh DIR [SAMPLES]
set -euo pipefail
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -d "$1" ]; then
  echo "usage: tests/corpus.sh DIR [SAMPLES] (a folder of health records to try)" >&2
  exit 2
fi
corpus=$(realpath "$1")
cd "$(dirname "$0")/.."

cargo build --release --quiet
binary=$(realpath "${CARGO_TARGET_DIR:-target}/release/plainchart")
python3 tests/corpus "$binary" "$corpus" "${2:-0}"
