"""Formats the templates by dprint, or with `--check` names those that are not formatted.

    python .ci/templates.py [--check] dprint …

dprint's plugin for markup takes what ends in `.jinja` for templates of Jinja, and what ends in `.html` for plain HTML:
it is handed copies.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).parent.parent
TEMPLATES = CHECKOUT / "templates"


def formatted(paths: list[Path], dprint: list[str]) -> dict[Path, str]:
    """The text that each template should have."""
    with TemporaryDirectory() as folder:
        copies = {path: Path(folder) / path.relative_to(TEMPLATES).with_suffix(".jinja") for path in paths}
        for path, copy in copies.items():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        (Path(folder) / "dprint.json").write_bytes((CHECKOUT / "dprint.json").read_bytes())
        subprocess.run([*dprint, "fmt", "--log-level=warn", "**/*.jinja"], cwd=folder, check=True)
        return {path: copy.read_text("utf-8") for path, copy in copies.items()}


def main(*words: str) -> int:
    dprint = [word for word in words if word != "--check"]
    paths = sorted(TEMPLATES.rglob("*.html"))
    changed = {path: text for path, text in formatted(paths, dprint).items() if text != path.read_text("utf-8")}
    for path, text in changed.items():
        if "--check" in words:
            print(f"{path.relative_to(CHECKOUT)} is not formatted; `make format` does it.")
        else:
            path.write_text(text, "utf-8")
    return 1 if changed and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
