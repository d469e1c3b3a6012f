"""A published version is the truth for every seal that names its hash: not even the owner login may change it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.houqin_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' OR OLD.published_at IS NOT NULL THEN
    RAISE EXCEPTION 'published rows of % are frozen: % refused', TG_TABLE_NAME, TG_OP
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON public.catalog_version
  FOR EACH ROW EXECUTE FUNCTION public.houqin_refuse_published();
CREATE TRIGGER frozen_all BEFORE TRUNCATE ON public.catalog_version
  FOR EACH STATEMENT EXECUTE FUNCTION public.houqin_refuse_published();
"""
BACKWARD = """
DROP TRIGGER frozen ON public.catalog_version;
DROP TRIGGER frozen_all ON public.catalog_version;
DROP FUNCTION public.houqin_refuse_published();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
