"""A sealed row never changes, whoever asks: not even the owner login may update or delete it."""

from django.db import migrations

TABLES = (
    "submissions_submission",
    "submissions_sealedfile",
    "submissions_stampedcopy",
    "submissions_query",
    "submissions_decision",
)

FORWARD = """
CREATE FUNCTION public.houqin_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are sealed: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON public.{table}"
    f" FOR EACH ROW EXECUTE FUNCTION public.houqin_refuse_change();"
    f"CREATE TRIGGER sealed_all BEFORE TRUNCATE ON public.{table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION public.houqin_refuse_change();"
    for table in TABLES
)
BACKWARD = "".join(
    f"DROP TRIGGER sealed ON public.{table}; DROP TRIGGER sealed_all ON public.{table};" for table in TABLES
) + "DROP FUNCTION public.houqin_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
