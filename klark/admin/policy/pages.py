"""The pages of policies. A policy is never changed in place: saving creates the next version, in force from then on."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import InlineModelAdmin
from django.core.validators import MinValueValidator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.admin.access import Power, access_of, actor
from klark.admin.base import Pages, tenant_of
from klark.admin.choice_labels import LEVELS
from klark.admin.fields import Lines, Secret
from klark.admin.nested_fields import NestedForm
from klark.admin.policy import autonomy, preview, suggestions, versions
from klark.admin.policy.brand_choices import BRAND_IDS, named_brands
from klark.admin.policy.changes import TOLERATED, changes_between
from klark.admin.policy.field_help import CHANNELS_HELP, COSTS, DOMAINS, LEVELS_HELP
from klark.admin.policy.judges import CHECK_NOW
from klark.admin.policy.last_tickets import costs_of
from klark.admin.policy.nested import nested_fields
from klark.admin.policy.own_figures import (
    confidence_help,
    ended_drafts,
    mode_help,
    spending_helps,
    topic_help,
)
from klark.admin.policy.read_once import policy_now_of, topics_of
from klark.admin.policy.sensitivity_dial import dial_help
from klark.admin.unfold_classes import TabularInline, display
from klark.models import AuditAct, Connection, Policy, Topic, TopicRule, policy_in_force, record, rules_of
from klark.models.policy import LISTS
from klark.models.policy_versions import give_rules, save_row
from klark.runtime.encrypted_secrets import seal
from klark.values.policy.rules import Rules

DEFAULTS = Rules()
MONEY = ("budget_day", "budget_month", "price_in", "price_out", "fallback_price_in", "fallback_price_out")


def folded(name: Any, *fields: str) -> tuple[Any, Any]:
    """Returns a collapsed group of fields. Django opens a group with an error in it if each field has its own row."""
    return name, {"classes": ("collapse",), "fields": fields}


def listed(label: Any, help_text: Any = "") -> Lines:
    """Returns a field for a list, one entry per line."""
    return Lines(label=label, help_text=help_text)


class PolicyForm(NestedForm):
    """A policy's form: lists one entry per line, texts by language, and a write-only model key."""

    languages = listed(_("languages"), _("One code a line, the main one first, as in en. Others go to a person."))
    forbidden_phrases = listed(LISTS["forbidden_phrases"], _("One a line. A draft with one of them is held back."))
    trusted_domains = listed(LISTS["trusted_domains"], DOMAINS)
    escalate_tags = listed(LISTS["escalate_tags"], _("One a line. Empty: klark-handover."))
    excluded_tags = listed(LISTS["excluded_tags"], _("One a line. Tickets with one of them are left alone."))
    excluded_channels = listed(LISTS["excluded_channels"], CHANNELS_HELP)
    excluded_senders = listed(LISTS["excluded_senders"], _("One e-mail address or domain a line."))
    rollout_channels = listed(LISTS["rollout_channels"], _("One a line, named as below. Empty: all of them."))
    rollout_brands = listed(LISTS["rollout_brands"], BRAND_IDS)
    model_key = Secret(label=_("model key"))
    fallback_key = Secret(label=_("its key"))

    class Meta:
        model = Policy
        fields = "__all__"  # PolicyPages.fieldsets lists them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept, none = gettext("A key is set; leave this empty to keep it."), gettext("Not set.")
        self.fields["model_key"].help_text = kept if self.instance.sealed_key else none
        self.fields["fallback_key"].help_text = kept if self.instance.sealed_fallback_key else none
        self.fields["dial"].help_text = dial_help(self.instance.tenant_id)
        for name in TOLERATED:
            levels: Any = self.fields[name]
            levels.choices = LEVELS.items()
        brands = Connection.brand_names(self.instance.tenant_id or 0)
        self.fields.update(nested_fields(self.instance, brands))
        self.fields["rollout_brands"] = named_brands(self.instance, brands, self.fields["rollout_brands"])
        ended = ended_drafts(self.instance)
        self.fields["mode"].help_text = mode_help(ended)
        own: dict[str, str] = {"minimum_confidence": confidence_help(ended)}
        own |= spending_helps(self.instance, ended) | costs_of(self.instance, brands)
        for name, field in self.fields.items():
            told = (field.help_text or COSTS.get(name, ""), own.get(name, ""))
            field.help_text = format_html_join(" ", "{}", ((each,) for each in told if each))
        for name in MONEY:
            self.fields[name].validators.append(
                MinValueValidator(0)
            )  # here, so that the model's own validator does not report it twice
        if self.instance.pk is None:
            self.initial = {**self.initial, **_defaults()}


def _defaults() -> dict[str, Any]:
    return {"languages": DEFAULTS.languages, "escalate_tags": DEFAULTS.escalate_tags,
            "excluded_channels": sorted(DEFAULTS.excluded_channels)}  # fmt: skip


class TopicRules(TabularInline):
    """The modes of topics that differ from the policy's own mode."""

    model = TopicRule
    fields = ("topic", "mode", "became")
    readonly_fields = ("became",)
    extra, hide_title = 0, True  # the title would say both again
    verbose_name_plural = _("Mode by topic; other topics follow the mode above")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """Offers only topics of the policy's own tenant."""
        formset = super().get_formset(request, obj, **kwargs)
        self._policy: Any = obj
        if "topic" in formset.form.base_fields:
            topic: Any = formset.form.base_fields["topic"]
            topic.queryset = Topic.of(tenant_of(obj) or 0)
            topic.widget = topic.widget.widget if hasattr(topic.widget, "widget") else topic.widget
            known = topics_of(obj) if isinstance(obj, Policy) else []  # read once for all rows
            topic.choices = [("", "—"), *((each.pk, str(each)) for each in known)]
        return formset

    def get_queryset(self, request: HttpRequest) -> Any:
        """Returns the rules with their topics."""
        return super().get_queryset(request).select_related("topic")

    @display(description=_("last drafts that ended"))
    def became(self, rule: TopicRule) -> str:
        """Returns what became of the topic's drafts; a new row has no topic yet."""
        return topic_help(ended_drafts(self._policy), rule.topic.key) if rule.topic_id else "—"

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Returns whether the user may see the policy; adding, changing and deleting follow the same rule."""
        return access_of(request).may(Power.LEAD, tenant_of(obj))

    # a deleted rule is only missing from the next version
    has_change_permission = has_add_permission = has_delete_permission = has_view_permission


class PolicyPages(Pages):
    """The versions of policies, newest first."""

    sees = changes = Power.LEAD
    audited = AuditAct.POLICY
    form = PolicyForm
    list_display = ("version_shown", "mode", "created_at", "used_at", "tenant")
    list_filter = ("tenant",)
    ordering = ("tenant", "-version")
    readonly_fields = ("version", "used_at", "created_at")
    acts = (CHECK_NOW,)
    list_before_template = "klark/policy_list.html"
    change_form_outer_before_template = "klark/policy_note.html"
    change_form_template = "klark/policy_form.html"  # it puts the modes by topic after the first fields
    fieldsets = (
        (None, {"fields": (("tenant", "version"), ("created_at", "used_at"), "mode")}),
        (_("How careful klark is"), {"description": LEVELS_HELP, "fields": (
            "tolerate_note", "tolerate_queue", "tolerate_reply", "minimum_confidence", "languages",
            ("reply_with_third_party", "reply_when_led"))}),
        folded(_("Autonomy"), "autonomy", "autonomy_bar", "audit_percent"),
        folded(_("Words"), "greeting", "sign_off", "disclose", "disclosure", "forbidden_phrases", "trusted_domains",
               "section_intro", "offers"),
        folded(_("Roll-out"), "rollout_percent", "rollout_channels", "rollout_brands", "rollout_hours", "office_hours"),
        folded(_("Acting from the ticket"), "waiting_tag", "waiting_note", "ticket_acts", "act_tags"),
        folded(_("Handing over"), "waiting_hours", "dial", "escalate_group", "escalate_tags", "sensitive", "country"),
        folded(_("On the ticket"), "updates", "brands", "crm", "colleague_days"),
        folded(_("Not for klark"), "excluded_tags", "excluded_channels", "excluded_senders", "keep_days", "training_export"),
        folded(_("Limits"), "runs_per_ticket", "runs_per_requester", "budget_day", "budget_month", "compare_percent",
               "regression_percent", "currency", "time_zone", "minutes_saved"),
        folded(_("Model"), "model_provider", "model_url", "model_name", "model_key", "price_in", "price_out",
               "source_tokens", "judge_model", "public_sections",
               "fallback_url", "fallback_name", "fallback_key", "fallback_price_in", "fallback_price_out"),
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        """Adds the pages on autonomy and suggestions with their buttons, on versions, and the preview."""
        own = self.admin_site.admin_view
        return [
            path("autonomy/", own(autonomy.page), name="klark_autonomy"),
            path("autonomy/step/", own(autonomy.step), name="klark_autonomy_step"),
            path("suggestions/", own(suggestions.page), name="klark_suggestions"),
            path("suggestions/press/", own(suggestions.press), name="klark_suggestions_press"),
            path("versions/", own(versions.page), name="klark_policy_versions"),
            path("<path:object_id>/restore/", own(partial(versions.restore, self)), name="klark_policy_restore"),
            path("<path:object_id>/preview/", own(partial(preview.page, self)), name="klark_policy_preview"),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Leaves out version and dates for a policy that is not saved yet."""
        first, *others = super().get_fieldsets(request, obj)
        return [first if obj else (None, {"fields": ("tenant", "mode")}), *others]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Returns policies with their tenants, whose names each page says."""
        return super().get_queryset(request).select_related("tenant")

    def version_shown(self, policy: Policy) -> str:
        """Returns the version as in "v3"."""
        return str(policy)

    version_shown.short_description = _("version")  # type: ignore[attr-defined]  # Django reads it

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *given: Any, **named: Any) -> Any:
        """Shows a single save button, because saving always leads to the new version, and says which version is in force."""
        only = {"show_save_and_add_another": False, "show_save_and_continue": False}
        if original := context.get("original"):
            context["newest"] = policy_now_of(original)
        return super().render_change_form(request, {**context, **only}, *given, **named)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[type["InlineModelAdmin[Any, Any]"]]:
        """Shows modes by topic only for a saved policy: a new one has no tenant yet whose topics could be offered."""
        return [TopicRules] if obj else []

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Does nothing: `save_related` saves the policy with its topic rules."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Saves the next version; does nothing if nothing was changed."""
        for formset in formsets:
            formset.save(commit=False)  # for the log entry: what was added, changed and deleted
        if change and not form.has_changed() and not any(formset.has_changed() for formset in formsets):
            told = gettext("Nothing was changed, so no new version was made; version %(version)d is in force.")
            newest = policy_in_force(form.instance.tenant_id) or form.instance
            messages.info(request, told % {"version": newest.version})
            return
        before = form.instance.version if change else 0
        save_as_next(form.instance, form.cleaned_data, form.changed_data)
        give_rules(form.instance, [row for formset in formsets for row in formset.cleaned_data])
        told = gettext("Saved as version %(version)d, in force from the next ticket on.")
        kept = gettext("Version %(before)d stays as it was.") if before else ""
        messages.success(request, f"{told} {kept}".strip() % {"version": form.instance.version, "before": before})

    def audit(self, request: HttpRequest, row: Any, message: Any) -> None:
        """Records which fields the new version has changed, by their names in a policy's file, and the reason that was given."""
        if not message:
            return
        last = Policy.of(row.tenant_id).filter(version__lt=row.version).order_by("-version").first()
        changed = changes_between(last, row, rules_of(last), row.rules())
        done = [{"changed" if last else "added": {"fields": list(changed)}}]
        record(row.tenant_id, actor(request), AuditAct.POLICY, row, done=done, why=versions.why_of(request))

    def response_change(self, request: HttpRequest, obj: Policy) -> HttpResponse:
        """Redirects to the version that is in force now."""
        return HttpResponseRedirect(reverse("admin:klark_policy_change", args=(obj.pk,)))

    def response_add(self, request: HttpRequest, obj: Policy, post_url_continue: str | None = None) -> HttpResponse:
        """Redirects to the new policy, where modes by topic can be set next."""
        return self.response_change(request, obj)


def save_as_next(policy: Policy, given: dict[str, Any], changed: list[str]) -> None:
    """Saves what a form changed. `given`: the form's values, with the keys of models; `changed`: the fields that differ."""
    if {"model_provider", "model_url", "model_name"} & set(changed):
        policy.model_dialect = ""  # another server may need another dialect
    moved = {"model_provider", "model_url"} & set(changed)
    policy.sealed_key = _sealed(given["model_key"], "" if moved else policy.sealed_key)
    policy.sealed_fallback_key = _sealed(
        given["fallback_key"], "" if "fallback_url" in changed else policy.sealed_fallback_key
    )
    save_row(policy)


def _sealed(key: str, before: str) -> str:
    """Returns the new key, encrypted, or the one before: "" where the server changed, since a key must never be sent to
    another server than the one it is for."""
    return seal({"key": key}) if key else before
