"""The database refuses to change or remove audit entries."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION public.audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_append_only';
END
$$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.console_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change();
"""
CHANGEABLE = """
DROP TRIGGER audit_append_only ON public.console_auditentry;
DROP FUNCTION public.audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("console", "0001_initial")]

    operations = [migrations.RunSQL(sql=APPEND_ONLY, reverse_sql=CHANGEABLE)]
