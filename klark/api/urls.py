"""The addresses below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from klark.api import openapi, reading

router = SimpleRouter(trailing_slash=False)
router.register("decisions", reading.Decisions, "decisions")
router.register("drafts", reading.Drafts, "drafts")
router.register("deliveries", reading.Deliveries, "deliveries")
router.register("topics", reading.Topics, "topics")
router.register("articles", reading.Articles, "articles")

app_name = "api"
urlpatterns = [
    path("openapi.json", openapi.Document.as_view(), name="openapi"),
    path("docs", openapi.Page.as_view(), name="docs"),
    path("decisions.csv", reading.DecisionsAsCsv.as_view(), name="decisions-csv"),
    path("policy", reading.PolicyInForce.as_view(), name="policy"),
    path("", include(router.urls)),
]
