#!/usr/bin/env bash
# Checks the server in a real Helix, in a terminal that nobody sees.
#
#   editors/helix/test/run.sh [VAULTLS]
#
# VAULTLS is the server's binary (default: target/debug/vaultls, built first). Helix and tmux come from Debian 13 into a
# cache folder. Waits for what is to be seen, never for a time.
set -euo pipefail

version=25.01
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
debian=${XDG_CACHE_HOME:-$HOME/.cache}/vaultls/helix-trixie
scratch=$(mktemp -d)
passed=0
failed=0

finish() {
  hide
  rm -rf "$scratch"
}
trap finish EXIT
. "$here/../../terminal.sh"

ok() {
  echo "ok - $1"
  passed=$((passed + 1))
}

# not_ok NAME: with what is to be seen instead.
not_ok() {
  echo "not ok - $1"
  screen | grep -v '^ *~* *$' | sed 's/^/   |/' || true
  failed=$((failed + 1))
}

# close_popup: a hover, a menu, a picker or a prompt.
close_popup() {
  key C-c
}

# leave_insert_mode, when nothing is to be written any more.
leave_insert_mode() {
  key F12
  sees 'NOR' || not_ok 'Helix leaves its insert mode'
}

# check NAME PATTERN
check() {
  if sees "$2"; then ok "$1"; else not_ok "$1"; fi
}

# check_that NAME COMMAND..: it comes to succeed.
check_that() {
  if holds "${@:2}"; then ok "$1"; else not_ok "$1"; fi
}

# start VAULT NOTE: Helix at work, with the configuration that README says to paste.
start() {
  vault=$scratch/$1
  mkdir -p "$scratch/config/helix" "$scratch/bin" "$scratch/home"
  [ -d "$vault" ] || cp -r "$repository/tests/sample" "$vault"
  : >"$vault/.vaultls.toml"
  cp "$here/../languages.toml" "$scratch/config/helix/languages.toml"
  cp "$here/../config.toml" "$scratch/config/helix/config.toml"
  # A terminal cannot tell Escape and a key from Alt and that key; this one has no such twin.
  printf '[keys.insert]\nF12 = "normal_mode"\n' >>"$scratch/config/helix/config.toml"
  ln -sf "$server" "$scratch/bin/vaultls"
  cat >"$scratch/start" <<START
#!/bin/sh
cd '$vault'
export HOME='$scratch/home' XDG_CONFIG_HOME='$scratch/config' XDG_CACHE_HOME='$scratch/home/cache'
export XDG_DATA_HOME='$scratch/home/share' PATH='$scratch/bin':\$PATH HELIX_RUNTIME='$debian/usr/lib/hx/runtime'
exec '$debian/run' hx -v --log '$scratch/helix.log' '$2'
START
  chmod +x "$scratch/start"
  show 120 36 "$scratch/start"
  sees 'NOR' || not_ok "Helix opens $2"
}

# open NOTE: another one, or the same as it is on the disk.
open() {
  write ":open $vault/$1"
  key Enter
  sees " $(basename "$1") " || not_ok "Helix opens $1"
  write ':reload'
  key Enter
}

# find TEXT: the cursor goes where it stands first.
find_text() {
  key g g
  write "/$1"
  key Enter
  sees 'NOR' || true
}

server=${1:-${CARGO_TARGET_DIR:-$repository/target}/debug/vaultls}
if [ $# -eq 0 ]; then
  cargo build --quiet --manifest-path "$repository/Cargo.toml"
fi
server=$(realpath "$server")
"$here/../../debian.sh" trixie "$debian" hx tmux ncurses-base
HELIX_RUNTIME=$debian/usr/lib/hx/runtime "$debian/run" hx --version | grep "^helix $version"

lighthouses=harbour_lectures/lighthouses_before_electricity.md

# A check that cannot fail proves nothing: where no link is broken, none is to be seen.
cp -r "$repository/tests/sample" "$scratch/mended"
echo '# The Bell Rock' >"$scratch/mended/the_bell_rock.md"
start mended "$lighthouses"
find_text 'the_bell_rock'
key Space k
sees 'The Bell Rock' || not_ok 'the server answers in the mended vault'
close_popup
if patience=2 sees 'No note is named'; then
  not_ok 'where no link is broken, none is shown'
else
  ok 'where no link is broken, none is shown'
fi

start vault "$lighthouses"
find_text 'the_bell_rock'
check 'a broken link is shown with its message' 'No note is named `the_bell_rock`'

find_text 'The Fresnel lens'
key Space k
check 'hover shows the note behind a link' 'Augustin-Jean Fresnel'
close_popup

find_text '00:06:04'
key Space k
check 'hover on a timestamp tells of the moment' '00:06:04 · Fire on the headland&&&00:04:31 \(1 min 33 s earlier\)'
close_popup

find_text '00:06:58'
key g d
check 'definition of a timestamp goes to the video in the note of its channel' ' harbour_lectures.md '
key C-o

open index.md
find_text 'why_the_sea'
key g d
check 'definition of a link behind an emoji opens the note' ' why_the_sea_rises_twice_a_day.md '

open harbour_lectures/harbour_lectures.md
find_text 'the_fresnel_lens'
key g r
check 'references of a note are the links to it' 'index.md:10&&&lighthouses_before_electricity.md:12'
close_popup

key Space s
check 'symbols of a note are its headings' 'Fire on the headland&&&Where are we'
close_popup

key Space S
sees '>' || true
write 'fresnel'
check 'symbols of the vault find notes' 'The Fresnel lens'
close_popup

open index.md
key g e o
write 'See [[dead_r'
check 'completion comes as one types' 'Dead reckoning +file'
key Tab
sees 'See \[\[dead_reckoning \| Dead' || not_ok 'a completion that is chosen is shown in the text'
key Enter
leave_insert_mode
check 'a completion that is accepted stands in the text' 'See \[\[dead_reckoning \| Dead reckoning\]\]'
write ':write'
key Enter
check_that 'nothing stands behind the brackets that Helix closed' \
  grep -qsx 'See \[\[dead_reckoning | Dead reckoning\]\]' "$vault/index.md"

open "$lighthouses"
find_text 'the_bell_rock'
key Space a
check 'code actions are offered' 'Create the note `harbour_lectures/the_bell_rock.md`'
key Enter
write ':write-all'
key Enter
check_that 'a code action creates the note that is missing' grep -qs 'title: The Bell Rock' "$vault/harbour_lectures/the_bell_rock.md"

open harbour_lectures/灯台.md
find_text '灯台守'
check 'a broken link behind wide characters is shown' 'No note is named `灯台守`'
echo '# 灯台守' >"$vault/harbour_lectures/灯台守.md"
check_that 'a note that another program wrote is seen' hides 'No note is named `灯台守`'
rm "$vault/harbour_lectures/灯台守.md"
check 'a note that another program deleted is missed' 'No note is named `灯台守`'

open index.md
find_text 'why_the_sea'
key Space r
sees 'rename-to:why_the_sea_rises_twice_a_day' || not_ok 'Helix asks for the new name'
key C-u
write 'two_tides'
key Enter
check 'a renamed note has its new name in links' '\[\[two_tides'
write ':write-all'
key Enter
check_that 'a renamed note has its new name on the disk' test -e "$vault/tide_watch/two_tides.md"
check_that 'a renamed note has its new name in the links of other notes' grep -qs '\[\[two_tides |' "$vault/tide_watch/tide_watch.md"

# Helix sends the changes of a burst out of order. What the server believes is compared with what is written: its symbols
# with the headings, and the place of a broken link.
open tide_watch/tide_watch.md
key g e o
sees 'INS' || true
for number in 1 2 3 4 5 6; do
  write "## 🌊 Tide $number rises and falls"
  key Enter
  write "It rises faster than anybody can read what is written here. "
  key BSpace BSpace BSpace BSpace BSpace BSpace BSpace Enter
done
write 'At last [[no_such_tide]] 🌊'
leave_insert_mode
write ':write'
key Enter
check_that 'what is typed in a burst is written' grep -qsx 'At last \[\[no_such_tide]] 🌊' "$vault/tide_watch/tide_watch.md"
check 'after a burst a broken link is shown where it is written' \
  "$(grep -c '' "$vault/tide_watch/tide_watch.md")  At last ..no_such_tide.. 🌊 +No note is named .no_such_tide."
key Space s
headings=$(sed -n 's/^#* //p' "$vault/tide_watch/tide_watch.md" | sed 's/^\[\(.*\)](.*/\1/')
count=$(grep -c '' <<<"$headings")
check 'after a burst the server knows every heading that is written, and no other' \
  " $count/$count $(sed 's/.*/\&\&\&&/' <<<"$headings" | tr -d '\n')"
close_popup

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
