"""klark's Django models, one file per noun.
Takes and gives rows inside the Django project only; what crosses to other packages are frozen dataclasses.
Read `tenancy` and `base` first, then `work_queue`.
"""

from klark.models.api_token import ApiToken, KeptAnswer
from klark.models.audit.entry import COMMAND_LINE, KLARK, Actor, AuditAct, AuditDetail, AuditEntry, sha256
from klark.models.audit.logins import end_idle_logins, record_login
from klark.models.audit.record import record
from klark.models.base import Owned
from klark.models.charge import Charge
from klark.models.connection import Connection
from klark.models.delivery import Delivery
from klark.models.draft import Aftermath, AgainstDraft, Decision, DecisionKind, Draft, KeptCompletion, Outcome
from klark.models.event import WebhookEvent
from klark.models.evidence.autonomy import Judgement, Standing
from klark.models.evidence.backtest import BacktestedTicket, BacktestRun
from klark.models.evidence.correction import Correction
from klark.models.evidence.figures import CountedOutcomes
from klark.models.evidence.judge_check import JudgeCheck
from klark.models.evidence.measurement import Measurement
from klark.models.evidence.regression import RegressionResult, RegressionRun
from klark.models.evidence.suggestion import DismissedSuggestion
from klark.models.knowledge.article import Article, Comparison, Feature, Meaning, Passage, Word
from klark.models.knowledge.drafted_article import ArticleRun, DraftedArticle
from klark.models.knowledge.past_tickets import PastTicket
from klark.models.knowledge.recall import Recall
from klark.models.knowledge.source import Source, Upload
from klark.models.notification import Notification, OutgoingWebhook
from klark.models.oauth_handshake import Handshake
from klark.models.policy import Policy, TopicRule, policy_in_force, rules_of
from klark.models.presence import Presence
from klark.models.request_budget import Budget
from klark.models.tenancy import EVERY_TENANT, within
from klark.models.tenant import Membership, Stop, Tenant, Topic
from klark.models.work_queue import Claim
