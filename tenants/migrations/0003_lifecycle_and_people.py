"""Add the lifecycle of shops, invitations, and an audit trail that the database refuses to change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kit.ids

APPEND_ONLY = """
CREATE FUNCTION public.shop_event_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A shop''s audit trail is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shop_event_append_only';
END
$$;

CREATE TRIGGER shop_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.tenants_shopevent
    FOR EACH STATEMENT EXECUTE FUNCTION public.shop_event_refuse_change();
"""
CHANGEABLE = """
DROP TRIGGER shop_event_append_only ON public.tenants_shopevent;
DROP FUNCTION public.shop_event_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0002_schema_state"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(help_text="In lower case.", max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("fulfilment", "Fulfilment"),
                            ("accountant", "Accountant"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(help_text="SHA-256 of the token, in hexadecimal.", max_length=64, unique=True),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ShopEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="A ShopEventKind.", max_length=40)),
                (
                    "subject",
                    models.CharField(blank=True, help_text="What it was done to: an address, a host.", max_length=254),
                ),
                ("details", models.JSONField(default=dict)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="shop",
            name="closes_at",
            field=models.DateTimeField(blank=True, help_text="When it is to stop taking orders.", null=True),
        ),
        migrations.AddField(
            model_name="shop",
            name="contact_email",
            field=models.EmailField(blank=True, help_text="Where buyers can write to.", max_length=254),
        ),
        migrations.AddField(
            model_name="shop",
            name="contact_phone",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="shop",
            name="delete_after",
            field=models.DateTimeField(blank=True, help_text="When a closed shop's data may go.", null=True),
        ),
        migrations.AddField(
            model_name="shop",
            name="delivery_policy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="shop",
            name="returns_on",
            field=models.DateField(blank=True, help_text="The day on which a holiday is over.", null=True),
        ),
        migrations.AddField(
            model_name="shop",
            name="status_at",
            field=models.DateTimeField(help_text="Since when it has this status.", null=True),
        ),
        migrations.RunSQL("UPDATE tenants_shop SET status_at = created_at", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="shop",
            name="status_at",
            field=models.DateTimeField(help_text="Since when it has this status."),
        ),
        migrations.AddField(
            model_name="shop",
            name="status_before",
            field=models.CharField(blank=True, help_text="What a suspended shop goes back to.", max_length=12),
        ),
        migrations.AddField(
            model_name="shop",
            name="status_note",
            field=models.CharField(blank=True, help_text="What buyers and staff are told about it.", max_length=300),
        ),
        migrations.AlterField(
            model_name="shop",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("live", "Live"),
                    ("holiday", "On holiday"),
                    ("suspended", "Suspended"),
                    ("closing", "Closing"),
                    ("closed", "Closed"),
                    ("deleted", "Deleted"),
                ],
                default="draft",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["owner", "manager", "fulfilment", "accountant", "viewer"])),
                name="membership_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "live", "holiday", "suspended", "closing", "closed", "deleted"])
                ),
                name="shop_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delete_after__isnull", True), ("status__in", ["closed", "deleted"]), _connector="OR"
                ),
                name="shop_deleted_only_when_closed",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="shop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="tenants.shop"
            ),
        ),
        migrations.AddField(
            model_name="shopevent",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="shopevent",
            name="shop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="tenants.shop"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                fields=("shop", "email"),
                name="invitation_one_open_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["owner", "manager", "fulfilment", "accountant", "viewer"])),
                name="invitation_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"),
                name="invitation_ended_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))), name="invitation_lasts_a_while"
            ),
        ),
        migrations.AddIndex(
            model_name="shopevent",
            index=models.Index(fields=["shop", "-id"], name="shop_event_of"),
        ),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
    ]
