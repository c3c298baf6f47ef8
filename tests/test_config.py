"""Settings: what messages call our commands."""

import pytest

from webapp import config


@pytest.mark.parametrize(
    ("in_checkout", "typed"),
    [(True, "python3 run.py user password 'Ana Lyst'"), (False, "claimtag user password 'Ana Lyst'")],
)
def test_a_message_names_a_command_that_exists_where_it_is_read(tmp_path, monkeypatch, in_checkout, typed):
    if in_checkout:
        (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(config, "CHECKOUT", tmp_path)

    assert config.command("user", "password", "Ana Lyst") == typed


def test_the_sign_in_page_names_a_command_that_exists(client):
    assert "<code>python3 run.py link</code>" in client.get("/sign-in").text
