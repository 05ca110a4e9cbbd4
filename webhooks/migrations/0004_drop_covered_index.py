"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("webhooks", "0003_leased_events")]
    operations = [
        RemoveIndexConcurrently("inboundevent", "inbound_newest"),
    ]
