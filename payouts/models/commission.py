"""Rules of the platform's commission, plans that shops are on, and the rules compiled for purchases."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.columns import NameColumn


class RuleStatus(models.TextChoices):
    """Status of a rule at a moment; it follows from its times."""

    DRAFT = "draft", gettext_lazy("Draft")
    PLANNED = "planned", gettext_lazy("Planned")
    ON = "on", gettext_lazy("On")
    ENDED = "ended", gettext_lazy("Ended")


class CommissionPlan(models.Model):
    """A named plan of the market that shops are on; rules may be for all shops of a plan."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = NameColumn(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="commission_plan_named_once")]

    def __str__(self) -> str:
        return self.name


class ShopPlan(models.Model):
    """The plan that a shop is on; a shop without a row is on none."""

    shop = models.OneToOneField("tenants.Shop", on_delete=models.PROTECT, primary_key=True, related_name="+")
    plan = models.ForeignKey(CommissionPlan, on_delete=models.PROTECT, related_name="shops")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Shop {self.shop_id} on plan {self.plan_id}"


class CommissionRule(models.Model):
    """A rule: for whom and for which goods, what is charged, and from when to when.

    It is a draft until it is switched on. From then on its terms are final (trigger `commission_rule_is_final`): only
    its end can be set. No two rules that are on are for the same seller, goods and currency at one moment (exclusion
    constraint `commission_rule_no_ties`). Amounts are of one unit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = NameColumn(max_length=80)
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.ForeignKey(CommissionPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="rules")
    category_id = models.BigIntegerField(null=True, blank=True, help_text="With all below it.")
    product_id = models.UUIDField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="", help_text="Empty: every currency.")
    percent_bps = models.PositiveIntegerField(default=0, help_text="Hundredths of a percent of the base.")
    fixed_minor = models.BigIntegerField(default=0, help_text="For each unit, beside the percentage.")
    floor_minor = models.BigIntegerField(null=True, blank=True, help_text="The least for a unit.")
    cap_minor = models.BigIntegerField(null=True, blank=True, help_text="The most for a unit.")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Of a draft: empty for the switching on.")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="Empty: it has no end.")
    version = models.PositiveIntegerField(default=1, help_text="Counts its changes.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    switched_on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    switched_on_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shop__isnull=True) | Q(plan__isnull=True), name="commission_rule_one_seller"
            ),
            models.CheckConstraint(
                condition=Q(category_id__isnull=True) | Q(product_id__isnull=True), name="commission_rule_one_kind"
            ),
            models.CheckConstraint(
                condition=Q(product_id__isnull=True) | Q(shop__isnull=False), name="commission_rule_product_of_shop"
            ),
            models.CheckConstraint(condition=Q(percent_bps__lte=10_000), name="commission_rule_at_most_all"),
            models.CheckConstraint(
                condition=Q(fixed_minor__gte=0)
                & (Q(floor_minor__isnull=True) | Q(floor_minor__gte=0))
                & (Q(cap_minor__isnull=True) | Q(cap_minor__gte=0)),
                name="commission_rule_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(floor_minor__isnull=True) | Q(cap_minor__isnull=True) | Q(floor_minor__lte=F("cap_minor")),
                name="commission_rule_floor_within_cap",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$")
                | Q(currency="", fixed_minor=0, floor_minor__isnull=True, cap_minor__isnull=True),
                name="commission_rule_money_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="commission_rule_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(switched_on_at__isnull=True) | Q(starts_at__gte=F("switched_on_at")),
                name="commission_rule_starts_once_on",
            ),
        ]
        indexes = [models.Index(fields=["switched_on_at", "ends_at"], name="commission_rule_on")]

    def __str__(self) -> str:
        return self.name

    @property
    def target(self) -> tuple[int | None, UUID | None, int | None, UUID | None, str]:
        """Return the seller, goods and currency that it is for."""
        return self.shop_id, self.plan_id, self.category_id, self.product_id, self.currency


class CommissionRuleset(models.Model):
    """The one row of all rules that are on or planned, compiled for purchases, as the tables said at `version`."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0, help_text="The market's `commission_version`.")
    compiled_at = models.DateTimeField(null=True, help_text="Rules that had ended by then are left out.")
    content = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="commission_ruleset_is_one")]

    def __str__(self) -> str:
        return f"Commission rules, version {self.version}"


class CommissionTrial(LeasedWork):
    """A rule tried on the orders of a time: computed in steps by a task, as far as the last order that it names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.ForeignKey(CommissionRule, on_delete=models.CASCADE, db_index=False, related_name="trials")
    rule_version = models.PositiveIntegerField(help_text="Of the rule, as it was tried.")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField()
    order_count = models.PositiveIntegerField(help_text="Orders to look at.")
    done_count = models.PositiveIntegerField(default=0)
    last_placed_at = models.DateTimeField(null=True)
    last_order_id = models.UUIDField(null=True)
    result = models.JSONField(default=dict, help_text="By currency and shop: orders, and commission before and after.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("since_at")), name="commission_trial_of_some_time"),
            models.CheckConstraint(
                condition=Q(done_count__lte=F("order_count")), name="commission_trial_done_within_all"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(ended_at__isnull=True), name="commission_trial_waiting"),
            models.Index(fields=["rule", "-id"], name="commission_trial_of_rule"),
        ]

    def __str__(self) -> str:
        return f"Trial of rule {self.rule_id}"
