# shellcheck shell=bash
# For the scripts beside it: runs steps one after the other, and tells at the end how long each one took.

steps_table=()
step_now=

# step NAME COMMAND...: the first step that fails ends the script.
step() {
  step_now=$1
  shift
  printf '\n== %s\n' "$step_now"
  local started=$SECONDS
  "$@"
  steps_table+=("$(printf '%6d s  %s' $((SECONDS - started)) "$step_now")")
  step_now=
}

# What a script has to clear away, whichever way it ends.
on_exit() { :; }

steps_end() {
  local code=$?
  on_exit
  printf '\n== times\n'
  printf '%s\n' "${steps_table[@]}"
  [ -z "$step_now" ] || echo "FAILED in: $step_now"
  if [ "$code" = 0 ]; then
    printf '\nsteps: %d passed, 0 failed\n' "${#steps_table[@]}"
  else
    printf '\nsteps: %d passed, 1 failed\n' "${#steps_table[@]}"
  fi
}
trap steps_end EXIT
