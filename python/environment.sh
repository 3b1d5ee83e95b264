# For `test` and the conformance adapter: sourced in this folder. Makes .venv, and brings it up to date with pinned requirements.

python=""
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "error: Python 3.11 or newer is needed as python3" >&2
  exit 3
fi

ready() { cmp -s "$1" ".venv/$1"; }

# The new environment is empty, so that every other list of requirements is installed anew too.
make_environment() {
  rm -rf .venv
  "$python" -m venv .venv >&2 </dev/null
}

# require FILE: everything that it lists is installed.
require() {
  if ready "$1"; then return; fi
  # One builder at a time; the others find the finished environment.
  exec 9>.venv.lock
  if command -v flock >/dev/null 2>&1; then flock 9; fi
  if ! ready "$1"; then
    if [ "$1" = requirements.txt ]; then make_environment; fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1" >&2 </dev/null
    cp "$1" ".venv/$1"
  fi
  exec 9>&-
}
