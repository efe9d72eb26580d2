#!/usr/bin/env python3
"""Draws what `tmux capture-pane -e` prints as an SVG. Knows colours and columns; nothing of editors.

    tmux capture-pane -e -N -p | svg.py TITLE >picture.svg
"""

import html
import re
import sys
import unicodedata

CELL, LINE, MARGIN, TOP = 8.0, 18, 12, 34
INK, PAPER = "#e0e2ea", "#14161b"
BASIC = ["#07080d", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8"]
BRIGHT = ["#4f5258", "#ffc0b9", "#b3f6c0", "#fce094", "#a6dbff", "#ffcaff", "#8cf8f7", "#eef1f8"]
PLAIN = {"ink": None, "paper": None, "bold": False, "italic": False, "faint": False, "underline": False, "reverse": False}


def of_palette(index):
    if index < 16:
        return (BASIC + BRIGHT)[index]
    if index >= 232:
        return "#" + f"{8 + 10 * (index - 232):02x}" * 3
    steps = [0, 95, 135, 175, 215, 255]
    index -= 16
    return "#" + "".join(f"{steps[part]:02x}" for part in (index // 36, index // 6 % 6, index % 6))


def colour(codes):
    """The colour that the rest of an SGR sequence names; takes its numbers."""
    kind = codes.pop(0)
    if kind == 5:
        return of_palette(codes.pop(0))
    rgb = [codes.pop(0) for _ in range(3)]
    return "#" + "".join(f"{part:02x}" for part in rgb)


def restyle(style, sequence):
    """The style after `ESC [ sequence m`."""
    style = dict(style)
    sequence = re.sub(r"\b4:0\b", "24", sequence)
    sequence = re.sub(r"\b4:\d", "4", sequence)
    codes = [int(code) if code else 0 for code in re.split("[;:]", sequence)]
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = dict(PLAIN)
        elif code in (1, 2, 3, 4, 7):
            style[{1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "reverse"}[code]] = True
        elif code in (22, 23, 24, 27):
            names = {22: ("bold", "faint"), 23: ("italic",), 24: ("underline",), 27: ("reverse",)}[code]
            style.update(dict.fromkeys(names, False))
        elif code in (38, 48, 58):
            named = colour(codes)
            if code != 58:
                style["ink" if code == 38 else "paper"] = named
        elif code in (39, 49):
            style["ink" if code == 39 else "paper"] = None
        elif 30 <= code <= 37 or 40 <= code <= 47:
            style["ink" if code < 40 else "paper"] = BASIC[code % 10]
        elif 90 <= code <= 97 or 100 <= code <= 107:
            style["ink" if code < 100 else "paper"] = BRIGHT[code % 10]
    return style


def columns(text):
    """How many a terminal takes for it."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    none = sum(unicodedata.combining(letter) > 0 or letter in "\u200d\ufe0f" for letter in text)
    return len(text) + wide - none


def runs(line, style):
    """The parts of a line that look alike, and the style it ends with."""
    parts = []
    for piece in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if piece.startswith("\x1b["):
            style = restyle(style, piece[2:-1])
        elif piece:
            parts.append((piece, style))
    return parts, style


def commonest_paper(lines):
    """What most of the screen is painted with."""
    taken = {}
    for parts in lines:
        for text, style in parts:
            paper = style["paper"] or PAPER
            taken[paper] = taken.get(paper, 0) + columns(text)
    return max(taken, key=taken.get, default=PAPER)


def drawn(parts, row, page):
    """The paper of a line and, above it, its letters. Wide ones are placed each by itself: fonts differ in them."""
    paper, ink, column, y = [], [], 0, TOP + row * LINE
    for text, style in parts:
        front, back = style["ink"] or INK, style["paper"] or PAPER
        if style["reverse"]:
            front, back = back, front
        x, width = MARGIN + column * CELL, columns(text) * CELL
        if back != page:
            paper.append(f'<rect x="{x:g}" y="{y}" width="{width:g}" height="{LINE}" fill="{back}"/>')
        look = f' fill="{front}"' if front != INK else ""
        look += ' font-weight="bold"' if style["bold"] else ""
        look += ' font-style="italic"' if style["italic"] else ""
        look += ' opacity="0.6"' if style["faint"] else ""
        look += ' text-decoration="underline"' if style["underline"] else ""
        for word in re.finditer(r"[^\s\u1100-\uffff\U00010000-\U0010ffff]+(?: [^\s\u1100-\uffff\U00010000-\U0010ffff]+)*|\S", text):
            at = x + columns(text[: word.start()]) * CELL
            length = columns(word.group()) * CELL
            ink.append(
                f'<text x="{at:g}" y="{y + 13}" textLength="{length:g}"{look}>{html.escape(word.group())}</text>'
            )
        column += columns(text)
    return paper + ink


def picture(captured, title):
    style, lines = dict(PLAIN), []
    for line in captured:
        parts, style = runs(line, style)
        lines.append(parts)
    page = commonest_paper(lines)
    body = [element for row, parts in enumerate(lines) for element in drawn(parts, row, page)]
    widest = max(sum(columns(text) for text, _ in parts) for parts in lines)
    width, height = widest * CELL + 2 * MARGIN, TOP + len(lines) * LINE + MARGIN
    lamps = "".join(
        f'<circle cx="{MARGIN + 6 + 18 * i}" cy="17" r="5" fill="{lamp}"/>'
        for i, lamp in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height}" viewBox="0 0 {width:g} {height}">'
        f'<rect width="100%" height="100%" rx="8" fill="{page}"/>{lamps}'
        f'<g font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="13.3" fill="{INK}">'
        f'<text x="{width / 2:g}" y="21" text-anchor="middle" opacity="0.7">{html.escape(title)}</text>'
    )
    return "\n".join([head, *body, "</g></svg>"]) + "\n"


if __name__ == "__main__":
    captured = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", sys.stdin.read())  # Addresses behind words.
    sys.stdout.write(picture(captured.rstrip("\n").split("\n"), sys.argv[1]))
