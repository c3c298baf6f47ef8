"""Whatever is done to sources in whatever order, the database holds together and merges lead to an end."""

from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.factories import answer, make_article, sentences_of
from webapp import verification
from webapp.db import db
from webapp.domain.errors import DomainError
from webapp.domain.merges import root_of
from webapp.domain.sources import Entry, Fact, Rating
from webapp.domain.terms import Property, Reliability, SourceKind, Tag
from webapp.merged_sources import merges_seen_by
from webapp.models import Source, SourceAlias, SourceEntry, SourceFact, SourceRating
from webapp.sources.actions import additions, entries, merging, standing
from webapp.sources.parts import Part

NAMES = st.sampled_from(["Reuters", "reuters", "AFP", "Élan", "Elan", "مهر"])
KINDS = st.sampled_from([SourceKind.OUTLET, SourceKind.PERSON])
PLACES = st.integers(0, 30)
TABLES = {Part.ALIAS: SourceAlias, Part.FACT: SourceFact, Part.RATING: SourceRating}


def machine_over(project, people, sentences):
    """A machine of everything that is done to a registry, by two people of one project."""

    class Registry(RuleBasedStateMachine):
        def sources(self):
            db.session.rollback()
            return list(db.session.scalars(select(Source).order_by(Source.created_at, Source.id)))

        def one(self, place):
            found = self.sources()
            return found[place % len(found)] if found else None

        def attempt(self, place, action, *args):
            """Do it to one source, if there is any; a refusal is an answer as well."""
            source = self.one(place)
            if source is not None:
                try:
                    action(source, *args)
                except DomainError as refused:
                    assert str(refused)

        @rule(name=NAMES, kind=KINDS, who=PLACES)
        def make(self, name, kind, who):
            try:
                entries.make_source(project, people[who % 2], Entry(name, kind), uuid4())
            except DomainError as refused:
                assert "already" in str(refused)

        @rule(place=PLACES, name=NAMES, kind=KINDS, seen=st.integers(1, 3))
        def rename(self, place, name, kind, seen):
            self.attempt(place, lambda one: entries.change_entry(one, people[0], Entry(name, kind), seen, uuid4()))

        @rule(place=PLACES, name=NAMES, who=PLACES)
        def add_alias(self, place, name, who):
            self.attempt(place, lambda one: additions.add_alias(one, people[who % 2], name, uuid4()))

        @rule(place=PLACES, value=NAMES, who=PLACES)
        def add_fact(self, place, value, who):
            fact = Fact(Property.OWNER, value)
            self.attempt(place, lambda one: additions.add_facts(one, people[who % 2], [fact, fact], uuid4()))

        @rule(place=PLACES, letter=st.sampled_from(Reliability), when=st.sampled_from(["2013", "2013-10"]), who=PLACES)
        def rate(self, place, letter, when, who):
            self.attempt(place, lambda one: additions.rate(one, people[who % 2], Rating(letter, when), uuid4()))

        @rule(place=PLACES, sentence=st.sampled_from(sentences))
        def name_in_an_answer(self, place, sentence):
            self.attempt(place, lambda one: answer(sentence, people[0], Tag.ATTRIBUTION, source_id=one.id))

        @rule(place=PLACES, into=PLACES, seen=st.integers(0, 3))
        def merge(self, place, into, seen):
            into_id = self.one(into).id if self.sources() else None
            self.attempt(place, lambda one: merging.merge(one, into_id, people[0], None, seen, uuid4()))

        @rule(place=PLACES, seen=st.integers(1, 3))
        def take_merge_back(self, place, seen):
            self.attempt(place, lambda one: merging.take_merge_back(one, people[0], None, seen, uuid4()))

        @rule(part=st.sampled_from(list(TABLES)), place=PLACES, who=PLACES)
        def withdraw(self, part, place, who):
            [key] = TABLES[part].revision_of
            rows = list(db.session.scalars(select(TABLES[part]).where(TABLES[part].is_current)))
            if rows:
                row = rows[place % len(rows)]
                part_id: UUID = getattr(row, key)
                source = db.session.get_one(Source, row.source_id)
                try:
                    standing.withdraw(source, part, part_id, people[who % 2], "a slip", row.version, uuid4())
                except DomainError as refused:
                    assert str(refused)

        @invariant()
        def every_entry_leads_to_one_that_stands_for_it(self):
            merges = merges_seen_by(people[0], project.id)
            assert all(root_of(source_id, merges) not in merges for source_id in merges)

        @invariant()
        def no_two_that_hold_have_one_name_and_kind(self):
            rows = db.session.execute(
                select(SourceEntry.name_key, SourceEntry.kind).where(
                    SourceEntry.is_current, SourceEntry.withdrawn_why.is_(None)
                )
            ).all()
            assert len(rows) == len(set(rows))

        def teardown(self):
            db.session.rollback()
            assert verification.faults() == []

    return Registry


def test_sources_hold_together_whatever_is_done_to_them(owner, analyst):
    """The examples go on with what the ones before left: the longer the registry, the more can go wrong."""
    article = make_article()
    run_state_machine_as_test(
        machine_over(article.project, [owner, analyst], sentences_of(article)),
        settings=settings(max_examples=8, stateful_step_count=15, deadline=None, database=None),
    )
