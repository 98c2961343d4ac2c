"""Horizontal bars as an SVG picture.

SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import html

LABELS, BARS, ROW, TOP = 190, 420, 30, 44
OURS, OTHERS = "#2b6cb0", "#b8c2cc"


def draw(title, unit, rows):
    """`rows` are (label, value, whether it stands out); the shortest bar comes first."""
    rows = sorted(rows, key=lambda row: row[1])
    longest = max(value for _, value, _ in rows)
    width, height = LABELS + BARS + 90, TOP + ROW * len(rows) + 12
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
             f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="14">',
             f"<title>{html.escape(title)}, {html.escape(unit)}</title>",
             '<rect width="100%" height="100%" rx="6" fill="#ffffff"/>',
             f'<text x="16" y="26" font-weight="bold" fill="#1a202c">{html.escape(title)}</text>']
    for i, (label, value, stands_out) in enumerate(rows):
        y = TOP + ROW * i
        length = max(1, round(BARS * value / longest))
        lines += [
            f'<text x="{LABELS - 10}" y="{y + 15}" text-anchor="end" fill="#1a202c">'
            f"{html.escape(label)}</text>",
            f'<rect x="{LABELS}" y="{y}" width="{length}" height="20" rx="3" '
            f'fill="{OURS if stands_out else OTHERS}"/>',
            f'<text x="{LABELS + length + 8}" y="{y + 15}" fill="#1a202c">{value:.1f} '
            f'{"µs" if unit == "microseconds" else unit}</text>']
    return "\n".join([*lines, "</svg>"]) + "\n"
