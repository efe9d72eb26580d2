#!/usr/bin/env bash
# Packs the extension for this platform, with the server inside.
#
#   editors/vscode/package.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: the release build, built first). Leaves vaultls-PLATFORM.vsix beside this file.
set -euo pipefail
cd "$(dirname "$0")"

repository=../..
platform=$(node -p '`${process.platform}-${process.arch}`')
server=${1:-}
if [ -z "$server" ]; then
  cargo build --release --quiet --manifest-path "$repository/Cargo.toml"
  server=${CARGO_TARGET_DIR:-$repository/target}/release/vaultls
fi

rm -rf server
mkdir server
install -m 755 "$server" server/
cat "$repository/LICENSE-MIT" <(printf '\n---\n\n') "$repository/LICENSE-APACHE" >LICENSE.md
npm run --silent bundle
# No repository is named, so links of the README are left as they are.
npx vsce package --no-dependencies --allow-missing-repository --no-rewrite-relative-links \
  --target "$platform" --out "vaultls-$platform.vsix"
