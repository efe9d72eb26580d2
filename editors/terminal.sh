# A terminal that nobody sees, and what is on it. To be sourced; $scratch is the caller's own folder, $debian one of
# debian.sh's with tmux and ncurses-base.
#
# Waits for what is to be seen, never for a time.

patience=15 # seconds

terminal() {
  TMUX_TMPDIR=$scratch LC_ALL=C.UTF-8 TERM=xterm-256color \
    TERMINFO_DIRS=$debian/usr/share/terminfo:/usr/share/terminfo "$debian/run" tmux -f /dev/null "$@"
}

# show COLUMNS ROWS COMMAND: in place of what is shown now.
show() {
  hide
  terminal new-session -d -s screen -x "$1" -y "$2" "$3"
}

hide() {
  terminal kill-server 2>/dev/null || true
}

# key KEY..: as tmux names them.
key() {
  terminal send-keys -t screen "$@"
}

# write TEXT: letter by letter, without a pause.
write() {
  terminal send-keys -t screen -l -- "$1"
}

screen() {
  terminal capture-pane -p -t screen
}

# holds COMMAND..: whether it comes to succeed.
holds() {
  local end=$((SECONDS + patience))
  until "$@"; do
    [ "$SECONDS" -le "$end" ] || return 1
    sleep 0.05 # Between two looks.
  done
}

# shows PATTERN: whether it is on the screen. Of several patterns, divided by `&&&`, all have to be.
shows() {
  local now pattern
  now=$(screen)
  while read -r pattern; do
    grep -qE -- "$pattern" <<<"$now" || return 1
  done <<<"${1//&&&/$'\n'}"
}

hides() {
  ! shows "$1"
}

# sees PATTERN: whether it comes to be on the screen.
sees() {
  holds shows "$1"
}
