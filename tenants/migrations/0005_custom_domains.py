"""Domains of shops' own: claims, their proof, and where a shop lives."""

import django.db.models.deletion
from django.db import migrations, models

import kit.ids

# A shop lives at a host of its own or at its slug's: nobody else's domain, and none that is gone.
LIVES_AT_ITS_OWN = """
ALTER TABLE public.tenants_shop ADD CONSTRAINT shop_primary_host_is_its_own
    FOREIGN KEY (id, primary_host) REFERENCES public.tenants_domain (tenant_id, domain) DEFERRABLE INITIALLY DEFERRED
"""
LIVES_ANYWHERE = "ALTER TABLE public.tenants_shop DROP CONSTRAINT shop_primary_host_is_its_own"


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0004_lifecycle_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="DomainClaim",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("host", models.CharField(help_text="In lower case, in its ASCII form.", max_length=245)),
                ("token", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("checks", models.PositiveIntegerField(default=0, help_text="In a row without success.")),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_record", "We found no TXT record at this name."),
                            ("wrong_value", "There is a TXT record at this name, but not with this value."),
                            ("timed_out", "The domain’s name servers did not answer in time."),
                            ("failed", "The domain’s name servers could not answer."),
                            (
                                "taken",
                                "Another shop has proved that it controls this domain. It must remove it there first.",
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "next_check_at",
                    models.DateTimeField(blank=True, help_text="Empty: only when somebody asks.", null=True),
                ),
                ("give_up_at", models.DateTimeField(help_text="When we stop to look by ourselves.")),
                (
                    "missing_since",
                    models.DateTimeField(blank=True, help_text="Since when a proof that was there is not.", null=True),
                ),
                (
                    "warned_at",
                    models.DateTimeField(blank=True, help_text="When the owners were told of that.", null=True),
                ),
            ],
        ),
        migrations.AddField(
            model_name="domain",
            name="verified_at",
            field=models.DateTimeField(blank=True, help_text="Since when; empty for the platform's own.", null=True),
        ),
        migrations.AddField(
            model_name="shop",
            name="primary_host",
            field=models.CharField(
                blank=True,
                help_text="A domain of its own that it lives at; empty: its slug's.",
                max_length=253,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="domain",
            constraint=models.UniqueConstraint(fields=("tenant", "domain"), name="domain_of_shop"),
        ),
        migrations.AddField(
            model_name="domainclaim",
            name="shop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="domain_claims", to="tenants.shop"
            ),
        ),
        migrations.AddIndex(
            model_name="domainclaim",
            index=models.Index(
                condition=models.Q(("next_check_at__isnull", False)), fields=["next_check_at"], name="domain_claim_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="domainclaim",
            constraint=models.UniqueConstraint(fields=("shop", "host"), name="domain_claim_once_each"),
        ),
        migrations.AddConstraint(
            model_name="domainclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("host__regex", "^[a-z0-9-]+(\\.[a-z0-9-]+)*$")), name="domain_claim_is_a_host_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="domainclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("problem__in", ["", "no_record", "wrong_value", "timed_out", "failed", "taken"])),
                name="domain_claim_problem_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="domainclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("warned_at__isnull", True), ("missing_since__isnull", False), _connector="OR"),
                name="domain_claim_warned_of_something",
            ),
        ),
        migrations.RunSQL(LIVES_AT_ITS_OWN, LIVES_ANYWHERE),
    ]
