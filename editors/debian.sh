#!/usr/bin/env bash
# Unpacks packages of a Debian suite, with all they need, into a folder. Installs nothing on the system.
#
#   editors/debian.sh SUITE FOLDER PACKAGE..
#
# FOLDER/run PROGRAM ARGUMENT.. then starts a program of them with the suite's own loader and libraries. A folder that is
# there already is left as it is.
set -euo pipefail

suite=$1
folder=$(realpath -m "$2")
shift 2
[ ! -x "$folder/run" ] || exit 0

rm -rf "$folder"
apt=$folder/.apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/sources"
: >"$apt/status" # As if nothing were installed, so that everything needed is fetched.

mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n 1)
cat >"$apt/sources/suite.sources" <<SOURCES
Types: deb
URIs: ${mirror:-http://deb.debian.org/debian}
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES

options=(
  -qq
  -o Acquire::Retries=3
  -o Acquire::Languages=none
  -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
  -o APT::Sandbox::User=root
  -o APT::Install-Recommends=0
  -o Debug::NoLocking=1
  -o Dir::Cache::archives="$apt/archives"
  -o Dir::Cache::pkgcache=
  -o Dir::Cache::srcpkgcache=
  -o Dir::Etc::sourcelist=/dev/null
  -o Dir::Etc::sourceparts="$apt/sources"
  -o Dir::State::lists="$apt/lists"
  -o Dir::State::status="$apt/status"
)
apt-get "${options[@]}" update >&2
apt-get "${options[@]}" --yes --download-only install "$@" >&2
for package in "$apt"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -C "$folder" -x --keep-directory-symlink --no-same-owner
done
rm -rf "$apt"

cat >"$folder/run" <<'RUN'
#!/bin/sh
root=$(CDPATH= cd "$(dirname "$(readlink -f "$0")")" && pwd)
program=$root/usr/bin/$1
shift
for libraries in "$root/usr/lib64" "$root/lib64"; do
  [ ! -e "$libraries/ld-linux-x86-64.so.2" ] || loader=$libraries/ld-linux-x86-64.so.2
done
exec "$loader" --library-path "$root/usr/lib/x86_64-linux-gnu:$root/lib/x86_64-linux-gnu" --argv0 "$program" "$program" "$@"
RUN
chmod +x "$folder/run"
