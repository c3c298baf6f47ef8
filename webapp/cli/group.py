"""What all commands share: one sentence when something is wrong, and no more loaded than the command needs."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from webapp import __version__
from webapp.domain.errors import DomainError
from webapp.domain.intake.decoding import BROKEN_UTF8, is_text_encoding

sentences: list[Callable[[BaseException], str | None]] = []
"""What says a fault in a sentence, or nothing where it is none that it knows; of what is loaded."""

OTHERS = "webapp.cli.others"
"""The module with the commands that `webapp.cli` does not bring at once."""


class Commands(click.Group):
    """Broken rules end a command with one sentence on standard error and exit code 1.

    Only `split` is there at once: it starts in a fraction of the time of those that need the app.
    """

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.commands:
            import_module(OTHERS)
        return super().get_command(context, name)

    def list_commands(self, context: click.Context) -> list[str]:
        import_module(OTHERS)
        return super().list_commands(context)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except DomainError as broken:
            raise click.ClickException(str(broken)) from None
        except Exception as error:
            for sentence in sentences:
                if said := sentence(error):
                    raise click.ClickException(said) from None
            raise


class BadInput(click.ClickException):
    """What a command was given cannot be used: one sentence and exit code 2."""

    exit_code = 2


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claimtag")
def main() -> None:
    """Judge news articles sentence by sentence: fact, attribution, speculation or opinion."""


def _known_encoding(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_text_encoding(value):
        raise click.BadParameter(f"“{value}” is no encoding of text; one is windows-1252.")
    return value


encoding_option = click.option(
    "--encoding",
    callback=_known_encoding,
    help="Encoding of what is not UTF-8 and does not say its own, such as windows-1252; "
    f"{BROKEN_UTF8} reads UTF-8 with � for what is broken.",
)
