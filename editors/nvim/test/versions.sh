#!/usr/bin/env bash
# Runs the checks in older and newer Neovims, as Debian has them. On demand: the newest of them moves.
#
#   editors/nvim/test/versions.sh [VAULTLS]
#
# VAULTLS is the server's binary, as for run.sh.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vaultls
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

passed=0
failed=0

# check SUITE VERSION [VAULTLS]
check() {
  local folder=$cache/neovim-$1 nvim=$scratch/nvim-$2
  "$here/../../debian.sh" "$1" "$folder" neovim
  cat >"$nvim" <<NVIM
#!/bin/sh
VIMRUNTIME=$folder/usr/share/nvim/runtime exec $folder/run nvim --cmd "set rtp+=$folder/usr/lib/nvim" "\$@"
NVIM
  chmod +x "$nvim"
  if ! "$nvim" --version | grep "^NVIM v$2"; then
    echo "not ok - Debian $1 has Neovim $2: it has $("$nvim" --version | head -n 1)"
    failed=$((failed + 1))
    return
  fi
  NVIM=$nvim "$here/run.sh" "${@:3}" >"$scratch/said" || true
  sed '$d' "$scratch/said"
  local closing
  closing=$(tail -n 1 "$scratch/said")
  passed=$((passed + ${closing%% *}))
  closing=${closing#*, }
  failed=$((failed + ${closing%% *}))
}

check bookworm 0.7.2 "$@"
check trixie 0.10.4 "$@"
check sid 0.12 "$@"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
