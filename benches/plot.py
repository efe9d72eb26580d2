#!/usr/bin/env python3
"""Draws what benches/servers.py measured: cold start and keystroke against the size of the vault, as one SVG.

    benches/plot.py figures.json... > servers.svg

A hollow point: the answers were not right.
"""
import json
import math
import sys

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, GAP = 380, 300, 64, 40, 48, 40
COLOURS = ["#2563eb", "#d97706", "#059669", "#9333ea", "#64748b"]
PANELS = [("cold start to right references, seconds", "cold_start_s", lambda f: f["references"] == f["truth"]),
          ("keystroke and its outline, milliseconds", "keystroke_ms", lambda f: f["keystrokes_right"] == 1)]


def ticks(values):
    """The powers of ten around values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10.0 ** power for power in range(low, max(high, low + 1) + 1)]


def scale(values, start, end):
    marks = ticks(values)
    low, high = math.log10(marks[0]), math.log10(marks[-1])
    return marks, lambda value: start + (math.log10(value) - low) / (high - low) * (end - start)


def panel(figures, servers, title, key, is_right, left):
    sizes, x = scale([f["notes"] * 0.9 for f in figures] + [f["notes"] for f in figures], left + LEFT, left + WIDTH)
    values, y = scale([f[key] for f in figures], HEIGHT - BOTTOM, TOP)
    yield f'<text x="{left + LEFT}" y="{TOP - 18}" font-weight="bold">{title}</text>'
    for mark in values:
        yield f'<path d="M{left + LEFT} {y(mark):.1f}H{left + WIDTH}" stroke="#cbd5e1"/>'
        yield f'<text x="{left + LEFT - 8}" y="{y(mark) + 4:.1f}" text-anchor="end">{mark:g}</text>'
    for mark in sizes:
        yield f'<text x="{x(mark):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{mark:,.0f}</text>'
    yield f'<text x="{left + LEFT}" y="{HEIGHT - BOTTOM + 38}">notes</text>'
    for server, colour in servers.items():
        own = sorted((f for f in figures if f["server"] == server), key=lambda f: f["notes"])
        line = " ".join(f"{x(f['notes']):.1f},{y(f[key]):.1f}" for f in own)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for f in own:
            fill = colour if is_right(f) else "#ffffff"
            yield (f'<circle cx="{x(f["notes"]):.1f}" cy="{y(f[key]):.1f}" r="4" fill="{fill}" stroke="{colour}" '
                   f'stroke-width="2"><title>{server}: {f[key]:.3g}</title></circle>')


def legend(servers):
    left = LEFT
    for server, colour in servers.items():
        yield f'<circle cx="{left}" cy="{HEIGHT + 12}" r="4" fill="{colour}"/><text x="{left + 10}" y="{HEIGHT + 16}">{server}</text>'
        left += 40 + 8 * len(server)
    yield f'<text x="{left}" y="{HEIGHT + 16}">(hollow: not right)</text>'


def main():
    figures = [figure for path in sys.argv[1:] for figure in json.load(open(path, encoding="utf-8"))]
    servers = dict(zip(dict.fromkeys(f["server"] for f in figures), COLOURS))
    width, height = 2 * WIDTH + GAP + 24, HEIGHT + 32
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
          'font-family="system-ui, sans-serif" font-size="12" fill="#0f172a">')
    print(f'<rect width="{width}" height="{height}" fill="#ffffff"/>')
    for i, (title, key, is_right) in enumerate(PANELS):
        print("\n".join(panel(figures, servers, title, key, is_right, i * (WIDTH + GAP))))
    print("\n".join(legend(servers)))
    print("</svg>")


if __name__ == "__main__":
    main()
