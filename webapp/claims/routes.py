"""Claims as pages: the notes on a sentence, the ledger of all claims, and the page of one with what changes on it."""

from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from webapp import visibility
from webapp.access import ADMIN, SIGNED_IN, allow, current_actor
from webapp.body_limits import takes_up_to
from webapp.claim_standing import merges_of_claims
from webapp.claims import actions, choosing, ledger, page, queries
from webapp.claims.forms import (
    AssessmentForm,
    BlankForm,
    CopyForm,
    EvidenceForm,
    MentionForm,
    MergeForm,
    NewMentionForm,
    NoteForm,
    PublishForm,
    SettlementForm,
    SheetForm,
    UnmergeForm,
    WithdrawForm,
    WordingForm,
    uuid_from,
)
from webapp.claims.ledger import Wanted
from webapp.claims.lookup import claims_at_hand
from webapp.db import now
from webapp.domain.claims import STANDINGS
from webapp.domain.corroboration import SHEET_COLUMNS
from webapp.domain.errors import BadAnswer, BadClaim, BadEvidence, BadNote, NotFound
from webapp.domain.merges import root_of
from webapp.domain.sources import search_words
from webapp.domain.terms import CorroborationStatus, Independence
from webapp.forms import RevisionForm
from webapp.ids import whole_number
from webapp.mentioned_claims import mentions_in, told_claims
from webapp.models import MAKERS, Assessment, Claim, ClaimMention, Evidence, Role, Sentence
from webapp.models.conflicts import Conflict, Gone, Replaced
from webapp.navigation import project_among
from webapp.notes import notes_on
from webapp.paging import OF_PAGE, asked_in
from webapp.said_elsewhere import Hit, alike_to
from webapp.templating import plural

bp = Blueprint("claims", __name__)
MOST_ALIKE = 8
"""Sentences like the claim that its page shows."""


# ---- the notes on one sentence


@dataclass(frozen=True)
class NoteView:
    """A note on the page, with the form to amend it where it is the reader's own."""

    key: str
    version: int
    claim_id: UUID
    status: CorroborationStatus
    claim: str
    note: str | None
    url: str | None
    author: str
    created_at: datetime
    is_mine: bool
    form: NoteForm | None


@dataclass(frozen=True)
class MentionView:
    """A mention on the page, with the form to take it back where it is the reader's own."""

    mention: ClaimMention
    wording: str
    form: WithdrawForm | None


@bp.route("/sentences/<int:sentence_id>/notes", methods=["GET", "POST"])
@allow("analyst")
def notes(sentence_id: int) -> str | Response | tuple[str, int]:
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    form = NoteForm()
    if form.submitted():
        return _saved_on_sentence(sentence, "note", form, lambda: _save_note(sentence, form))
    return _notes_page(sentence)


@bp.post("/sentences/<int:sentence_id>/mentions")
@allow("analyst")
def mention(sentence_id: int) -> Response | tuple[str, int]:
    """The sentence mentions a claim that is there."""
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    form = NewMentionForm()

    def save() -> None:
        _, client_id = form.write_key()
        chosen, kind = form.chosen(), form.told()
        actions.mention_claim(visibility.claim_for(current_actor(), chosen), sentence, current_actor(), kind, client_id)

    return _saved_on_sentence(sentence, "mention", form, save)


@bp.post("/sentences/<int:sentence_id>/mentions/taken-back")
@allow("analyst")
def take_mention_back(sentence_id: int) -> Response | tuple[str, int]:
    """A mention on the sentence was a mistake."""
    sentence = visibility.sentence_to_tag(current_actor(), sentence_id)
    form = WithdrawForm()
    return _saved_on_sentence(sentence, "unmention", form, lambda: _take_mention_back(None, form))


def _saved_on_sentence(
    sentence: Sentence, part: str, form: RevisionForm, save: Callable[[], object]
) -> Response | tuple[str, int]:
    """The page once the form was saved; refused, the form stands there as it was sent."""
    sentence_id, status = sentence.id, 422
    if form.submitted():
        try:
            save()
        except (BadNote, BadClaim, BadAnswer) as refused:
            form.form_errors.append(str(refused))
        except Conflict as late:
            form.form_errors.append(str(late))
            is_amended = not isinstance(form, NoteForm) or form.key()
            form.follow(getattr(late.current, "version", 0) if is_amended else 0)
            status = 409
        else:
            return redirect(url_for(".notes", sentence_id=sentence_id))
    return _notes_page(sentence, **{part: form}), status


def _notes_page(sentence: Sentence, **sent: RevisionForm) -> str:
    reader, article = current_actor(), sentence.article
    here = select(Sentence.id).where(Sentence.article_id == article.id, Sentence.is_live)
    in_article = mentions_in(here, reader)
    wordings = {
        id_: claim.wording.wording for id_, claim in told_claims([one.claim_id for one in in_article], reader).items()
    }
    on_sentence = [one for one in in_article if one.sentence_id == sentence.id and one.claim_id in wordings]
    taken = {one.claim_id for one in on_sentence if one.author_id == reader.id}
    at_hand = claims_at_hand(reader, article.project_id, is_blind=article.project.running.is_blind)
    offered = wordings | dict(at_hand)
    form = sent.get("mention") or NewMentionForm(None)
    form["claim"].choices = [("", "choose"), *((str(id_), told) for id_, told in offered.items() if id_ not in taken)]
    return render_template(
        "claims/notes.html",
        article=article,
        sentence=sentence,
        notes=[_view(note.assessment) for note in notes_on(sentence.id, reader)],
        mentions=[MentionView(one, wordings[one.claim_id], _unmention_form(one, sent)) for one in on_sentence],
        form=sent.get("note") or NoteForm(None),
        mention_form=form,
    )


def _unmention_form(mention: ClaimMention, sent: Mapping[str, RevisionForm]) -> WithdrawForm | None:
    """The form to take the mention back, as it was sent where it was refused; None for somebody else's."""
    refused = sent.get("unmention")
    if isinstance(refused, WithdrawForm) and refused.thing.data == str(mention.mention_id):
        return refused
    if mention.author_id != current_actor().id:
        return None
    return WithdrawForm(None, thing=str(mention.mention_id), seen=mention.version)


def _save_note(sentence: Sentence, form: NoteForm) -> None:
    seen, client_id = form.write_key()
    if key := form.key():
        actions.amend_note(key, current_actor(), form.finding(), seen, client_id, sentence.id)
    else:
        actions.add_note(sentence, current_actor(), form.finding(), client_id)


def _view(note: Assessment) -> NoteView:
    is_mine = note.author_id == current_actor().id
    key = str(note.note_key)
    return NoteView(
        key=key,
        version=note.version,
        claim_id=note.claim_id,
        author=queries.coder_code_of(note),
        created_at=note.created_at,
        is_mine=is_mine,
        form=NoteForm(None, obj=note.finding, note_key=key, seen=note.version) if is_mine else None,
        **vars(note.finding),
    )


# ---- the ledger


@bp.get("/claims")
@allow(SIGNED_IN)
def index() -> str:
    projects = [member.project for member in visibility.memberships_of(current_actor())]
    if not projects:
        return render_template("claims/index.html", project=None)
    project = project_among(projects)
    wanted = _wanted()
    return render_template(
        "claims/index.html",
        project=project,
        projects=projects,
        listed=ledger.listed(current_actor(), project, wanted, now().date(), asked_in(request.args)),
        wanted=wanted,
        statuses=STANDINGS,
        outlets=ledger.outlets_of(current_actor(), project),
        kept={name: value for name, value in request.args.items() if name not in OF_PAGE},
    )


def _wanted() -> Wanted:
    """The filter in the address; what is no status filters nothing."""
    asked = request.args
    return Wanted(
        words=tuple(search_words(asked.get("q", ""))),
        status=asked["status"] if asked.get("status") in STANDINGS else None,
        outlet=asked.get("outlet") or None,
        is_due="due" in asked,
        without_evidence="without_evidence" in asked,
    )


# ---- a sentence of an article as evidence


@bp.get("/claims/<uuid:claim_id>/sentence")
@allow(*MAKERS)
def choose_sentence(claim_id: UUID) -> str:
    """Choose an article, then the sentence of it that becomes an item of the claim."""
    found = visibility.claim_to_change(current_actor(), claim_id, *MAKERS)
    asked, article_id = request.args.get("q", ""), whole_number(request.args.get("article"))
    article = visibility.article_for(current_actor(), article_id) if article_id else None
    return render_template(
        "claims/choose_sentence.html",
        claim=found,
        wording=queries.wording_of(claim_id),
        asked=asked,
        article=article,
        articles=[] if article else choosing.articles_to_choose(current_actor(), found.project_id, asked),
        sentences=choosing.sentences_to_choose(article) if article else [],
    )


@bp.get("/sentences/<int:sentence_id>/evidence")
@allow(*MAKERS)
def choose_claim(sentence_id: int) -> str:
    """Choose the claim for or against which the sentence is evidence."""
    sentence = visibility.sentence_to_read(current_actor(), sentence_id)
    project, asked = sentence.article.project, request.args.get("q", "")
    visibility.project_for(current_actor(), project.id, *MAKERS)
    return render_template(
        "claims/choose_claim.html",
        project=project,
        sentence=sentence,
        words=sentence.article.text[sentence.start : sentence.end],
        asked=asked,
        claims=choosing.claims_to_choose(current_actor(), project.id, asked),
    )


# ---- copies


@bp.get("/copies/<uuid:copy_id>")
@allow(*Role)
def copy(copy_id: UUID) -> Response:
    """The file as it was uploaded: a download, never shown here."""
    found = visibility.copy_for(current_actor(), copy_id)
    if found.blanked_at is not None:
        raise NotFound(f"The content of this copy was removed by law: {found.blanked_why}")
    answer = Response(actions.content_of(current_actor(), found), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=secure_filename(found.name) or "copy")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/claims/<uuid:claim_id>/copy")
@allow(*MAKERS)
@takes_up_to(actions.LARGEST, files=1)
def keep_copy(claim_id: UUID) -> Response | tuple[str, int]:
    """Keep a file with an item of the claim."""
    found = visibility.claim_to_change(current_actor(), claim_id, *MAKERS)
    form = CopyForm()
    if form.submitted():
        try:
            _, client_id = form.write_key()
            upload = form.upload.data
            evidence_id = uuid_from(form.evidence_id.data) or uuid4()
            with closing(upload) if upload else nullcontext():
                content = upload.read() if upload else b""
            name = upload.filename if upload else None
            actions.keep_copy(evidence_id, current_actor(), name or "", content, client_id)
        except (BadClaim, BadEvidence, BadAnswer, Gone) as refused:
            form.form_errors.append(str(refused))
        else:
            flash("The copy is kept.", "success")
            return redirect(url_for(".claim", claim_id=claim_id))
    return _page(found, file=form), 422


LARGEST_SHEET = 10 * 2**20


@bp.post("/claims/<uuid:claim_id>/sheet")
@allow(*MAKERS)
@takes_up_to(LARGEST_SHEET, files=1)
def bring_in_sheet(claim_id: UUID) -> Response | tuple[str, int]:
    """The rows of an archiver's sheet become items of the claim."""
    found = visibility.claim_to_change(current_actor(), claim_id, *MAKERS)
    form = SheetForm()
    if form.submitted():
        try:
            _, client_id = form.write_key()
            came = actions.bring_in_items(found, current_actor(), form.items(), client_id)
        except (BadClaim, BadEvidence, BadAnswer, Gone) as refused:
            form.form_errors.append(str(refused))
        else:
            there = f"; {plural(came.there_already, 'row')} had been there already" if came.there_already else ""
            flash(f"{plural(came.items, 'item')} came in{there}.", "success")
            return redirect(url_for(".claim", claim_id=claim_id))
    return _page(found, sheet=form), 422


@bp.post("/copies/<uuid:copy_id>/blank")
@allow(ADMIN)
def blank(copy_id: UUID) -> Response | tuple[str, int]:
    """Remove the content of a copy by law; its hash stays."""
    found = visibility.copy_for(current_actor(), copy_id)
    claim = visibility.claim_for(current_actor(), found.claim_id)
    form = BlankForm()
    if form.submitted():
        try:
            actions.blank_copy(found, current_actor(), form.why())
        except (BadClaim, BadEvidence) as refused:
            form.form_errors.append(str(refused))
        else:
            return redirect(url_for(".claim", claim_id=claim.id))
    return _page(claim, blank=form), 422


# ---- one claim


@bp.get("/claims/<uuid:claim_id>")
@allow(*Role)
def claim(claim_id: UUID) -> str | Response:
    found = visibility.claim_for(current_actor(), claim_id)
    merges = merges_of_claims(current_actor(), found.project_id)
    if (root := root_of(claim_id, merges)) != claim_id:
        return redirect(url_for(".claim", claim_id=root))
    return _page_among(found, merges)


def _page(found: Claim, **sent: RevisionForm) -> str:
    """The page; a form that was sent and refused stands there as it was sent."""
    return _page_among(found, merges_of_claims(current_actor(), found.project_id), **sent)


def _page_among(found: Claim, merges: Mapping[UUID, UUID], **sent: RevisionForm) -> str:
    reader = current_actor()
    shown = page.shown(reader, found, merges)
    item_id = request.args.get("item") or _names(sent, "item", "file", "taken_back")
    chosen = next((one for one in shown.every_item if str(one.evidence_id) == item_id), None)
    mention_id = request.args.get("mention") or _names(sent, "mention", "unmention")
    mention = next((one.mention for one in shown.mentions if str(one.mention.mention_id) == mention_id), None)
    sentence = None if chosen else _sentence_named(sent.get("item"))
    forms = _forms(shown) | _forms_of_item(chosen, sentence) | _forms_of_mention(mention) | sent
    others = [(str(item.evidence_id), item.name) for item in shown.others_for(chosen)]
    forms["item"].same_origin_as.choices = [("", "no other item"), *others]
    claims = ledger.choices_beside(reader, found.project_id, found.id) if shown.supervises else []
    forms["merge"].into.choices = [("", "choose"), *((str(id_), wording) for id_, wording in claims)]
    return render_template(
        "claims/claim.html",
        shown=shown,
        project=found.project,
        forms=forms,
        sent=set(sent),
        may_add=reader.has(found.project_id, *MAKERS),
        reads_only_own=visibility.reads_only_own(reader, found.project),
        chosen=chosen,
        mention=mention,
        sentence=sentence,
        sheet_columns=SHEET_COLUMNS,
        is_admin=reader.is_admin,
        taken_over=_proposal_taken_over(shown),
        alike=_alike(shown),
        joined={one.item.evidence_id: _joined(one) for one in shown.near_copies if one.item.author_id == reader.id},
        undo={
            merge.claim_id: UnmergeForm(None, double=str(merge.claim_id), seen=merge.version)
            for merge, _ in shown.doubles
        },
    )


def _alike(shown: page.Shown) -> list[Hit]:
    """Sentences that say nearly what the claim does and are no mention of it."""
    mentioned = [one.mention.sentence_id for one in shown.mentions]
    return alike_to(shown.wording.wording, current_actor(), mentioned)[:MOST_ALIKE]


def _forms(shown: page.Shown) -> dict[str, RevisionForm]:
    """The forms about the claim itself."""
    wording, versions = shown.wording, shown.versions
    return {
        "wording": WordingForm(None, wording=wording.wording, seen=wording.version),
        "assessment": AssessmentForm(None, obj=shown.mine and shown.mine.assessed, seen=versions["assessment"]),
        "sheet": SheetForm(None),
        "settlement": SettlementForm(None, seen=versions["settlement"]),
        "unsettled": WithdrawForm(None, seen=versions["settlement"]),
        "merge": MergeForm(None, seen=versions["merge"]),
        "publish": PublishForm(None, is_published=wording.is_published, seen=wording.version),
        "withdraw": WithdrawForm(None, seen=wording.version),
    }


def _forms_of_item(chosen: Evidence | None, sentence: Sentence | None) -> dict[str, RevisionForm]:
    """Those about the item that was chosen, or to add one, which may be a sentence."""
    named = {"evidence_id": str(chosen.evidence_id), "seen": chosen.version} if chosen else {}
    return {
        "item": _item_of_sentence(sentence) if sentence else _item_form(chosen),
        "file": CopyForm(None, **named),
        "taken_back": WithdrawForm(None, thing=named.get("evidence_id"), seen=named.get("seen")),
        "blank": BlankForm(None),
    }


def _forms_of_mention(mention: ClaimMention | None) -> dict[str, RevisionForm]:
    named = {"thing": str(mention.mention_id), "seen": mention.version} if mention else {}
    return {
        "mention": MentionForm(None, kind=mention and mention.kind, **named),
        "unmention": WithdrawForm(None, **named),
    }


def _proposal_taken_over(shown: page.Shown) -> AssessmentForm:
    """The form by which the reader's own assessment becomes what the records propose, and keeps all else."""
    kept = {"note": shown.mine.note, "look_again_by": shown.mine.look_again_by} if shown.mine else {}
    return AssessmentForm(None, status=shown.proposal.status.value, seen=shown.versions["assessment"], **kept)


def _joined(near: page.NearCopies) -> EvidenceForm:
    """The form by which one's own item says that it has its origin in common, and keeps all else."""
    item = near.item
    form = EvidenceForm(None, obj=item.told, evidence_id=str(item.evidence_id), seen=item.version)
    form.independence.data = Independence.SAME_ORIGIN if near.other else Independence.DERIVED
    form.same_origin_as.data = str(near.other.evidence_id) if near.other else ""
    return form


def _item_form(chosen: Evidence | None) -> EvidenceForm:
    """The form for a new item, or to amend the one that was chosen."""
    if chosen is None or chosen.author_id != current_actor().id:
        return EvidenceForm(None)
    form = EvidenceForm(None, obj=chosen.told, evidence_id=str(chosen.evidence_id), seen=chosen.version)
    form.same_origin_as.data = str(chosen.same_origin_as or "")
    return form


def _item_of_sentence(sentence: Sentence) -> EvidenceForm:
    """The form for a sentence of an article, with what the article says of itself."""
    article = sentence.article
    told = {name: getattr(article, name) for name in ("url", "outlet", "title", "author")}
    described = None if article.url else f"A sentence of “{article.display_title}”"
    published = article.published
    return EvidenceForm(None, sentence=sentence.id, **told, published_date=published, description=described)


def _sentence_named(sent: RevisionForm | None) -> Sentence | None:
    """The sentence of an article that the address, or a form that was refused, would make an item. Raises NotFound."""
    named = sent.sentence.data if isinstance(sent, EvidenceForm) else request.args.get("sentence")
    sentence_id = whole_number(named)
    if sentence_id is None:
        return None
    return visibility.sentence_to_read(current_actor(), sentence_id)


def _names(sent: Mapping[str, RevisionForm], *parts: str) -> str | None:
    """The item or mention that a form is about which was sent and refused."""
    fields = [form[name] for form in map(sent.get, parts) if form for name in ("evidence_id", "thing") if name in form]
    return next((str(field.data) for field in fields), None)


@dataclass(frozen=True)
class Change:
    """One thing that is changed on the page of a claim: the form, the write, and whether only supervisors may."""

    form: type[RevisionForm]
    save: Callable[[Claim, Any], object]
    said: str
    """Once it is saved."""
    for_supervisors: bool = False


def _save_wording(found: Claim, form: WordingForm) -> None:
    actions.reword_claim(found, current_actor(), form.told(), *form.write_key())


def _save_assessment(found: Claim, form: AssessmentForm) -> None:
    actions.assess(found, current_actor(), form.told(), *form.write_key())


def _save_item(found: Claim, form: EvidenceForm) -> None:
    seen, client_id = form.write_key()
    if evidence_id := form.amended():
        actions.amend_evidence(evidence_id, current_actor(), form.told(), seen, client_id)
    else:
        actions.add_evidence(found, current_actor(), form.told(), client_id, _sentence_named(form))


def _take_back(found: Claim, form: WithdrawForm) -> None:
    actions.withdraw_claim(found, current_actor(), form.why(), *form.write_key())


def _take_item_back(_: Claim, form: WithdrawForm) -> None:
    seen, client_id = form.write_key()
    actions.withdraw_evidence(uuid_from(form.thing.data) or uuid4(), current_actor(), form.why(), seen, client_id)


def _amend_mention(_: Claim, form: MentionForm) -> None:
    actions.amend_mention(uuid_from(form.thing.data) or uuid4(), current_actor(), form.told(), *form.write_key())


def _take_mention_back(_: Claim | None, form: WithdrawForm) -> None:
    seen, client_id = form.write_key()
    actions.withdraw_mention(uuid_from(form.thing.data) or uuid4(), current_actor(), form.why(), seen, client_id)


def _save_settlement(found: Claim, form: SettlementForm) -> None:
    actions.settle_claim(found, current_actor(), form.told(), *form.write_key())


def _take_settlement_back(found: Claim, form: WithdrawForm) -> None:
    actions.unsettle_claim(found, current_actor(), form.why(), *form.write_key())


def _merge(found: Claim, form: MergeForm) -> None:
    into = visibility.claim_for(current_actor(), form.chosen())
    seen, client_id = form.write_key()
    actions.merge_claim(found, into, current_actor(), form.reason.data or None, seen, client_id)


def _unmerge(_: Claim, form: UnmergeForm) -> None:
    double = visibility.claim_to_change(current_actor(), uuid_from(form.double.data) or uuid4(), Role.SUPERVISOR)
    actions.split_claim(double, current_actor(), *form.write_key())


def _publish(found: Claim, form: PublishForm) -> None:
    seen, client_id = form.write_key()
    actions.publish_claim(found, current_actor(), is_published=form.is_published.data, seen=seen, client_id=client_id)


CHANGES = {
    "wording": Change(WordingForm, _save_wording, "The wording is saved."),
    "assessment": Change(AssessmentForm, _save_assessment, "Your assessment is saved."),
    "item": Change(EvidenceForm, _save_item, "The item is saved."),
    "taken_back": Change(WithdrawForm, _take_item_back, "The item is taken back; it stays on record."),
    "withdraw": Change(WithdrawForm, _take_back, "The claim is taken back; it stays on record."),
    "mention": Change(MentionForm, _amend_mention, "The mention is saved."),
    "unmention": Change(WithdrawForm, _take_mention_back, "The mention is taken back; it stays on record."),
    "settlement": Change(SettlementForm, _save_settlement, "The claim is settled.", for_supervisors=True),
    "unsettled": Change(
        WithdrawForm, _take_settlement_back, "The settlement is taken back; it stays on record.", for_supervisors=True
    ),
    "merge": Change(MergeForm, _merge, "Merged; it can be taken back from this page.", for_supervisors=True),
    "unmerge": Change(
        UnmergeForm, _unmerge, "The merge is taken back; each claim stands for itself again.", for_supervisors=True
    ),
    "publish": Change(PublishForm, _publish, "Saved.", for_supervisors=True),
}


@bp.post("/claims/<uuid:claim_id>/<part>")
@allow(*MAKERS)
def change(claim_id: UUID, part: str) -> Response | tuple[str, int]:
    """One change of the claim, sent by the form of that name."""
    if part not in CHANGES:
        raise NotFound("There is nothing of that name to change about a claim.")
    wanted = CHANGES[part]
    found = visibility.claim_to_change(
        current_actor(), claim_id, *((Role.SUPERVISOR,) if wanted.for_supervisors else MAKERS)
    )
    form = wanted.form()
    status = 422
    if form.submitted():
        try:
            wanted.save(found, form)
        except (BadClaim, BadEvidence, BadNote, BadAnswer, Gone, Replaced) as refused:
            form.form_errors.append(str(refused))
        except Conflict as late:
            form.form_errors.append(str(late))
            form.follow(getattr(late.current, "version", 0))
            status = 409
        else:
            flash(wanted.said, "success")
            return redirect(url_for(".claim", claim_id=claim_id))
    return _page(found, **{part: form}), status
