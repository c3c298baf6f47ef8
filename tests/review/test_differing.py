"""Each field leads to the sentences on which analysts differ in it."""

from uuid import uuid4

from tests.factories import answer, first_project, make_article, make_claim, make_member, sentences_of
from webapp.claims.actions import assess, merge_claim
from webapp.domain.corroboration import Assessed
from webapp.domain.terms import CorroborationStatus, SourceType, Tag
from webapp.projects.actions import assign
from webapp.review.claim_status import claim_status
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
    fields = " ".join(client.get("/projects/1/agreement/fields").text.split())
    assert "field=source_type" in fields
    assert "No claim was assessed by two analysts." in fields


def test_agreement_on_the_status_of_claims_counts_merged_claims_once(app, owner):
    people = [make_member(name, "analyst") for name in ("Ann", "Bea")]
    sentences = sentences_of(make_article("One came. Two went. Three stayed."))
    for sentence, both in zip(sentences, (("contested", "contested"), ("contested", "corroborated")), strict=False):
        claims = [make_claim(f"It is {sentence.id}.", sentence, by=one) for one in people]
        for claim, person, status in zip(claims, people, both, strict=True):
            assess(claim, person, Assessed(CorroborationStatus(status)), 0, uuid4())
        merge_claim(claims[1], claims[0], owner, None, 0, uuid4())

    found = claim_status(first_project(), owner)

    assert (found.n_units, found.n_pairable, found.n_unanimous, found.n_coders) == (2, 2, 1, 2)


def test_why_the_status_of_claims_has_no_interval_is_told_as_it_is(app, owner, client, sign_in):
    people = [make_member(name, "analyst") for name in ("Ann", "Bea")]
    article = make_article("One came. Two went. Three stayed.")
    assign(first_project(), [(article.id, person.id) for person in people], owner)
    for sentence in sentences_of(article):
        claim = make_claim(f"It is {sentence.id}.", sentence, by=people[0])
        for person, status in zip(people, ("contested", "corroborated"), strict=True):
            assess(claim, person, Assessed(CorroborationStatus(status)), 0, uuid4())
            answer(sentence, person, Tag.FACT)
    for person in people:
        submit(article, person)
    sign_in(owner)

    page = " ".join(client.get("/projects/1/agreement/fields").text.split())
    assert "α -.667. There is no interval: alpha comes to the same, whichever of the claims is left out." in page
