"""A project to look around in: nine articles, twelve sources, four made-up analysts who disagree; partly settled."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp import demo_claims
from webapp.accounts.actions import add_user
from webapp.adjudication import actions as adjudication
from webapp.adjudication import queries as disputes
from webapp.articles.actions import import_upload
from webapp.config import resources
from webapp.db import db, db_write
from webapp.demo_sources import Registry
from webapp.domain.adjudication import Decision, decision_from
from webapp.domain.answers import Answer, answer_from
from webapp.domain.intake.description import Description
from webapp.domain.terms import FOUR_TAGS, Credibility, Reliability, Tag
from webapp.first_run import ensure_first_things
from webapp.models import Actor, Article, Assignment, Project, Role, Round, Sentence, User, Via, live_sentences
from webapp.projects.actions import Settings, Wish, add_member, assign, carry_out, change_settings
from webapp.projects.queries import assignments_of, live_article_ids
from webapp.review.actions import release
from webapp.rounds import actions as rounds
from webapp.stability.actions import hand_out_repeats
from webapp.tagging.actions import record_answer, submit
from webapp.visibility import actor_for, memberships_of

Row = dict[str, str]
"""One line of the key: what is known of a sentence."""

SEED = 2002
PILOT_SEED = 7
REPEAT_SEED = 11
TEST_MARK = 85
"""Per cent of the sentences of the key; one of the four fails."""
START = "/projects/1/agreement"
"""Where a look around begins."""
SUPERVISOR = "Demo supervisor"
PROJECT = Settings(
    name="Demo study",
    description="Everything in it is made up except the sample article: the other articles, the analysts, their tags.",
    is_blind=True,
    overlap=4,
    language="en",
)
ARTICLES = {
    "ferry": Description(
        title="Skarholm ferry taken out of service", outlet="Skarholm Courier", published="2025-02-11"
    ),
    "tannery": Description(
        title="Council sells the old tannery for less than its land is worth",
        outlet="Brenn Valley Gazette",
        published="2024-11-03",
    ),
    "dam": Description(
        title="Reservoir at a third of its level as farmers wait for rain",
        outlet="The Upland Herald",
        published="2025-08-19",
    ),
    "guild": Description(
        title="Harvesters’ guild splits over the new contract", outlet="Merano Post", published="2024-06-27"
    ),
    "outage": Description(
        title="Half a city without power for five hours", outlet="Tarn Evening News", published="2025-01-17"
    ),
}

TO_HAND_OUT = {
    "dispatch": Description(title="Ferry out of service off Skarholm", outlet="Nordwire", published="2025-02-10"),
    "reprint": Description(title="Ferry taken out of service", outlet="Outer Isles Post", published="2025-02-11"),
}
"""Nobody has them yet: what the Courier has from an agency, and who else printed it."""

RETOLD = Description(
    title="Tehran asks Moscow for help with its missiles", outlet="The Gulf Monitor", published="2013-10-25"
)
"""Says again what the sample article does, in part nearly word for word; it waits for whoever looks around."""

SLIPS = 0.03
"""How often anybody hits a wrong key."""


@dataclass(frozen=True)
class Analyst:
    """A made-up analyst: how often each thing that tempts is given in to."""

    name: str
    tempted: float
    """By default."""
    weak_for: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """By what the sentence is and what it is taken for: the habit that the agreement page should bring out."""
    leaves_out: str = ""
    """An article that this one was not given, so that pairs of analysts share unlike numbers of sentences."""


ANALYSTS = (
    Analyst("Amira Solberg", 0.08),
    # takes what sources tell for settled
    Analyst("Ben Okafor", 0.15, {("ATTRIBUTION", "FACT"): 0.7}),
    # hears a comment in every loaded word
    Analyst(
        "Clara Nguyen",
        0.1,
        {(tag, "OPINION"): 0.8 for tag in ("FACT", "SPECULATION")} | {("OPINION", tag): 0 for tag in FOUR_TAGS},
        leaves_out="guild",
    ),
    # believes flat wording
    Analyst("Dov Marchetti", 0.15, {("SPECULATION", "FACT"): 0.65}, leaves_out="outage"),
)


def settings(folder: Path) -> dict[str, Any]:
    """Settings that keep the demo to its own folder, whatever the machine's own say, and mark every page."""
    database = f"sqlite:///{folder / 'claimtag.sqlite'}"
    return {"DEMO": True, "DATABASE_URL": database, "BASE_URL": None, "SECRET_KEY": None}


def fill() -> User:
    """Put the demo into an empty database, by the app's own actions; returns its supervisor. Always the same."""
    random = Random(SEED)
    supervisor = add_user(SUPERVISOR, is_admin=True)
    ensure_first_things()  # the project, its codebook, and the sample article
    project = _project(supervisor)
    articles = _articles(project, supervisor)
    analysts = [(analyst, add_user(analyst.name)) for analyst in ANALYSTS]
    for _, user in analysts:
        add_member(project, user, {Role.ANALYST}, _acting(supervisor))
    key = _key()
    _pilot(project, articles, analysts, key, supervisor)
    _hand_out(project, articles, analysts, supervisor)
    users = {analyst.name: user for analyst, user in analysts}
    registry = Registry(project, _acting(supervisor), lambda name: _acting(users[name]))
    for name, article in articles.items():
        sentences = list(db.session.scalars(live_sentences(article.id)))
        for analyst, user in analysts:
            if analyst.leaves_out != name:
                _tag(random, sentences, key[name], analyst, user, registry)
                submit(article, _acting(user))
        _settle(sentences, key[name], _acting(supervisor))
    registry.end()
    _repeat(project, articles, analysts, key, supervisor)
    demo_claims.fill(_sample(project), _acting(supervisor))
    retold = _article(project, supervisor, "monitor", RETOLD)
    assign(project, [(retold.id, supervisor.id)], _acting(supervisor))
    return supervisor


def _repeat(
    project: Project,
    articles: Mapping[str, Article],
    analysts: list[tuple[Analyst, User]],
    key: dict[str, list[Row]],
    supervisor: User,
) -> None:
    """Three articles each once more, without a word; all but the last one are handed in again."""
    random, names = Random(REPEAT_SEED), {article.id: name for name, article in articles.items()}
    hand_out_repeats(project, 0, 3, _acting(supervisor), seed=REPEAT_SEED)
    people = {user.id: (analyst, user) for analyst, user in analysts}
    again = db.session.scalars(select(Assignment).where(Assignment.pass_ > 1).order_by(Assignment.id)).all()
    work = [(names[one.article_id], *people[one.analyst_id]) for one in again]
    for name, analyst, user in work[:-1]:
        _hand_in(random, articles[name], key[name], analyst, user)


def _hand_in(random: Random, article: Article, key: list[Row], analyst: Analyst, user: User) -> None:
    """The analyst tags the whole article in their way and submits it."""
    _tag(random, list(db.session.scalars(live_sentences(article.id))), key, analyst, user, None)
    submit(article, _acting(user))


def _sample(project: Project) -> list[Sentence]:
    """The sentences of the sample article, which nobody has tagged yet."""
    first = db.session.scalars(select(Article.id).where(Article.project_id == project.id).order_by(Article.id)).first()
    return list(db.session.scalars(live_sentences(first or 0)))


def _acting(user: User) -> Actor:
    return actor_for(user, Via.SESSION)


def _project(supervisor: User) -> Project:
    project = memberships_of(_acting(supervisor))[0].project
    change_settings(project, PROJECT, _acting(supervisor))
    return project


def _articles(project: Project, supervisor: User) -> dict[str, Article]:
    articles = {"sample": db.session.get_one(Article, live_article_ids(project)[0])}
    for name, description in {**ARTICLES, **TO_HAND_OUT}.items():
        articles[name] = _article(project, supervisor, name, description)
    return {name: article for name, article in articles.items() if name not in TO_HAND_OUT}


def _article(project: Project, supervisor: User, name: str, description: Description) -> Article:
    upload = (resources("seeds") / "demo" / f"{name}.txt").read_bytes()
    return import_upload(project, supervisor, upload, f"{name}.txt", description)


def _pilot(
    project: Project,
    articles: Mapping[str, Article],
    analysts: list[tuple[Analyst, User]],
    key: dict[str, list[Row]],
    supervisor: User,
) -> None:
    """A round before the main one: two of the articles, drawn by a plan, each tagged by two analysts."""
    random, acting = Random(PILOT_SEED), _acting(supervisor)
    rounds.rename_running(project, "pilot", acting)
    with db_write():
        project.running.plan_seed, project.running.overlap = PILOT_SEED, 2
    two = analysts[:2]
    carry_out(project, Wish([user.id for _, user in two], overlap=2, draw=2), 4, acting)
    names = {article.id: name for name, article in articles.items()}
    work = {(one.article_id, one.analyst_id) for one in assignments_of(project)}
    for analyst, user in two:
        for article_id in sorted(article_id for article_id, analyst_id in work if analyst_id == user.id):
            name = names[article_id]
            _hand_in(random, articles[name], key[name], analyst, user)
    for article_id in sorted({article_id for article_id, _ in work}):
        _settle(list(db.session.scalars(live_sentences(article_id))), key[names[article_id]], acting)
    adjudication.accept_unanimous(project, acting, len(disputes.acceptable_in(project, acting)))
    _test(project, articles, analysts, key, supervisor)
    rounds.begin_next(project, rounds.NewRound("main", PROJECT.is_blind, PROJECT.overlap), False, acting)
    release(project, db.session.scalars(select(Round).where(Round.name == "pilot")).one(), acting)


def _test(
    project: Project,
    articles: Mapping[str, Article],
    analysts: list[tuple[Analyst, User]],
    key: dict[str, list[Row]],
    supervisor: User,
) -> None:
    """A round in which everybody is tested on the articles of the pilot, by what was settled in it."""
    random, acting = Random(PILOT_SEED + 1), _acting(supervisor)
    piloted = sorted({one.article_id for one in assignments_of(project)})
    test = rounds.NewRound("test", PROJECT.is_blind, 4, key="pilot", pass_mark=TEST_MARK)
    rounds.begin_next(project, test, False, acting)
    names = {article.id: name for name, article in articles.items()}
    assign(project, [(article_id, user.id) for article_id in piloted for _, user in analysts], acting)
    for analyst, user in analysts:
        for article_id in piloted:
            name = names[article_id]
            _hand_in(random, articles[name], key[name], analyst, user)


def _hand_out(
    project: Project, articles: Mapping[str, Article], analysts: list[tuple[Analyst, User]], supervisor: User
) -> None:
    """To each analyst all but the one left out; the sample article to whoever looks around, to try the desk on."""
    pairs = [
        (article.id, user.id)
        for name, article in articles.items()
        for analyst, user in analysts
        if analyst.leaves_out != name
    ]
    assign(project, [*pairs, (articles["sample"].id, supervisor.id)], _acting(supervisor))


def _key() -> dict[str, list[Row]]:
    """For each article, what is known of its sentences, in their order."""
    with (resources("seeds") / "demo" / "key.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row for row in rows if row["article"] == name] for name in dict.fromkeys(r["article"] for r in rows)}


# ---- the tags


def _tag(
    random: Random,
    sentences: list[Sentence],
    rows: list[Row],
    analyst: Analyst,
    user: User,
    registry: Registry | None,
) -> None:
    """Answers to all sentences; sources are named where there is a registry to name them in."""
    actor = _acting(user)
    for sentence, row in zip(sentences, rows, strict=True):
        if not sentence.text.startswith(row["begins"]):
            raise ValueError(f"The key of the demo is out of step at “{sentence.text[:40]}”.")
        client_id = UUID(int=random.getrandbits(128), version=4)
        told = _answer(random, row, analyst)
        if registry is None:
            record_answer(sentence.id, actor, told, 0, client_id)
            continue
        answer, brought = registry.named(analyst.name, row["article"], int(row["sentence"]), told)
        record_answer(sentence.id, actor, answer, 0, client_id, brought=brought)


def _answer(random: Random, row: Row, analyst: Analyst) -> Answer:
    """What this analyst says of this sentence. Every draw is made each time, so that one habit moves no other."""
    tag, tempting = row["tag"], row["tempting"]
    draws = {
        name: random.random() for name in ("tempted", "second", "certainty", "note", "source", "rating", "flag", "slip")
    }
    shift = random.choice((-1, 0, 0, 0, 1))
    seconds = random.randint(5, 20) + (random.randint(5, 40) if tempting else 0)
    gives_in = bool(tempting) and draws["tempted"] < analyst.weak_for.get((tag, tempting), analyst.tempted)
    chosen, other = (tempting, tag) if gives_in else (tag, tempting)
    if draws["slip"] < SLIPS:
        gives_in, chosen, other = False, FOUR_TAGS[int(draws["slip"] / SLIPS * len(FOUR_TAGS))].value, ""
    values: dict[str, Any] = {"tag": chosen, "active_seconds": seconds}
    if chosen == Tag.NOT_CODABLE:
        return answer_from(values | {"not_codable_reason": "bare_label"})
    if other in FOUR_TAGS and draws["second"] < 0.3:
        values["second_choice"] = other
    if draws["certainty"] < 0.8:
        doubts = (
            ("unsure", "fairly_sure", "fairly_sure", "sure") if tempting else ("sure", "sure", "sure", "fairly_sure")
        )
        values["tag_certainty"] = doubts[int(draws["certainty"] * 5)]
    if other and draws["note"] < 0.4:
        values["note"] = row["other_note"] if gives_in else row["note"]
    if chosen == Tag.ATTRIBUTION:
        values |= _source(row, draws["source"] < 0.7)
    return answer_from(values | _ratings(row, draws["rating"], shift) | _flags(row, chosen, draws["flag"] < 0.6))


def _source(row: Row, in_full: bool) -> dict[str, Any]:
    source = {"source_type": row["source_type"] or "unspecified"}
    if not in_full or not row["source_type"]:
        return source
    content = {"R1": row["tempting"].lower()}.get(row["rule"], "fact")
    stance = {"R21": "distancing"}.get(row["rule"], "neutral")
    return source | {
        "source_text": row["source_text"],
        "cue_text": row["cue_text"],
        "attributed_content": content,
        "cue_stance": stance,
    }


def _ratings(row: Row, draw: float, shift: int) -> dict[str, Any]:
    """The two ratings where there is a source to rate, a step up or down now and then; F and 6 stay what they are."""
    if not row["reliability"] or draw > 0.85:
        return {}
    return {
        "source_reliability": _stepped(list(Reliability), row["reliability"], shift),
        "information_credibility": _stepped(list(Credibility), row["credibility"], shift if draw < 0.5 else 0),
    }


def _stepped(scale: list[Any], value: str, shift: int) -> str:
    place = [str(step) for step in scale].index(value)
    last = len(scale) - 2  # the one behind it says that nothing can be judged
    return value if place > last else str(scale[min(max(place + shift, 0), last)])


def _flags(row: Row, chosen: str, noticed: bool) -> dict[str, bool]:
    return {
        "flag_loaded_language": noticed and row["rule"] in ("R10", "R11") and chosen == Tag.FACT,
        "flag_mixed": noticed and row["rule"] == "R18",
        "flag_presupposition": noticed and row["rule"] == "R12",
    }


# ---- what is settled


def _settle(sentences: list[Sentence], rows: list[Row], supervisor: Actor) -> None:
    """Decide what the key says is settled, where the analysts differ; one of them twice, to show a changed decision."""
    changed = False
    for sentence, row in zip(sentences, rows, strict=True):
        if not row["settled"] or not disputes.votes_on(sentence, supervisor).is_divided:
            continue
        version = 0
        if row["rule"] == "R10" and not changed:
            changed = True
            hasty = replace(_decision(row), gold_tag=Tag(row["tempting"]), reason="Decided in haste, on the majority.")
            version = adjudication.adjudicate(sentence, supervisor, hasty, 0).version
        adjudication.adjudicate(sentence, supervisor, _decision(row), version)


def _decision(row: Row) -> Decision:
    return decision_from(
        {"gold_tag": row["tag"], "deciding_rule": row["rule"], "cause": row["cause"], "reason": row["note"]}
    )
