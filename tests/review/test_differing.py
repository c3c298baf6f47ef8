"""Each field leads to the sentences on which analysts differ in it."""

from tests.factories import answer, first_project, make_article, make_member, sentences_of
from webapp.domain.terms import SourceType, Tag
from webapp.projects.actions import assign
from webapp.tagging.actions import submit


def test_a_field_lists_the_sentences_on_which_analysts_differ_with_what_each_said(app, owner, client, sign_in):
    people = [make_member(name, "analyst") for name in ("Ann", "Bea")]
    article = make_article("One came, they say. Two went. Three stayed.")
    assign(first_project(), [(article.id, person.id) for person in people], owner)
    first, second, third = sentences_of(article)
    for person, kind in zip(people, (SourceType.GROUP, SourceType.OWN_REPORTING), strict=True):
        answer(first, person, Tag.ATTRIBUTION, source_type=kind)
        answer(second, person, Tag.ATTRIBUTION, source_type=SourceType.GROUP)
        answer(third, person, Tag.FACT, flag_mixed=kind is SourceType.GROUP)
        submit(article, person)
    sign_in(owner)

    page = client.get("/projects/1/agreement/field?field=source_type").text
    assert f'id="s{first.id}"' in page
    assert f'id="s{second.id}"' not in page
    assert SourceType.OWN_REPORTING.label in page
    flag = client.get("/projects/1/agreement/field?field=flag_mixed").text
    assert f'id="s{third.id}"' in flag
    assert "<strong>Yes</strong>" in flag
    assert "no sentence to which" in " ".join(
        client.get("/projects/1/agreement/field?field=likelihood_code").text.split()
    )
    assert client.get("/projects/1/agreement/field?field=note").status_code == 422
    assert "field=source_type" in client.get("/projects/1/agreement/fields").text
