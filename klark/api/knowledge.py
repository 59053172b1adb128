"""Articles that a program puts in and takes out, through the code that every source uses."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from klark.api.problems import Conflict
from klark.api.serializers import ArticleSerializer
from klark.api.token_access import Scope, token_of
from klark.knowledge.ingest import BY_PROGRAM, NewArticle, ingest, withdraw
from klark.models import Article, AuditAct, record, within

LONGEST_KEY = 200


class NewArticleSerializer(serializers.ModelSerializer[Article]):
    """What an article says, for whom and when. Left out, `language` is found out, and `created_at` is when it is first put in."""

    created_at = serializers.DateTimeField(
        required=False, help_text="When it was first written: a backtest shows it to no ticket that came before."
    )

    class Meta:
        model = Article
        fields = (
            "title",
            "body_html",
            "language",
            "url",
            "brand",
            "audience",
            "valid_from",
            "valid_until",
            "created_at",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses a validity that ends before it begins: such an article would never be quoted."""
        begins: datetime | None = attrs.get("valid_from")
        if begins and attrs.get("valid_until") and attrs["valid_until"] <= begins:
            raise ValidationError({"valid_until": gettext("It must end after it begins.")})
        return attrs


class OwnArticle(GenericAPIView[Article]):
    """One of the articles that programs put in, by the program's own key."""

    scope = Scope.KNOWLEDGE
    serializer_class = NewArticleSerializer

    @extend_schema(responses={200: ArticleSerializer, 201: ArticleSerializer})
    def put(self, request: Request, key: str) -> Response:
        """Makes this the current version of the article; 201 if that is new. It is found within a minute."""
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        token = token_of(request)
        with within(token.tenant_id):
            changed = ingest(token.tenant_id, BY_PROGRAM, NewArticle(_key(key), **given.validated_data))
            article = self._current(request, key)
            if article is None:
                raise Conflict(
                    gettext("A person took this article out as it is: it comes back once its text changes."), {}
                )
            if changed:
                record(token.tenant_id, token.actor, AuditAct.ARTICLE, article, done="put in")
            return Response(ArticleSerializer(article).data, status.HTTP_201_CREATED if changed else status.HTTP_200_OK)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Takes the article out: no new draft rests on it. What was quoted from it stays readable."""
        token = token_of(request)
        with within(token.tenant_id):
            article = self._current(request, _key(key))
            if article is None:
                raise Http404
            withdraw(token.tenant_id, Article.of(token.tenant_id).filter(pk=article.pk))
            record(token.tenant_id, token.actor, AuditAct.ARTICLE, article, done="taken out")
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _current(self, request: Request, key: str) -> Article | None:
        return Article.of(token_of(request).tenant_id).filter(source=BY_PROGRAM, key=key, current=True).first()


def _key(key: str) -> str:
    if len(key) > LONGEST_KEY or "\0" in key or ":" in key:
        raise ParseError(gettext("The key takes up to %(most)d characters, and no colon.") % {"most": LONGEST_KEY})
    return key
