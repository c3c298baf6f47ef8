"""The demo's claims: what the sample article says, worked through with evidence of made-up outlets."""

from typing import Any
from uuid import uuid4

from webapp.claims import actions
from webapp.domain.corroboration import Assessed, evidence_from
from webapp.domain.terms import CorroborationStatus as Status
from webapp.domain.terms import MentionKind
from webapp.models import Actor, Claim, Sentence


def fill(sentences: list[Sentence], analyst: Actor) -> None:
    """Three claims on the sample article: one contested, one on which four reports are one origin, one due again."""
    _delivery(
        _claim(sentences[12], "Moscow refused to deliver S-300 air-defence missiles to Tehran.", analyst), analyst
    )
    _visit(_claim(sentences[0], "The Russian air force chief spent four days in Tehran.", analyst), sentences, analyst)
    pact = _claim(
        sentences[1], "Iran lets its military ties with Russia be seen, as a message to Western powers.", analyst
    )
    _assess(
        pact,
        analyst,
        Status.UNVERIFIABLE,
        note="What Tehran means to tell is in nobody’s record; the sources are not named.",
        look_again_by="2013-12-01",
    )


def _delivery(claim: Claim, analyst: Actor) -> None:
    statement = {"origin": "Statement of the exporter, 22 September 2010", "source_reliability": "B"}
    wire = _item(
        claim,
        analyst,
        "supports",
        "independent",
        **statement,
        outlet="Northern Wire",
        published_date="2010-09-22",
        quote="The contract falls under the sanctions and will not be carried out.",
        information_credibility="1",
    )
    _item(
        claim,
        analyst,
        "supports",
        "same_origin",
        outlet="The Gulf Monitor",
        published_date="2010-09-23",
        same_origin_as=wire,
    )
    _item(
        claim,
        analyst,
        "refutes",
        "independent",
        outlet="Tehran Morning",
        published_date="2011-08",
        origin="Press conference at the embassy, 9 August 2011",
        quote="The contract was never cancelled; it is before the court.",
        source_reliability="D",
        information_credibility="4",
    )
    _item(
        claim,
        analyst,
        "supports",
        "derived_from_article",
        outlet="Defence notebook",
        published_date="2013-10-28",
        note="Copies the article, with its mistakes.",
    )
    _assess(
        claim,
        analyst,
        Status.CONTESTED,
        note="A court case is no delivery, but the embassy says that the order stands.",
    )


def _visit(claim: Claim, sentences: list[Sentence], analyst: Actor) -> None:
    """Four papers print one agency: four reports, one origin."""
    agency = _item(
        claim,
        analyst,
        "supports",
        "independent",
        outlet="Northern Wire",
        published_date="2013-10-20",
        origin="Northern Wire, from the airport",
        source_reliability="B",
        information_credibility="2",
    )
    for outlet, day in (("Port Ledger", "21"), ("The Gulf Monitor", "21"), ("Harbour Post", "22")):
        _item(
            claim,
            analyst,
            "supports",
            "same_origin",
            outlet=outlet,
            published_date=f"2013-10-{day}",
            same_origin_as=agency,
        )
    actions.mention_claim(claim, sentences[-1], analyst, MentionKind.REPEATS, uuid4())
    _assess(claim, analyst, Status.CORROBORATED)


def _claim(sentence: Sentence, wording: str, analyst: Actor) -> Claim:
    return actions.make_claim(sentence, analyst, wording, MentionKind.MAKES, uuid4())


def _item(claim: Claim, analyst: Actor, stance: str, independence: str, **told: Any) -> str:
    address = f"https://example.org/{told['outlet'].lower().replace(' ', '-')}/{told['published_date']}"
    item = evidence_from({"stance": stance, "independence": independence, "url": address, **told})
    evidence_id = uuid4()
    actions.add_evidence(claim, analyst, item, evidence_id)
    return str(evidence_id)


def _assess(claim: Claim, analyst: Actor, status: Status, **told: str) -> None:
    actions.assess(claim, analyst, Assessed(status, **told), 0, uuid4())
