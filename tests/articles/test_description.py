"""The form and the rows of an article follow what a description is."""

from webapp.articles.forms import ArticleForm
from webapp.domain.intake.description import DESCRIBED
from webapp.models import Article, Draft


def test_the_form_asks_for_each_part_of_the_description_in_its_order(app):
    with app.test_request_context():
        fields = [field.name for field in ArticleForm() if field.type == "StringField"]

    assert fields == list(DESCRIBED)


def test_a_draft_and_its_article_keep_each_part_of_the_description():
    for table in (Draft, Article):
        assert set(DESCRIBED) <= {column.key for column in table.__table__.columns}
