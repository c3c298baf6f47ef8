"""The desk as a page."""

from tests.factories import make_article


def test_the_desk_knows_the_person_without_reading_their_row(client, sign_in, owner, statements):
    article = make_article()
    sign_in(owner)
    client.get(f"/articles/{article.id}")
    with statements() as seen:
        assert client.get(f"/articles/{article.id}").status_code == 200

    assert sum("password_hash" in statement for statement in seen) == 0
