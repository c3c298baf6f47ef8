"""Times the way in: plain articles through decoding and splitting, pages, Word documents and tables; prints ratios.

    python bench/intake.py                 10,000 articles, 200 pages
    python bench/intake.py --articles 500 --pages 20

All texts are made up here from a fixed seed. Nothing is written and nothing is fetched.
"""

import argparse
import io
import json
import random
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from webapp.domain.intake import formats, html, table, word
from webapp.domain.intake.text import sha256
from webapp.domain.segmentation import split

PROSE = """
the council mayor of a bridge river town said that on Tuesday it would reopen after nine months and lorries must
stay away until spring engineers found cracks in two pillars last winter costs rose to three million euros while
shopkeepers lost customers police reported no injuries Dr. Smith told reporters prices may fall by 3.5 percent
"""
WORDS = PROSE.split()
AIM = 60.0
"""Seconds in which 10,000 plain articles are to be in the database."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=200)
    options = parser.parse_args()
    chance = random.Random(7)
    articles = [article(chance) for _ in range(options.articles)]
    print_plain(articles)
    print_table(articles)
    print_pages([page(chance, text) for text in articles[: options.pages]], articles[: options.pages])
    print_documents(articles[: options.pages])


# Made-up texts


def sentence(chance: random.Random) -> str:
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(8, 30)))
    return words[0].upper() + words[1:] + chance.choice((".", ".", ".", "?", ".”"))


def article(chance: random.Random) -> str:
    """Some 25 sentences in paragraphs of one to four."""
    paragraphs = (" ".join(sentence(chance) for _ in range(chance.randint(1, 4))) for _ in range(10))
    return "\n".join(paragraphs)


def page(chance: random.Random, text: str) -> str:
    """A page of some 800 elements around the article: menus, teasers, scripts, comments."""
    links = "".join(f'<li><a href="/{n}">{chance.choice(WORDS)} {chance.choice(WORDS)}</a></li>' for n in range(80))
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/t{n}">{sentence(chance)[:60]}</a></h3><span>{n} min</span></div>'
        for n in range(60)
    )
    paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    return (
        '<!doctype html><html><head><title>The bridge | The Paper</title><meta name="author" content="Ann Bee">'
        '<meta property="article:published_time" content="2013-10-22T10:00:00Z">'
        f"<script>{'var x = 1;' * 500}</script></head><body><nav><ul>{links}</ul></nav>"
        f'<div class="content"><h1>The bridge</h1><div class="story">{paragraphs}</div></div>'
        f'<div class="related">{teasers}</div><div class="comments"><p>First!</p></div><footer>©</footer></body></html>'
    )


def document(text: str) -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n"))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            word.MAIN_PART, f'<w:document xmlns:w="{word.WORD[0]}"><w:body>{paragraphs}</w:body></w:document>'
        )
    return file.getvalue()


# Measuring


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def each(items: Iterable[Any], work: Callable[[Any], object]) -> float:
    return seconds(lambda: [work(item) for item in items])


def print_plain(articles: list[str]) -> None:
    uploads = [text.encode() for text in articles]
    bare = each(uploads, lambda upload: upload.decode())
    read = each(uploads, lambda upload: formats.extracted(upload, "text/plain"))
    named = each(articles, sha256)
    cut = each(articles, split)
    whole = read + named + cut
    size = sum(map(len, uploads)) / 1e6
    print(f"{len(articles):,} plain articles, {size:.1f} MB")
    print(f"  decode and check {read:8.2f} s   {read / max(bare, 1e-9):6.1f} × a bare decode")
    print(f"  hash             {named:8.2f} s")
    print(f"  split            {cut:8.2f} s   {cut / whole:6.0%} of the whole")
    print(f"  together         {whole:8.2f} s   {len(articles) / whole:6,.0f} articles/s", end="")
    print(f", {whole / len(articles) * 10_000 / AIM:.0%} of the {AIM:.0f} s for 10,000")


def print_table(articles: list[str]) -> None:
    lines = "\n".join(json.dumps({"text": text}) for text in articles)
    quoted = "text\n" + "\n".join('"' + text.replace('"', '""') + '"' for text in articles)
    for name, content in (("JSONL", lines), ("CSV", quoted)):
        took = each([io.BytesIO(content.encode())], lambda file: sum(1 for _ in table.articles_in(file)))
        print(f"  as rows of {name:5} {took:8.2f} s   {len(articles) / took:6,.0f} articles/s")


def print_pages(pages: list[str], articles: list[str]) -> None:
    print(f"{len(pages):,} pages, {sum(map(len, pages)) / len(pages) / 1e3:.0f} kB each")
    walked = each(pages, html.page_of)
    found: list[str] = []
    extracted = each(pages, lambda page: found.append(html.article_of(page)[0]))
    exact = sum(text.endswith(article) for text, article in zip(found, articles, strict=True))
    print(f"  whole page (BeautifulSoup)  {len(pages) / walked:6.0f} pages/s")
    print(f"  article (trafilatura)       {len(pages) / extracted:6.0f} pages/s", end="")
    print(f"   {extracted / walked:.1f} × the walk; {exact} of {len(pages)} without anything more or less")


def print_documents(articles: list[str]) -> None:
    uploads = [document(text) for text in articles]
    took = each(uploads, word.extracted)
    print(f"{len(uploads):,} Word documents: {len(uploads) / took:,.0f} documents/s")


if __name__ == "__main__":
    main()
