"""Cue marks on request, and none in a blind round."""

from tests.factories import make_article, make_member, make_project, sentences_of, take_up


def test_cues_come_with_offsets_into_their_sentence(client, sign_in, analyst):
    article = make_article("It was so. 🚢 He said so.")
    sign_in(analyst)
    (cue,) = client.get(f"/api/v1/articles/{article.id}/cues").json["cues"]

    text = sentences_of(article)[-1].text
    assert (text[cue["start"] : cue["end"]], cue["kind"]) == ("said", "telling")


def test_a_blind_round_shows_none(client, sign_in):
    project = make_project("Blind", is_blind=True)
    analyst = sign_in(make_member("Blind analyst", "analyst", project=project))
    article = make_article("He said so.", project=project)
    take_up(article, analyst)

    refused = client.get(f"/api/v1/articles/{article.id}/cues")

    assert (refused.status_code, refused.json["code"]) == (403, "blind")
