"""The agreement page: figures checked by hand, the sentences behind them, names hidden, filters, and nothing to see."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.conftest import new_client
from tests.factories import (
    amend,
    answer,
    assignment_of,
    make_article,
    make_member,
    make_project,
    make_rating,
    make_source,
    merge_sources,
    move_to,
    sentences_of,
    take_up,
)
from tests.signing_in import sign_in_as
from webapp.adjudication.actions import adjudicate
from webapp.articles.actions import trash_article
from webapp.db import db, db_write, now
from webapp.domain.adjudication import Cause, DecidingRule, Decision
from webapp.domain.terms import Credibility, NotCodableReason, Reliability, SourceType, Tag
from webapp.models import (
    SHELL,
    Article,
    Assignment,
    AssignmentState,
    AuditEvent,
    Membership,
    Project,
    Role,
    Round,
    SourceRating,
    Submission,
    SubmissionAnnotation,
    User,
)
from webapp.projects.actions import add_member, assign, return_work
from webapp.review import queries, statistics
from webapp.review.filters import Filter
from webapp.shown_names import NAMES_SHOWN_FOR
from webapp.tagging.actions import submit

pytestmark = pytest.mark.page

F, A, S, O, N = Tag  # noqa: E741
TEXT = "The guild wants a bigger share. Two came. The envoy said three went. A disgrace."


@dataclass
class Study:
    """A project of its own with a supervisor and two analysts; the codes are set so that tests can read them."""

    project: Project
    supervisor: User
    ana: User
    ben: User
    ratings: dict = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"/projects/{self.project.id}/agreement"

    def article(self, text=TEXT, **described):
        return make_article(text, project=self.project, by=self.supervisor, **described)

    def hand_in(self, article, analyst, tags, **fields):
        """The analyst's tags, one for each sentence, handed in."""
        take_up(article, analyst)
        for sentence, tag in zip(sentences_of(article), tags, strict=True):
            needed = {"source_type": SourceType.ORGANISATION} if tag is A else {}
            needed |= {"not_codable_reason": NotCodableReason.NO_CLAIM} if tag is N else {}
            answer(sentence, analyst, tag, **needed, **fields)
        return submit(article, analyst)

    def source(self, **letters):
        """A source, with the letters that analysts rate it by; the ids of the ratings are kept."""
        source_id = make_source(f"Source {len(self.ratings)}", by=self.supervisor, project=self.project)
        people = {"ana": self.ana, "ben": self.ben}
        self.ratings[source_id] = [make_rating(source_id, letter, by=people[who]) for who, letter in letters.items()]
        return source_id


@pytest.fixture
def study(app):
    project = make_project("Gulf study")
    supervisor = make_member("Sue Pervisor", "supervisor", project=project)
    ana, ben = (make_member(name, "analyst", project=project) for name in ("Ana Lyst", "Ben Lyst"))
    give_code(ana, "K07")
    give_code(ben, "K12")
    return Study(project, supervisor, ana, ben)


def give_code(person, code):
    with db_write() as session:
        session.scalars(select(Membership).where(Membership.user_id == person.id)).one().coder_code = code


@pytest.fixture
def four(study):
    """Four sentences, two analysts, three of four alike: F F A O beside S F A O."""
    article = study.article(title="Four")
    study.hand_in(article, study.ana, [F, F, A, O])
    study.hand_in(article, study.ben, [S, F, A, O])
    return article


@pytest.fixture
def page(study, client, sign_in):
    """The page, or one below it, as the supervisor sees it."""

    def get(rest="", status=200):
        if not get.signed_in:
            sign_in(study.supervisor)
            get.signed_in = True
        response = client.get(study.address + rest)
        assert response.status_code == status
        return BeautifulSoup(response.text, "html.parser")

    get.signed_in = False
    return get


def text(node):
    return " ".join(node.get_text(" ").split())


def section(soup, id_):
    return text(soup.select_one(f"section[aria-labelledby={id_}]"))


def on_record(what):
    db.session.rollback()  # what was read before is not what is there now
    return list(db.session.scalars(select(AuditEvent).where(AuditEvent.what == what)))


def rows(soup, id_):
    return [text(row) for row in soup.select(f"section[aria-labelledby={id_}] table:first-of-type tbody tr")]


# ---- the figures, in the order of the page


def test_coverage_says_what_there_is(four, study, page):
    study.article("Untouched. So far.")
    shown = section(page(), "coverage")

    assert "6 sentences in 2 articles: 4 with a tag, 4 of them by two or more of 2 analysts" in shown
    assert "4 pairs of answers" in shown
    assert "Answers of K07 4 · K12 4" in shown
    assert "2 of 2 assignments handed in" in shown
    assert "1 article has a sentence that two analysts tagged." in shown


def test_the_headline_has_the_three_figures(four, page):
    # Coincidences: F 3, S 1, A 2, O 2; 2 of 8 apart. Alpha = 1 - 7 · 2 / (64 - 9 - 1 - 4 - 4) = .696.
    # AC1: chance = Σ p(1 - p) / 3 = .71875 / 3, so (.75 - .2396) / (1 - .2396) = .671.
    soup = page()
    shown = section(soup, "headline")

    assert "75.0 %" in shown
    assert "all analysts on 3 of 4 sentences" in shown
    assert ".671 Gwet’s AC1" in shown
    assert "α .696" in shown
    assert "An interval takes 3 articles with a sentence that two people rated, or more; here there is 1." in shown
    assert soup.select_one("svg.scale") is None


def shared_articles(study, number, sentences):
    """Articles that both analysts tag, the second with another tag for the first sentence of one in two."""
    for place in range(number):
        article = study.article(" ".join(f"Event {place} had its stage {stage}." for stage in range(sentences)))
        tags = [F if (stage + place) % 2 else O for stage in range(sentences)]
        study.hand_in(article, study.ana, tags)
        study.hand_in(article, study.ben, [S if place % 2 else tags[0], *tags[1:]])


def test_from_three_shared_articles_on_there_are_intervals(study, page):
    shared_articles(study, 3, sentences=3)
    soup = page()

    assert "they rest on the 3 articles with a sentence that two analysts tagged" in section(soup, "coverage")
    assert "Analysts are taken as given." in section(soup, "coverage")
    assert "jackknife over 3 articles" in section(soup, "headline")


def test_under_thirty_shared_sentences_the_interval_leads(study, page):
    shared_articles(study, 4, sentences=3)
    soup = page()
    plot = soup.select_one("svg.scale")

    assert "scale--few" in plot["class"]
    assert text(plot.select_one(".scale__lead tspan")).startswith("(α .")
    assert plot["aria-label"].startswith("Krippendorff’s alpha .")
    assert "Too few shared sentences (12) to establish reliability by our convention of 30" in section(soup, "headline")


def test_from_thirty_shared_sentences_alpha_leads_and_every_figure_has_its_interval(study, page):
    shared_articles(study, 5, sentences=6)
    soup = page()
    plot = soup.select_one("svg.scale")

    assert "scale--few" not in plot["class"]
    assert re.match(r"α \.\d{3} \(\.\d{3} to \.\d{3}\)", text(plot.select_one(".scale__lead")))
    table = soup.select("section[aria-labelledby=headline] tbody tr")
    assert len(table) == 5
    assert all(" to " in text(row.select("td")[1]) for row in table)
    assert "Alpha reaches .667 with a probability of" in section(soup, "headline")
    assert " to " in rows(soup, "by-tag")[0]
    assert " to " in rows(soup, "pairs")[0]


def test_each_tag_has_its_line(four, page):
    # Specific agreement: F 2 · 1 / 3, S 0 / 1, A and O 2 / 2.
    assert rows(page(), "by-tag") == [
        "Fact 3 37.5 % 66.7 % .533 Speculation 1",
        "Attribution 2 25.0 % 100.0 % 1.000 none",
        "Speculation 1 12.5 % 0.0 % .000 Fact 1",
        "Opinion 2 25.0 % 100.0 % 1.000 none",
    ]


def test_not_codable_is_left_out_and_has_a_line_of_its_own(study, page):
    article = study.article()
    study.hand_in(article, study.ana, [N, N, A, O])
    study.hand_in(article, study.ben, [N, F, A, O])
    soup = page()
    shown = section(soup, "by-tag")

    # 3 of 8 answers; of the 3 marks, two met another mark.
    assert "Not codable , left out above: 3 of 8 answers; when one analyst said so, another did in 66.7 %" in shown
    assert "all analysts on 2 of 2 sentences" in section(soup, "headline")
    (link,) = soup.select("section[aria-labelledby=by-tag] a")
    assert text(link) == "1 sentence also Fact"
    assert "Two came." in text(page(link["href"].removeprefix(study.address)))


def test_the_matrix_counts_sentences_and_its_cells_open_them(four, study, page):
    soup = page()
    cells = {a["aria-label"]: a for a in soup.select("table.heat a")}

    assert {label: text(a) for label, a in cells.items()} == {
        "1 sentence: Fact twice or more": "1",
        "1 sentence: Fact and Speculation": "1",
        "1 sentence: Attribution twice or more": "1",
        "1 sentence: Opinion twice or more": "1",
    }
    assert soup.select_one("table.heat td[data-shade='5']").a == cells["1 sentence: Fact and Speculation"]
    opened = page(cells["1 sentence: Fact and Speculation"]["href"].removeprefix(study.address))
    assert [text(one) for one in opened.select(".apart__words")] == ["The guild wants a bigger share."]
    same = page(cells["1 sentence: Attribution twice or more"]["href"].removeprefix(study.address))
    assert [text(one) for one in same.select(".apart__words")] == ["The envoy said three went."]


def test_a_disagreement_shows_cues_tags_notes_and_the_rule_that_may_decide(study, page):
    article = study.article(title="Four")
    study.hand_in(article, study.ana, [F, F, A, O])
    study.hand_in(article, study.ben, [S, F, A, O], note="A mind, I think.", second_choice=None)
    soup = page()
    (one,) = soup.select(".apart__one")

    assert text(one.select_one(".apart__where")) == "Four , sentence 1"
    assert one.select_one(".apart__where a")["href"].startswith(f"/articles/{article.id}/")
    assert [text(mark) for mark in one.select("mark.cue")] == ["wants"]
    assert [text(li) for li in one.select(".apart__said li")] == ["K07 Fact", "K12 Speculation A mind, I think."]
    assert "R6 may decide: Minds without words, wants" in text(one.select_one(".apart__do"))
    assert one.select_one(".apart__do a")["href"].endswith("#rule-R6")
    assert one.select("a[href$='/adjudicate'], a[href*='adjudicat']")


def test_the_most_divided_come_first(study, page):
    cleo = make_member("Cleo", "analyst", project=study.project)
    article = study.article("One came. Two came. Three came.")
    study.hand_in(article, study.ana, [F, F, F])
    study.hand_in(article, study.ben, [F, S, F])
    study.hand_in(article, cleo, [S, O, F])

    assert [text(one) for one in page().select(".apart__words")] == ["Two came.", "One came."]


def test_disagreements_come_ten_at_a_time(study, page):
    article = study.article(" ".join(f"Event {number} came." for number in range(1, 13)))
    study.hand_in(article, study.ana, [F] * 12)
    study.hand_in(article, study.ben, [O] * 12)
    first = page()

    assert len(first.select(".apart__one")) == 10
    second = page(first.select_one("a[rel=next]")["href"].removeprefix(study.address).split("#")[0])
    assert [text(one) for one in second.select(".apart__words")] == ["Event 11 came.", "Event 12 came."]
    assert second.select_one("ol.apart")["start"] == "11"
    assert len(page("?page=999").select(".apart__one")) == 2


def test_analysts_stand_by_code_with_shares_and_agreement(four, page):
    soup = page()

    assert [text(h) for h in soup.select(".people h3")] == ["K07", "K12"]
    assert "3 of 4 75.0 %" in text(soup.select_one(".people li"))
    assert "Agree with gold" not in text(soup.select_one(".people"))
    label = soup.select_one("svg.shares")["aria-label"]
    assert label == (
        "Shares of tags of K07, and of the others: Fact 50.0 %, 25.0 %; Attribution 25.0 %, 25.0 %; "
        "Speculation 0.0 %, 25.0 %; Opinion 25.0 %, 25.0 %."
    )
    table = soup.select("section[aria-labelledby=analysts] table tbody tr")
    assert text(table[0]).startswith("K07 2 of 4 50.0 % others 1 of 4 25.0 %")


def test_agreement_with_gold_once_something_is_settled(four, study, page):
    decision = Decision(S, DecidingRule.R6, Cause.SLIP, "A mind.")
    adjudicate(sentences_of(four)[0], study.supervisor, decision, 0)
    soup = page()

    assert [text(li.select("dl > div")[-1]) for li in soup.select(".people li")] == [
        "Agree with gold 0 of 1 0.0 %",
        "Agree with gold 1 of 1 100.0 %",
    ]
    assert "settled as Speculation" in text(soup.select_one(".apart__do"))


def test_agreement_with_gold_has_an_interval_once_three_articles_are_settled(study, page, client):
    shared_articles(study, 4, sentences=1)
    for article in db.session.scalars(select(Article).where(Article.project_id == study.project.id)).all()[1::2]:
        adjudicate(sentences_of(article)[0], study.supervisor, Decision(S, DecidingRule.R6, Cause.SLIP, "A mind."), 0)
    few = page()
    shared_articles(study, 4, sentences=2)
    for article in db.session.scalars(select(Article).where(Article.project_id == study.project.id)).all()[-4:]:
        for sentence in sentences_of(article):
            adjudicate(sentence, study.supervisor, Decision(O, DecidingRule.R6, Cause.SLIP, "A value."), 0)
    enough = page()

    def with_gold(soup):
        return [text(li.select("dl > div")[-1]) for li in soup.select(".people li")]

    assert with_gold(few) == ["Agree with gold 0 of 2 0.0 %", "Agree with gold 2 of 2 100.0 %"]
    assert all(re.search(r" of 10 \d+\.\d % 95 %: \d+\.\d to \d+\.\d %$", told) for told in with_gold(enough))
    (first, _) = client.post(study.address + ".json").json["coders"]
    assert 0 < first["agreement_with_gold"]["ci"][0] < first["agreement_with_gold"]["ci"][1] < 1


def test_pairs_are_blank_under_ten_shared_sentences(four, study, page):
    assert rows(page(), "pairs") == ["K07"]

    article = study.article(" ".join(f"Event {number} came." for number in range(6)))
    for analyst in (study.ana, study.ben):
        study.hand_in(article, analyst, [F, S, F, S, F, S])
    # 9 of 10 alike; chance (5 · 4 + 3 · 4 + 1 + 1) / 100 = .34, so (.9 - .34) / .66 = .848.
    assert rows(page(), "pairs") == ["K07 .848 n 10"]


def test_ratings_come_once_they_exist_with_f_as_a_gap(study, page):
    article = study.article("One came. Two came. Three came.")
    study.hand_in(article, study.ana, [F, F, F])
    assert page().select_one("section[aria-labelledby=ratings]") is None

    sure, unsure = study.source(ana="B"), study.source(ana="F", ben="F")
    study.hand_in(study.article("Four came. Five came."), study.ana, [A, A], source_id=sure)
    other = study.article("Six came. Seven came.")
    study.hand_in(other, study.ana, [A, A], source_id=unsure)
    study.hand_in(other, study.ben, [A, A], source_id=unsure)
    shown = section(page(), "ratings")
    assert "2 ratings, 0 sentences rated by two or more. F (reliability cannot be judged) is a gap: 4 of 6" in shown
    assert "when one analyst said so, another did in 100.0 %" in shown
    assert "left out." not in shown
    assert "Credibility" not in shown


def test_only_letters_of_ones_own_ratings_are_compared(study, page, client):
    """Four sentences: own beside own, own beside a published one, by hand beside by hand, and one whose tag changed."""
    own, published = study.source(ana="B", ben="D"), study.source(ana="C")
    with_publishing = {"by": study.supervisor, "is_published": True}
    for rating_id in study.ratings[own] + study.ratings[published]:
        amend(SourceRating, rating_id, **with_publishing)
    article = study.article("One came. Two came. Three came. Four came.")
    for person in (study.ana, study.ben):
        take_up(article, person)
        one, two, three, four = sentences_of(article)
        answer(one, person, A, source_id=own, source_type=SourceType.ORGANISATION)
        answer(two, person, A, source_id=published, source_type=SourceType.ORGANISATION)
        answer(three, person, F, source_reliability=Reliability.A)
        answer(four, person, F, source_id=own)
        submit(article, person)

    shown = section(page(), "ratings")
    assert "3 ratings, 1 sentence rated by two or more" in shown
    assert "5 answers with a letter that was taken from a published rating, or given without one, are left out" in shown
    told = client.post(study.address + ".json").json
    assert told["ratings"]["source_reliability"]["category_counts"] == {"A": 0, "B": 1, "C": 1, "D": 1, "E": 0}
    assert told["letters_left_out"] == 5


def test_ordinal_alpha_of_letters(study, page):
    article = study.article("One came. Two came. Three came.")
    sources = [study.source(ana=one, ben=other) for one, other in zip("ABC", "ABD", strict=True)]
    for person in (study.ana, study.ben):
        take_up(article, person)
        for sentence, source_id in zip(sentences_of(article), sources, strict=True):
            answer(sentence, person, A, source_id=source_id, source_type=SourceType.ORGANISATION)
        submit(article, person)

    # As in the next test, letters being places from 1.
    assert "α .949 An interval takes 3 articles" in section(page(), "ratings")


def test_ordinal_alpha_of_ratings(study, page):
    article = study.article("One came. Two came. Three came.")
    for analyst, values in ((study.ana, "123"), (study.ben, "124")):
        take_up(article, analyst)
        for sentence, value in zip(sentences_of(article), values, strict=True):
            answer(sentence, analyst, F, information_credibility=Credibility(value))
        submit(article, analyst)
    # Places 1: 2, 2: 2, 3: 1, 4: 1 of 6; distances 1–2: 4, 1–3: 12.25, 1–4: 20.25, 2–3: 2.25, 2–4: 6.25, 3–4: 1.
    # Alpha = 1 - 5 · 1 / (4·4 + 2·12.25 + 2·20.25 + 2·2.25 + 2·6.25 + 1) = 1 - 5 / 99 = .949.
    assert "α .949 An interval takes 3 articles" in section(page(), "ratings")


def test_from_three_articles_on_ordinal_alpha_has_an_interval_too(study, page):
    for number in range(3):
        article = study.article(f"Event {number} came. It went.")
        for analyst, values in ((study.ana, "14"), (study.ben, "1" + "455"[number])):
            take_up(article, analyst)
            for sentence, value in zip(sentences_of(article), values, strict=True):
                answer(sentence, analyst, F, information_credibility=Credibility(value))
            submit(article, analyst)
    plot = page().select_one("section[aria-labelledby=ratings] svg.scale")

    assert re.match(r"Krippendorff’s alpha \.\d+, 95 % interval from -?\.\d+ to \.\d+,", plot["aria-label"])


# ---- sources


def name(study, article, **sources):
    """Each person's answers to the article: the sources named in its sentences, None for a fact."""
    people = {"ana": study.ana, "ben": study.ben}
    for who, named in sources.items():
        take_up(article, people[who])
        for sentence, source_id in zip(sentences_of(article), named, strict=True):
            told = {"source_id": source_id, "source_type": SourceType.ORGANISATION} if source_id else {}
            answer(sentence, people[who], A if source_id else F, **told)
        submit(article, people[who])


def test_the_same_source_is_meant_where_both_entries_lead_to_one(study, page, client):
    reuters, reuter, afp = (study.source() for _ in range(3))
    article = study.article(" ".join(f"Event {n} came." for n in range(4)))
    name(study, article, ana=[reuters, reuters, afp, afp], ben=[reuters, reuter, reuters, None])
    assert "1 of 3 pairs of answers that both name a source mean the same one" in section(page(), "same-source")

    merge_sources(reuter, reuters, by=study.supervisor)
    shown = section(page(), "same-source")
    assert "2 of 3 pairs of answers that both name a source mean the same one, on 3 sentences: too few" in shown
    assert "Not corrected for chance" in shown
    told = client.post(study.address + ".json").json["same_source"]
    assert told == {"same": 2, "pairs": 3, "sentences": 3, "share": 2 / 3, "ci": None}

    merge_sources(reuter, None, by=study.supervisor)
    assert "1 of 3 pairs" in section(page(), "same-source")


def test_a_share_is_told_once_there_are_ten_pairs(study, page):
    source_id = study.source()
    article = study.article(" ".join(f"Event {n} came." for n in range(10)))
    name(study, article, ana=[source_id] * 10, ben=[source_id] * 10)

    assert "10 of 10 100.0 % pairs of answers" in section(page(), "same-source")


def test_the_share_has_an_interval_over_the_articles_once_there_are_three(study, page):
    one, other = study.source(), study.source()
    for seen in ([one] * 4, [one, one, other, other], [one, one, one, other], [other] * 4):
        article = study.article(f"{seen[0]}. ".join(f"Event {n} came" for n in range(4)) + f" {seen}.")
        count = len(sentences_of(article))
        name(study, article, ana=[one] * count, ben=(seen * count)[:count])

    assert "95 %:" in section(page(), "same-source")


def test_where_no_sentence_has_two_names_nothing_is_said_of_it(study, page, four, statements):
    with statements() as seen:
        assert page().select_one("section[aria-labelledby=same-source]") is None
    assert not [statement for statement in seen if "source_merge" in statement]


def test_a_researcher_who_is_an_analyst_in_the_blind_round_is_told_of_no_merge(study, client, sign_in):
    first, second = study.source(), study.source()
    name(study, study.article("One came."), ana=[first], ben=[second])
    merge_sources(first, second, by=study.supervisor)
    with db_write():
        study.project.running.is_blind = True
    reader = make_member("Rea Searcher", "researcher", project=study.project)
    both = make_member("Both Ways", "researcher", "analyst", project=study.project)

    told = []
    for person in (reader, both):
        sign_in(person)
        same = client.post(study.address + ".json").json["same_source"]
        told.append((same["same"], same["pairs"]))
    assert told == [(1, 1), (0, 1)]


def rate_all(study, person, letters, numbers):
    article = study.article(" ".join(f"Event {n} of {person.id} came." for n in range(len(letters))))
    take_up(article, person)
    for sentence, letter, number in zip(sentences_of(article), letters, numbers, strict=True):
        rated = {"source_reliability": Reliability(letter), "information_credibility": Credibility(number)}
        answer(sentence, person, F, **rated)
    submit(article, person)


def rows_of_letters(soup):
    return [text(row) for row in soup.select("[aria-labelledby=letters] tbody tr")]


def test_supervisors_see_how_tightly_letters_predict_numbers(study, page, client, sign_in):
    rate_all(study, study.ana, "ABCDEABCDEFA", "123452345116")
    rate_all(study, study.ben, "ABF", "114")

    assert rows_of_letters(page()) == ["K07 5 of 10 50.0 % 2", "K12 1 of 2 too few for a share 1"]
    told = client.post(study.address + ".json").json["letters_and_numbers"]
    assert told == [
        {"coder_id": "K07", "on_the_diagonal": 5, "answers": 10, "with_F_or_6": 2},
        {"coder_id": "K12", "on_the_diagonal": 1, "answers": 2, "with_F_or_6": 1},
    ]
    sign_in(make_member("Rea Searcher", "researcher", project=study.project))
    assert "Do letters decide numbers" not in client.get(study.address).text
    assert "letters_and_numbers" not in client.post(study.address + ".json").json


def test_letters_and_numbers_stand_under_codes_also_when_names_are_shown(study, page, client):
    rate_all(study, study.ana, "A" * 10, "1" * 10)
    page()
    client.post(study.address + "/names")

    assert rows_of_letters(page()) == ["K07 10 of 10 100.0 % 0"]


# ---- files


def test_figures_taken_as_json_are_on_record_with_their_filter(study, client, sign_in):
    study.hand_in(study.article(title="Four"), study.ana, [F, N, A, O])
    sign_in(study.supervisor)
    client.post(study.address + ".json?since=2020-01-01")

    (event,) = on_record("exported")
    assert (event.actor_id, event.project_id) == (study.supervisor.id, study.project.id)
    assert event.details == {"shape": "agreement", "format": "json", "filter": {"since": "2020-01-01"}}


def test_json_holds_method_seed_version_and_all_figures(four, study, client, sign_in):
    sign_in(study.supervisor)
    response = client.post(study.address + ".json")
    told = response.json

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert (told["seed"], told["resamples"], told["app_version"] != "") == (None, 0, True)
    assert told["codebook_version"] == "1.0"
    assert "jackknife over the articles" in told["method"]["interval"]
    assert "conventions of this program" in told["method"]["conventions"]
    assert told["ci_scales"]["alpha"] == "log(1 - figure)"
    assert told["coverage"] == {"articles": 1, "sentences": 4, "handed_out": 2, "handed_in": 2, "answers": 8}
    assert round(told["tags"]["alpha"], 3) == 0.696
    assert told["tags"]["pairs"][0]["n"] == 4
    assert [one["coder_id"] for one in told["coders"]] == ["K07", "K12"]
    assert "Ana Lyst" not in response.text


def test_the_wide_table_has_a_row_a_sentence_and_a_column_an_analyst(study, client, sign_in):
    article = study.article(title="Four")
    study.hand_in(article, study.ana, [F, N, A, O])
    other = study.article("Untouched.")
    study.hand_in(other, study.ben, [S])
    sign_in(study.supervisor)
    table = list(csv.reader(io.StringIO(client.post(study.address + "/wide.csv").text)))

    assert table[0] == ["article_id", "sentence_id", "sentence_index", "K07", "K12"]
    assert [row[2:] for row in table[1:]] == [
        ["1", "1", ""],
        ["2", "8", ""],
        ["3", "2", ""],
        ["4", "4", ""],
        ["1", "", "3"],
    ]
    assert [row[:2] for row in table[1:5]] == [[str(article.id), str(s.id)] for s in sentences_of(article)]
    (event,) = on_record("exported")
    assert (event.actor_id, event.details["shape"]) == (study.supervisor.id, "wide")


# ---- nothing, or too little, to see


def test_before_anything_is_handed_out(study, page):
    shown = text(page().select_one(".empty"))

    assert "No labels yet." in shown
    assert "No article has been handed out yet." in shown


def test_before_anything_is_handed_in(study, page):
    article = study.article()
    take_up(article, study.ana)
    answer(sentences_of(article)[0], study.ana, F)

    assert "Handed in so far: 0 of 1 assignment." in text(page().select_one(".empty"))


def test_without_overlap_the_page_says_so_in_words(study, page):
    study.hand_in(study.article(), study.ana, [F, F, A, O])
    soup = page()

    assert "No sentence has been tagged by two analysts" in section(soup, "coverage")
    assert "α not defined" in section(soup, "headline")
    assert "not defined Gwet’s AC1" in section(soup, "headline")
    assert soup.select("svg.scale, table.heat") == []
    assert "nan" not in soup.get_text().lower().split()


def test_one_category_is_full_agreement_without_a_coefficient(study, page):
    article = study.article("One came. Two came.")
    for analyst in (study.ana, study.ben):
        study.hand_in(article, analyst, [F, F])
    soup = page()

    assert "everyone used the same single tag" in section(soup, "coverage")
    assert "100.0 %" in section(soup, "headline")
    assert "α not defined" in section(soup, "headline")
    assert "None: wherever two analysts tagged a sentence" in section(soup, "disagreements")


def test_one_shared_sentence_shows_its_tags_instead_of_a_figure(study, page):
    article = study.article("One came.")
    study.hand_in(article, study.ana, [F])
    study.hand_in(article, study.ben, [F])

    assert "Said of it: K07 Fact , K12 Fact" in section(page(), "headline")


def test_only_not_codable_answers_are_no_labels(study, page):
    article = study.article("Background")
    study.hand_in(article, study.ana, [N])
    study.hand_in(article, study.ben, [N])
    soup = page()

    assert "No labels yet." in section(soup, "coverage")
    assert "2 of 2 answers" in section(soup, "by-tag")


# ---- which answers


def test_answers_changed_after_a_return_do_not_move_a_figure(four, study, page):
    before = section(page(), "headline")
    return_work(assignment_of(four.id, study.ben), study.supervisor, "Look again.")
    answer(sentences_of(four)[0], study.ben, F)
    submit(four, study.ben)

    assert section(page(), "headline") == before


def test_an_article_in_the_trash_is_in_no_figure(four, study, page):
    trash_article(four, study.supervisor)

    assert "No labels yet." in text(page())


# ---- who may see what


def test_an_analyst_never_gets_here(four, study, app):
    for person in (study.ana, make_member("Other", "analyst", "supervisor")):
        client = new_client(app)
        sign_in_as(client, person)
        calls = [("GET", ""), ("GET", "/cell?a=FACT&b=OPINION"), ("POST", ".json"), ("POST", "/wide.csv")]
        for method, rest in [*calls, ("POST", "/names")]:
            answered = client.open(study.address + rest, method=method)
            assert answered.status_code == (403 if person is study.ana else 404)


def test_a_researcher_sees_figures_but_no_names_and_no_door_to_settling(four, study, client, sign_in):
    sign_in(make_member("Rae Searcher", "researcher", project=study.project))
    shown = client.get(study.address)

    assert shown.status_code == 200
    assert "Show names" not in shown.text
    assert "Settle" not in shown.text
    assert client.post(study.address + "/names").status_code == 403
    assert "Ana Lyst" not in client.get(study.address).text
    assert on_record("names shown") == []


def test_names_are_hidden_until_wanted_and_wanting_them_is_on_record(four, study, client, page):
    main = page().select_one("main").get_text()
    assert "K07" in main
    assert "Ana Lyst" not in main
    assert on_record("names shown") == []

    for rest in ("?names=1", "/names"):  # no address shows them
        assert "Ana Lyst" not in client.get(study.address + rest).text
    assert on_record("names shown") == []

    named = client.post(study.address + "/names?analyst=K07&analyst=K12", follow_redirects=True)
    assert (named.request.path, named.request.args.getlist("analyst")) == (study.address, ["K07", "K12"])
    named = BeautifulSoup(named.text, "html.parser")
    assert [text(h) for h in named.select(".people h3")] == ["Ana Lyst", "Ben Lyst"]
    assert "Ana Lyst" in text(named.select_one(".apart__said"))
    assert not any("names" in a["href"] for a in named.select("a[href]"))
    assert "Ana Lyst" in page("/cell?a=FACT&b=SPECULATION").get_text()
    (event,) = on_record("names shown")
    assert (event.actor_id, event.project_id) == (study.supervisor.id, study.project.id)


def test_names_are_hidden_again_by_their_button_and_after_an_hour(four, study, client, page, monkeypatch):
    page()
    cell = "/cell?a=FACT&b=SPECULATION"
    back = client.post(study.address + "/names?a=FACT&b=SPECULATION", follow_redirects=True)
    assert (back.request.path, "Ana Lyst" in back.text) == (study.address + "/cell", True)
    hidden = client.post(study.address + "/names", data={"hide": "1"}, follow_redirects=True)
    assert "Ana Lyst" not in hidden.text
    assert len(on_record("names shown")) == 1

    client.post(study.address + "/names")
    assert "Ana Lyst" in page(cell).get_text()
    later = now() + NAMES_SHOWN_FOR
    monkeypatch.setattr("webapp.shown_names.now", lambda: later)
    assert "Ana Lyst" not in page(cell).get_text()


def test_names_of_one_project_are_not_those_of_another(four, study, client, page, owner):
    page()
    other = make_project("Other study")
    add_member(other, study.supervisor, {Role.SUPERVISOR})
    client.post(f"/projects/{other.id}/agreement/names")

    assert "Ana Lyst" not in page().get_text()


def test_whoever_is_no_supervisor_any_more_sees_no_names(four, study, client, page):
    page()
    client.post(study.address + "/names")
    add_member(study.project, study.supervisor, {Role.RESEARCHER})

    assert "Ana Lyst" not in page().get_text()


# ---- filters


def rated(soup):
    return section(soup, "coverage").split(": ")[1].split(" with a tag")[0]


@pytest.fixture
def two(four, study):
    """A second article, which one analyst handed in a year before; and the day of that."""
    article = study.article("It rained. It snowed.", title="Weather")
    take_up(article, study.ana)
    answers = [answer(sentence, study.ana, F) for sentence in sentences_of(article)]
    long_ago = now() - timedelta(days=365)
    with db_write() as session:
        assignment = assignment_of(article.id, study.ana)
        assignment.state = AssignmentState.SUBMITTED
        submission = Submission(assignment_id=assignment.id, number=1, at=long_ago)
        session.add(submission)
        session.flush()
        session.add_all(SubmissionAnnotation(submission_id=submission.id, annotation_id=a.id) for a in answers)
    return four, article, long_ago.date()


def test_filters_choose_articles_analysts_rounds_and_versions(two, page):
    first, second, _ = two

    assert rated(page()) == "6"
    assert rated(page(f"?article={first.id}")) == "4"
    assert rated(page(f"?article={first.id},{second.id}")) == "6"
    assert rated(page(f"?article={first.id}&article={second.id}")) == "6"
    assert rated(page("?analyst=K12")) == "4"
    assert rated(page("?analyst=K07&analyst=K12")) == "6"
    assert rated(page("?round=main")) == "6"
    assert rated(page("?pass=1")) == "6"
    assert rated(page("?codebook=1.0")) == "6"
    assert rated(page("?article=&analyst=&since=&until=&codebook=&round=")) == "6"


@pytest.fixture
def piloted(two, study):
    """The second article was done in a round before the running one, and once more by the same analyst."""
    running = study.project.running
    before = {"project_id": running.project_id, "codebook_id": running.codebook_id, "closed_at": now()}
    with db_write() as session:
        pilot = Round(name="pilot", **before)
        session.add(pilot)
        session.flush()
        again = {"round_id": running.id, "article_id": two[0].id, "analyst_id": study.ana.id}
        session.add(Assignment(**again, pass_=2))
    move_to(pilot, assignment_of(two[1].id, study.ana))
    return two


def test_figures_are_of_the_running_round_and_its_first_pass_unless_others_are_named(piloted, page):
    assert rated(page()) == "4"
    assert rated(page("?round=pilot")) == "2"
    assert rated(page("?round=main&pass=1")) == "4"
    assert "No answer that counts passes this filter" in text(page("?pass=2"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("round=main&round=pilot", "Figures are of one round, and you asked for “main” and “pilot”"),
        ("pass=1&pass=2", "Figures are of one pass, and you asked for “1” and “2”"),
    ],
)
@pytest.mark.parametrize("view", ["", "/cell", ".json", "/wide.csv"])
def test_rounds_and_passes_are_not_mixed_and_both_are_named(piloted, study, client, sign_in, view, query, told):
    sign_in(study.supervisor)
    method = client.get if view in ("", "/cell") else client.post
    refused = method(f"{study.address}{view}?{query}{'&a=FACT&b=OPINION' if view == '/cell' else ''}")

    assert refused.status_code == 422
    assert told in refused.text


def test_filters_choose_days_of_handing_in_both_ends_included(two, page):
    day = two[2]

    assert rated(page(f"?until={day}")) == "2"
    assert rated(page(f"?since={day}&until={day}")) == "2"
    assert rated(page(f"?since={day + timedelta(days=1)}")) == "4"
    assert "No answer that counts passes this filter" in text(page("?since=1999-01-01&until=1999-12-31"))


def test_links_keep_the_filter(two, page):
    first, _, _ = two
    soup = page(f"?article={first.id}&analyst=K07&analyst=K12&round=main")
    links = [a["href"] for a in soup.select("table.heat a")]
    links += [form["action"] for form in soup.select("main form[method=post]") if "/agreement" in form["action"]]

    assert len(links) == 7
    for href in links:
        for part in (f"article={first.id}", "analyst=K07", "analyst=K12", "round=main"):
            assert part in href


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("article=999999", "There is no article “999999” in this project"),
        ("article=x", "There is no article “x” in this project"),
        ("article=1e5", "There is no article “1e5”"),
        ("analyst=C99", "There is no analyst “C99”"),
        ("analyst=Ana+Lyst", "There is no analyst “Ana Lyst”"),
        ("codebook=9.9", "There is no version of the codebook “9.9”"),
        ("round=none", "There is no round “none”"),
        ("since=yesterday", "“yesterday” is not a day"),
        ("until=2026-02-30", "“2026-02-30” is not a day"),
        ("since=2026-02-02&until=2026-02-01", "The first day is after the last one"),
        ("until=9999-12-31&since=0001-01-01", ""),
        ("page=-3", ""),
        ("page=x", ""),
    ],
)
def test_an_unknown_value_gets_one_clear_sentence(four, page, query, sentence):
    assert sentence in text(page(f"?{query}", 422 if sentence else 200))


@pytest.mark.parametrize("query", ["", "?a=FACT", "?a=FACT&b=LIE", "?a=fact&b=OPINION"])
def test_an_unknown_cell_gets_one_clear_sentence(four, page, query):
    assert "is not a tag; the tags are FACT, ATTRIBUTION" in text(page(f"/cell{query}", 422))


def test_an_empty_cell_says_so(four, page):
    assert "No sentence is of this kind." in text(page("/cell?a=SPECULATION&b=OPINION"))


# ---- cost


def test_the_number_of_statements_does_not_grow_with_the_data(four, study, client, sign_in, statements):
    sign_in(study.supervisor)

    def asked(rest):
        with statements() as seen:
            method = "POST" if rest == ".json" else "GET"
            assert client.open(study.address + rest, method=method).status_code == 200
        return len(seen)

    few = {rest: asked(rest) for rest in ("", "/cell?a=FACT&b=SPECULATION", ".json")}
    for number in range(4):
        article = study.article(f"Event {number} came. It went. It stayed.")
        study.hand_in(article, study.ana, [F, S, O])
        study.hand_in(article, study.ben, [S, O, F])
        study.hand_in(article, make_member(f"More {number}", "analyst", project=study.project), [A, A, A])

    assert {rest: asked(rest) for rest in few} == few
    assert few[""] <= 21


def test_of_many_articles_some_are_read_at_a_time_to_the_same_end(four, study, page, monkeypatch):
    for number in range(5):
        article = study.article(f"Event {number} came. It went. It stayed.")
        study.hand_in(article, study.ana, [F, S, O])
        study.hand_in(article, study.ben, [S, O, F])
    at_once = queries.counted_answers(study.project, SHELL, Filter(), queries.coders_of(study.project))
    monkeypatch.setattr(queries, "ARTICLES_AT_ONCE", 2)
    in_parts = queries.counted_answers(study.project, SHELL, Filter(), queries.coders_of(study.project))

    assert statistics.figures(in_parts).as_json() == statistics.figures(at_once).as_json()
    assert len(in_parts.unit) == 38


def test_the_settled_tags_cost_what_was_settled_not_what_there_is(four, study, cost):
    def steps():
        with cost() as taken:
            queries.gold_of(study.project, SHELL, Filter())
        return taken[0]

    decision = Decision(S, DecidingRule.R6, Cause.SLIP, "A mind.")
    adjudicate(sentences_of(four)[0], study.supervisor, decision, 0)
    few = steps()
    for number in range(30):
        study.article(f"Event {number} came. It went. It stayed.")

    assert queries.gold_of(study.project, SHELL, Filter()).sentences.tolist() == [sentences_of(four)[0].id]
    assert steps() == few


# ---- kept figures


def test_figures_are_counted_once_until_something_that_counts_is_written(four, study, page, statements):
    def asked(rest=""):
        with statements() as seen:
            shown = text(page(rest))
        counted = [one for one in seen if "submission_annotation" in one and re.search("group_concat|string_agg", one)]
        return bool(counted), shown

    counted, first = asked()
    assert counted
    assert asked() == (False, first)
    assert not asked("/cell?a=FACT&b=SPECULATION")[0]
    third = make_member("Third", "analyst", project=study.project)
    study.hand_in(four, third, [F, F, F, F])

    counted, second = asked()
    assert counted
    assert second != first


def test_figures_of_one_filter_are_not_those_of_another(four, study, page):
    whole = text(page())

    assert "K12" not in section(page("?analyst=K07"), "coverage")
    assert text(page()) == whole


def test_who_reads_fewer_answers_gets_figures_of_their_own(four, study, client, sign_in):
    with db_write():
        study.project.running.is_blind = True
    both = make_member("Both Ways", "researcher", "analyst", project=study.project)
    assign(study.project, [(four.id, both.id)], study.supervisor)

    def answers(reader):
        sign_in(reader)
        return client.post(study.address + ".json").json["coverage"]["answers"]

    assert (answers(study.supervisor), answers(both), answers(study.supervisor)) == (8, 0, 8)
