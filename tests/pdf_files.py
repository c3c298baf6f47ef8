"""PDFs as bytes: pages of words at places, written after the standard's first chapters."""

from typing import NamedTuple

WIDTH, HEIGHT = 595, 842
IMAGE = "q {width} 0 0 {height} 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"
PICTURE = IMAGE.format(width=WIDTH, height=HEIGHT)
"""A grey picture that covers a page, as a scanner makes it."""


class At(NamedTuple):
    """Words at a place of a page, from its left lower corner."""

    x: float
    y: float
    words: str
    size: float = 10
    turn: str = "1 0 0 1"

    def __str__(self):
        words = self.words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /F1 {self.size} Tf {self.turn} {self.x} {self.y} Tm ({words}) Tj ET"


def column(x, y, *lines, size=10, leading=12):
    """Lines one under the other."""
    return [At(x, y - leading * place, words, size) for place, words in enumerate(lines)]


def pdf(*pages, title=None, extra="", rotate=0):
    """A PDF whose pages draw these things, words and pictures."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title or ''}) >>",
    ]
    for page in pages:
        drawn = "\n".join(map(str, page))
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate}"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects) + 2} 0 R >>",
            f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream",
        ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {extra} >>"
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer {trailer}\nstartxref\n{len(body)}\n%%EOF"
    return body + end.encode()


LEFT = (
    "The bridge over the river was re-",
    "opened on Tuesday, the town hall",
    "said. Lorries may cross it again,",
    "and two- and three-axled ones",
)
RIGHT = (
    "pay nothing until the New Year.",
    "“We waited a year,” said the ma-",
    "yor, who had promised it for the",
    "well-known fair of the Anglo-",
)
TWO_COLUMNS = pdf(
    [
        At(60, 820, "The Daily Example, 22 October 2013", 8),
        At(60, 700, "The bridge is open again", 20),
        *column(60, 660, *LEFT),
        *column(310, 660, *RIGHT),
        At(290, 30, "1", 8),
    ],
    [
        At(60, 820, "The Daily Example, 22 October 2013", 8),
        At(60, 780, "American society, which is held in May."),
        At(72, 768, "Nobody spoke against it."),
        At(290, 30, "2", 8),
    ],
    title="The bridge",
)
