#!/usr/bin/env python3
"""Counts the defects of timestamps in a vault by regular expressions, and compares with what `vaultls check` found.

    vaultls check VAULT --format json > found.json
    python3 tests/count_timestamps.py VAULT found.json [--files]

Prints both counts of each code side by side and ends with 1 where any differ; `--files` says in which notes. It shares
no code and no idea with the server: it reads notes line by line, knows just enough of Markdown to leave out code and
comments, and takes every element for what its brackets say. A note that suppresses findings counts here all the same.
"""

import collections
import json
import pathlib
import re
import sys

CODES = [
    "timestamp.malformed", "timestamp.mismatch", "timestamp.spelling", "timestamp.empty-label",
    "timestamp.shifted", "timestamp.no-medium", "timestamp.beyond-end", "media.invalid-id",
]

ID = r"[A-Za-z0-9_-]{11}"
TAG = re.compile(r"<a(\s[^<>]*)?>", re.I)
CLOSE = re.compile(r"</a\s*>", re.I)
CLASS = re.compile(r"""\sclass\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
DATA_T = re.compile(r"""\sdata-t\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
ADDRESS = re.compile(
    r"https?://(?:www\.|m\.|music\.)?(?:youtu\.be/|youtube(?:-nocookie)?\.com/"
    r"(?:watch\?(?:[^\s)>\"'#]*[&;])?v=|embed/|live/|shorts/|v/))(" + ID + r")(?![A-Za-z0-9_-])([^\s)>\"'\]]*)", re.I)
START = re.compile(r"[?&#;](?:t|start|time_continue)=(?:npt:)?([^&#,\s]*)")
BARE = re.compile(r"(?<!\\)(?:\[(\d{1,3}(?::\d\d){1,2})\]|\((\d{1,3}(?::\d\d){1,2})\))")
COLONS = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+)(?:\.\d+)?")
UNITS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.\d+)?s)?", re.I | re.A)
NORMAL = re.compile(r"\d{2,}:\d\d:\d\d(?:\.\d+)?", re.A)
COLONS = re.compile(COLONS.pattern, re.A)


def seconds(written):
    """The seconds of a written time, and whether it is in range: (364, True); (None, False) for no time."""
    written = written.strip()
    found = COLONS.fullmatch(written) or (UNITS.fullmatch(written) if written else None)
    if not found:
        return None, False
    parts = [int(part) for part in found.groups() if part is not None]
    units = [unit for unit, part in zip((3600, 60, 1), found.groups()) if part is not None]
    total = sum(part * unit for part, unit in zip(parts, units))
    if total * 1000 >= 2 ** 64:
        return None, False
    in_range = all(part < 60 for part in parts[1:])
    # Out of range only digits and colons still lead somewhere.
    return (total, in_range) if in_range or re.fullmatch(r"[\d:]+", written, re.A) else (None, False)


def shown_seconds(label, of_link=False):
    """The seconds a label says: that of a link with a colon or a unit, for there a mere number may count anything."""
    total, in_range = seconds(label)
    return None if not in_range or of_link and re.fullmatch(r"[\d.]+", label) else total


def split(text):
    """The front matter's lines and the rest."""
    text = text.lstrip("\ufeff")
    found = re.match(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", text, re.S)
    return ((found.group(1) or "").splitlines(), text[found.end():]) if found else ([], text)


def without_code(text):
    """The text with code and comments blanked."""
    lines, fence = [], None
    for line in text.splitlines():
        mark = re.match(r" {0,3}(?:> ?)*(`{3,}|~{3,})", line)
        if fence:
            fence = None if mark and mark.group(1).startswith(fence) else fence
            lines.append("")
        elif mark:
            fence = mark.group(1)
            lines.append("")
        else:
            lines.append(line)
    text = "\n".join(lines)
    for code in (r"<!--.*?-->", r"(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)", r"\\<a\b"):
        text = re.sub(code, lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.S)
    return text


def value(lines, key):
    for line in lines:
        found = re.match(key + r"\s*:\s*(.*?)\s*$", line, re.I)
        if found:
            return re.sub(r"\s+#.*$", "", found.group(1)).strip("\"'")
    return ""


def medium(front, body):
    own = value(front, "videoId")
    if re.fullmatch(ID, own):
        return own
    for key in ("video", "youtube", "url", "source", "media", "media_link"):
        found = ADDRESS.search(value(front, key))
        if found:
            return found.group(1)
    headings = [found.start() for found in re.finditer(r"^ {0,3}#{1,6}(?:\s|$)", body, re.M)]
    head = body[: headings[1]] if len(headings) > 1 else body
    ids = {found.group(1) for found in ADDRESS.finditer(head)}
    return ids.pop() if len(ids) == 1 else None


def unquoted(found):
    return None if found is None else found.group(1).strip("\"'") if found.group(1)[0] in "\"'" else found.group(1)


def anchors(body):
    """(value or None, label or None) of each `<a class="yt-timestamp">`; a label only where it is closed on its line."""
    rest, found = body, []
    for line in rest.split("\n"):
        opened = [tag for tag in TAG.finditer(line)]
        for tag, after in zip(opened, opened[1:] + [None]):
            attributes = tag.group(1) or ""
            if "yt-timestamp" not in (unquoted(CLASS.search(attributes)) or "").split():
                continue
            close = CLOSE.search(line, tag.end())
            closed = close and (after is None or close.start() <= after.start())
            label = re.sub(r"<[^>]*>", "", line[tag.end(): close.start()]).strip() if closed else None
            if label is not None:
                label = re.sub(r"^[*_]+|[*_]+$", "", label).strip()
                label = label[1:-1].strip() if label.startswith("[") and label.endswith("]") else label
            found.append((unquoted(DATA_T.search(attributes)), label))
    return found


def addresses(body):
    """(id, value, label or None) of each address of a video with a time; an embed shows the video."""
    for found in ADDRESS.finditer(body):
        start = START.search(found.group(2))
        if start:
            label = re.search(r"(!?)\[([^\[\]]*)\]\(<?$", body[: found.start()])
            shown = label and label.group(2).strip()
            yield found.group(1), start.group(1), None if label and label.group(1) and not shown else shown


def count(text):
    front, body = split(text.replace("\r\n", "\n").replace("\r", "\n"))
    body = without_code(body)
    found, own = collections.Counter(), medium(front, body)
    duration, _ = seconds(value(front, "duration"))
    written = value(front, "videoId")
    found["media.invalid-id"] += bool(written) and not re.fullmatch(ID, written)
    with_hours, of_note = [], 0
    for time, label in anchors(body):
        of_note += 1
        total, in_range = seconds(time) if time else (None, False)
        shown = shown_seconds(label) if label else None
        found["timestamp.malformed"] += not in_range
        found["timestamp.mismatch"] += shown is not None and total is not None and shown != total
        odd = in_range and (not NORMAL.fullmatch(time) or shown == total and not NORMAL.fullmatch(label))
        found["timestamp.spelling"] += bool(odd)
        found["timestamp.empty-label"] += label == ""
        found["timestamp.beyond-end"] += duration is not None and total is not None and total > duration
        if in_range and time.count(":") == 2:
            with_hours.append(time)
    for video, time, label in addresses(body):
        total, in_range = seconds(time)
        shown = shown_seconds(label, of_link=True) if label else None
        found["timestamp.malformed"] += not in_range
        found["timestamp.mismatch"] += shown is not None and total is not None and shown != total
        found["timestamp.empty-label"] += label == ""
        beyond = video == own and duration is not None and total is not None and total > duration
        found["timestamp.beyond-end"] += beyond
    if own:
        plain = re.sub(r"<a\b[^\n]*?</a\s*>", "", body, flags=re.I)
        for pair in BARE.findall(plain):
            time = pair[0] or pair[1]
            total, in_range = seconds(time)
            if in_range and time.count(":") == 2:
                with_hours.append(time)
            found["timestamp.beyond-end"] += in_range and duration is not None and total > duration
    shifted = len(with_hours) >= 4 and all(re.search(r":00(\.0*)?$", time.strip()) for time in with_hours)
    found["timestamp.shifted"] += shifted and any(int(time.split(":")[0]) > 0 for time in with_hours)
    found["timestamp.no-medium"] += of_note > 0 and own is None
    return found


def notes(vault):
    for path in sorted(vault.rglob("*")):
        inside = path.relative_to(vault).parts
        left_out = any(part.startswith(".") or part in ("node_modules", "target") for part in inside)
        if path.suffix.lower() in (".md", ".markdown") and path.is_file() and not left_out:
            yield "/".join(inside), path.read_text(encoding="utf-8", errors="replace")


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    paths = [argument for argument in arguments if not argument.startswith("--")]
    if len(paths) != 2 or set(options) - {"--files"}:
        sys.exit(__doc__)
    vault, findings = pathlib.Path(paths[0]), json.loads(pathlib.Path(paths[1]).read_text(encoding="utf-8"))
    told = collections.Counter((finding["code"], finding["file"]) for finding in findings)
    counted = collections.Counter()
    for path, text in notes(vault):
        for code, number in count(text).items():
            counted[code, path] += number
    differ = False
    print(f"{'code':<24}{'counted':>9}{'found':>9}")
    for code in CODES:
        here = sum(number for (of, _), number in counted.items() if of == code)
        there = sum(number for (of, _), number in told.items() if of == code)
        files = sorted({path for of, path in [*counted, *told] if of == code and counted[of, path] != told[of, path]})
        differ |= bool(files)
        print(f"{code:<24}{here:>9}{there:>9}{'  differs' if files else ''}")
        for path in files if "--files" in options else []:
            print(f"    {path}: {counted[code, path]} counted, {told[code, path]} found")
    return int(differ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
