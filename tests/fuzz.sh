#!/usr/bin/env bash
# Feeds made-up input to every reader, for so many seconds each (600 where none are given), and fails on a panic, on
# an input that takes longer than ten seconds, and on memory out of proportion. What it has learnt stays in the target
# folder and is gone on with. Seeds are the fixtures and fuzz/seeds, where the input of a fault that was found is kept.
#
# The stable toolchain is enough: RUSTC_BOOTSTRAP opens the flags that libFuzzer needs.
#
# usage: tests/fuzz.sh [SECONDS [TARGET...]]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-600}
TARGETS=(any_file fhir_json fhir_ndjson fasten cda apple health_card health_card_inside health_link document_text directory)
[ $# -lt 2 ] || TARGETS=("${@:2}")

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/fuzz
export RUSTC_BOOTSTRAP=1
unset CARGO_TARGET_DIR
command -v cargo-fuzz >/dev/null || cargo install cargo-fuzz --locked --quiet

# Files of a fixture that are small enough to be changed byte by byte.
small() { find "$1" -type f -name "$2" -size -200k; }

# The seeds of a target from the fixtures; a reader without any has its own in fuzz/seeds.
fixtures_of() {
  case $1 in
    fhir_json) small fixtures '*.json' ;;
    fhir_ndjson) small fixtures '*.ndjson' ;;
    fasten) small fixtures '*.ndjson' ;;
    apple) small fixtures '*.xml' ;;
    directory) small fixtures/directory '*.json' ;;
    any_file) small fixtures '*' && find fuzz/seeds -type f ;;
  esac
}

# Without a sanitizer: the code of this project has no unsafe, and memory is then what the reader itself takes.
cargo fuzz build --sanitizer none --target-dir "$target"
programs=$target/$(rustc -vV | sed -n 's/^host: //p')/release

# One target, with all that it says in a file of its own.
feed() {
  local name=$1 corpus=$target/corpus/$1 found=$target/found/$1 seeds=()
  mkdir -p "$corpus" "$found"
  fixtures_of "$name" | while read -r file; do cp "$file" "$corpus/${file//\//_}"; done
  [ ! -d "fuzz/seeds/$name" ] || seeds=("fuzz/seeds/$name")
  "$programs/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=256 \
    -max_len=200000 -print_final_stats=1 -verbosity=1 -artifact_prefix="$found/" "$corpus" "${seeds[@]}" \
    >"$target/$name.log" 2>&1 || touch "$target/$name.failed"
}

# As many at a time as there are cores.
rm -f "$target"/*.failed
for name in "${TARGETS[@]}"; do
  while [ "$(jobs -r | wc -l)" -ge "$(nproc)" ]; do wait -n; done
  feed "$name" &
done
wait

failed=()
for name in "${TARGETS[@]}"; do
  printf '\n== %s\n' "$name"
  grep -E '^stat::|^==|panicked|ERROR|SUMMARY' "$target/$name.log" || true
  [ ! -e "$target/$name.failed" ] || failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf '\nFAILED: %s; what did it is in %s\n' "${failed[*]}" "$target/found" >&2
  exit 1
fi
printf '\nfuzzing: %d targets of %d s each, nothing found\n' "${#TARGETS[@]}" "$seconds"
