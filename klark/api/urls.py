"""The addresses below /api/v1/."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from klark.api import acting, asking, assisting, csv_files, knowledge, openapi, outcomes, problems, reading, trends

router = SimpleRouter(trailing_slash=False)
router.register("decisions", reading.Decisions, "decisions")
router.register("drafts", reading.Drafts, "drafts")
router.register("deliveries", reading.Deliveries, "deliveries")
router.register("outcomes", outcomes.Outcomes, "outcomes")
router.register("topics", reading.Topics, "topics")
router.register("articles", reading.Articles, "articles")

app_name = "api"
urlpatterns = [
    path("openapi.json", openapi.Document.as_view(), name="openapi"),
    path("docs", openapi.Page.as_view(), name="docs"),
    path("decisions.csv", csv_files.DecisionsAsCsv.as_view(), name="decisions-csv"),
    path("outcomes.csv", outcomes.OutcomesAsCsv.as_view(), name="outcomes-csv"),
    path("figures", outcomes.Figures.as_view(), name="figures"),
    path("figures/weeks", outcomes.KeptWeeks.as_view({"get": "list"}), name="figures-weeks"),
    path("figures.csv", outcomes.FiguresAsCsv.as_view(), name="figures-csv"),
    path("trends", trends.CurrentTrends.as_view(), name="trends"),
    path("trends.csv", trends.CurrentTrendsAsCsv.as_view(), name="trends-csv"),
    path("drafts/<int:pk>/approve", acting.Approve.as_view(), name="approve"),
    path("drafts/<int:pk>/reject", acting.Reject.as_view(), name="reject"),
    path("drafts/<int:pk>/draft-again", acting.DraftAgain.as_view(), name="draft-again"),
    path("drafts/<int:pk>/hand-over", acting.HandOver.as_view(), name="hand-over"),
    path("drafts/<int:pk>/take", acting.Take.as_view(), name="take"),
    path("drafts/<int:pk>/give-back", acting.GiveBack.as_view(), name="give-back"),
    path("drafts/<int:pk>/snooze", acting.Snooze.as_view(), name="snooze"),
    path("drafts/<int:pk>/bring-back", acting.BringBack.as_view(), name="bring-back"),
    path("drafts/<int:pk>/summary", assisting.Summarize.as_view(), name="summary"),
    path("drafts/<int:pk>/variant", assisting.Reword.as_view(), name="variant"),
    path("drafts/<int:pk>/translation", assisting.Translate.as_view(), name="translation"),
    path("ask", asking.Ask.as_view(), name="ask"),
    path("knowledge/<str:key>", knowledge.OwnArticle.as_view(), name="own-article"),
    path("policy", reading.PolicyInForce.as_view(), name="policy"),
    path("", include(router.urls)),
    re_path("", problems.Nowhere.as_view()),
]
