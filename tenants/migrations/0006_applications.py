"""Applications to open a shop with their papers and history, which the database refuses to change; setup steps."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import kit.ids

APPEND_ONLY = """
CREATE FUNCTION public.application_entry_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An application''s history is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_entry_append_only';
END
$$;

CREATE TRIGGER application_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.tenants_applicationentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.application_entry_refuse_change();
"""
CHANGEABLE = """
DROP TRIGGER application_entry_append_only ON public.tenants_applicationentry;
DROP FUNCTION public.application_entry_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0005_custom_domains"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShopApplication",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "access_key",
                    models.CharField(
                        default=kit.ids.access_key, editable=False, help_text="Lets a guest back in.", max_length=32
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Not sent yet"),
                            ("submitted", "Waiting for us"),
                            ("more_needed", "Waiting for the applicant"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("shop_name", models.CharField(max_length=120)),
                ("slug", models.SlugField(help_text="The address that is wished for.")),
                ("country", models.CharField(help_text="ISO 3166-1 alpha-2.", max_length=2)),
                ("currency", models.CharField(help_text="ISO 4217.", max_length=3)),
                ("what_is_sold", models.CharField(max_length=600)),
                ("email", models.EmailField(help_text="In lower case.", max_length=254)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("individual", "I sell in my own name"),
                            ("company", "A registered business or company"),
                        ],
                        max_length=12,
                    ),
                ),
                ("legal_name", models.CharField(blank=True, max_length=160)),
                ("registration_number", models.CharField(blank=True, max_length=40)),
                ("contact_name", models.CharField(blank=True, max_length=120)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("bank_code", models.CharField(blank=True, max_length=20)),
                ("bank_name", models.CharField(blank=True, max_length=120)),
                ("account_number", models.CharField(blank=True, max_length=16)),
                ("account_name", models.CharField(blank=True, help_text="As the bank gave it.", max_length=160)),
                (
                    "account_state",
                    models.CharField(
                        choices=[
                            ("missing", "Not given yet"),
                            ("unchecked", "The bank has not answered yet"),
                            ("resolved", "Confirmed by the bank"),
                            ("refused", "Unknown to the bank"),
                        ],
                        default="missing",
                        max_length=12,
                    ),
                ),
                ("account_at", models.DateTimeField(blank=True, help_text="When the bank was asked last.", null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, help_text="When it was sent last.", null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "applicant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="application",
                        to="tenants.shop",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApplicationEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("submitted", "Sent"),
                            ("more_asked", "More was asked for"),
                            ("answered", "Answered"),
                            ("account_confirmed", "Bank account confirmed"),
                            ("account_refused", "Bank account unknown to the bank"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="tenants.shopapplication",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "application entries",
            },
        ),
        migrations.CreateModel(
            name="ApplicationDocument",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identity", "Proof of identity"),
                            ("registration", "Proof of registration"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                    ),
                ),
                ("file", models.CharField(help_text="A file in the private storage.", max_length=200, unique=True)),
                ("name", models.CharField(help_text="What the applicant calls it.", max_length=120)),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField(help_text="In bytes.")),
                ("created_at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="tenants.shopapplication",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SetupStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=20)),
                ("done_at", models.DateTimeField()),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="setup_steps", to="tenants.shop"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "step"), name="setup_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["delivery", "preview"])), name="setup_step_known"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="shopapplication",
            index=models.Index(fields=["status", "submitted_at", "id"], name="application_queue"),
        ),
        migrations.AddIndex(
            model_name="shopapplication",
            index=models.Index(
                condition=models.Q(("account_state", "unchecked")),
                fields=["account_at", "id"],
                name="application_unchecked",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "submitted", "more_needed", "approved", "refused", "withdrawn"])
                ),
                name="application_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("account_state__in", ["missing", "unchecked", "resolved", "refused"])),
                name="application_account_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["", "individual", "company"])), name="application_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="application_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "^[a-z0-9-]+$")), name="application_slug_is_a_label"
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shop__isnull", False), ("status", "approved")),
                    models.Q(models.Q(("status", "approved"), _negated=True), ("shop__isnull", True)),
                    _connector="OR",
                ),
                name="application_shop_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "withdrawn"]),
                    models.Q(
                        ("submitted_at__isnull", False),
                        models.Q(("kind", ""), _negated=True),
                        models.Q(("legal_name", ""), _negated=True),
                        models.Q(("account_state", "missing"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="application_whole_when_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "withdrawn"]),
                    models.Q(("kind", "company"), _negated=True),
                    models.Q(("registration_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="application_company_registered",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account_state", "resolved"), _negated=True),
                    models.Q(
                        models.Q(("account_name", ""), _negated=True), models.Q(("account_number", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="application_account_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", False), ("status__in", ["approved", "refused"])),
                    models.Q(
                        models.Q(("status__in", ["approved", "refused"]), _negated=True), ("decided_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="application_decided_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopapplication",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["submitted", "more_needed"])),
                fields=("slug",),
                name="application_one_for_an_address",
            ),
        ),
        migrations.AddIndex(
            model_name="applicationentry",
            index=models.Index(fields=["application", "id"], name="application_entry_of"),
        ),
        migrations.AddConstraint(
            model_name="applicationentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "started",
                            "submitted",
                            "more_asked",
                            "answered",
                            "account_confirmed",
                            "account_refused",
                            "approved",
                            "refused",
                            "withdrawn",
                        ],
                    )
                ),
                name="application_entry_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["more_asked", "refused"]), _negated=True),
                    models.Q(("message", ""), _negated=True),
                    _connector="OR",
                ),
                name="application_entry_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["identity", "registration", "other"])),
                name="application_document_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="application_document_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("content_type__in", ["application/pdf", "image/jpeg", "image/png"])),
                name="application_document_type_taken",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
    ]
