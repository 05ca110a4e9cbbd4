"""The Celery application."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("kasuwa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def wait_longer_for_the_broker(**_: Any) -> None:
    """Let a worker wait for its broker; only a request can't."""
    app.conf.broker_transport_options = {**app.conf.broker_transport_options, "socket_timeout": 5}


@worker_init.connect
def limit_jobs(**_: Any) -> None:
    """Give jobs the time that jobs have, before a pool is forked or a connection opened."""
    from kit.db.timeouts import Process, limit_statements

    limit_statements(Process.JOBS)


@worker_init.connect
def share(**_: Any) -> None:
    """Create the objects that a pool's processes share before they are forked, and freeze them (docs/adr/0013)."""
    from gateway.registry import load_providers
    from kit.wiring import wiring

    load_providers()
    wiring()
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Open the connections that a process's first task would wait for: a buyer waits for the first payment too."""
    from django.db import connection

    from gateway.registry import load_providers
    from tenants.database.pooling import refuse_unsafe_pooling

    refuse_unsafe_pooling()
    connection.ensure_connection()
    load_providers()


@worker_ready.connect
def start_heartbeat(sender: Any = None, **_: Any) -> None:
    """Let others see that this worker lives."""
    from runtime import heartbeat

    heartbeat.start(worker=str(getattr(sender, "hostname", "")))


@worker_shutdown.connect
def stop_heartbeat(**_: Any) -> None:
    """Let others see that this worker is gone."""
    from runtime import heartbeat

    heartbeat.stop()
