#!/usr/bin/env bash
# Checks the recipe of ../README.md and the server in a real Emacs. On demand.
#
#   editors/emacs/test/run.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: target/debug/vaultls, built first). Emacs comes from Debian 13 into a cache
# folder.
set -euo pipefail

version=30.1
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vaultls/emacs-trixie
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

server=${1:-${CARGO_TARGET_DIR:-$repository/target}/debug/vaultls}
if [ $# -eq 0 ]; then
  cargo build --quiet --manifest-path "$repository/Cargo.toml"
fi
server=$(realpath "$server")
"$here/../../debian.sh" trixie "$cache" emacs-nox elpa-markdown-mode

emacs() {
  local share=$cache/usr/share/emacs
  EMACSLOADPATH=$(find "$share/$version/lisp" -type d | paste -sd :):$(echo "$share"/site-lisp/elpa-src/*) \
    EMACSDATA=$share/$version/etc EMACSDOC=$share/$version/etc LC_ALL=C.UTF-8 \
    "$cache/run" emacs-nox --dump-file="$(echo "$cache"/usr/libexec/emacs/*/*/emacs-*.pdmp)" "$@"
}
emacs --version | grep "^GNU Emacs $version"

# run VAULT: the checks on the vault of this name; what they print.
run() {
  : >"$scratch/$1/.vaultls.toml"
  HOME=$scratch VAULT=$scratch/$1 PATH=$scratch/bin:$PATH \
    timeout 180 bash -c "$(declare -f emacs); $(declare -p cache version); emacs \"\$@\"" emacs \
    --batch -Q -l "$scratch/recipe.el" -l "$here/checks.el" 2>"$scratch/stderr"
}

mkdir "$scratch/bin"
ln -s "$server" "$scratch/bin/vaultls"
# The recipe is the first block of the README, as it stands there.
awk '/^```/ { if (inside) exit; inside = 1; next } inside' "$here/../README.md" >"$scratch/recipe.el"

# Checks that cannot fail prove nothing: where no link is broken, the check for it must.
cp -r "$repository/tests/sample" "$scratch/mended"
echo '# The Bell Rock' >"$scratch/mended/the_bell_rock.md"
run mended >"$scratch/control" || true
grep -q '^not ok - a broken link is shown' "$scratch/control" || { cat "$scratch/control"; exit 1; }
echo 'ok - where no link is broken, the check for it fails'

cp -r "$repository/tests/sample" "$scratch/vault"
run vault || { sed 's/^/stderr: /' "$scratch/stderr" | tail -n 40; exit 1; }
