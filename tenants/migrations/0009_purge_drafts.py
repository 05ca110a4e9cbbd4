"""The history of an application that was never sent may go with it; every other one stays append-only."""

from django.db import migrations

PURGEABLE = """
CREATE FUNCTION public.application_entry_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.tenants_shopapplication
                WHERE id = OLD.application_id AND submitted_at IS NULL AND status IN ('draft', 'withdrawn')) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'An application''s history is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_entry_append_only';
END
$$;

DROP TRIGGER application_entry_append_only ON public.tenants_applicationentry;
CREATE TRIGGER application_entry_append_only BEFORE UPDATE OR TRUNCATE ON public.tenants_applicationentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.application_entry_refuse_change();
CREATE TRIGGER application_entry_kept BEFORE DELETE ON public.tenants_applicationentry
    FOR EACH ROW EXECUTE FUNCTION public.application_entry_refuse_delete();
"""
KEPT = """
DROP TRIGGER application_entry_kept ON public.tenants_applicationentry;
DROP FUNCTION public.application_entry_refuse_delete();
DROP TRIGGER application_entry_append_only ON public.tenants_applicationentry;
CREATE TRIGGER application_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.tenants_applicationentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.application_entry_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0008_exports")]

    operations = [migrations.RunSQL(PURGEABLE, KEPT)]
