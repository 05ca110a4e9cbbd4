"""Celery: broker, queues and the static schedule."""

from config.settings.parts.env import env

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=env.str("REDIS_URL", default="redis://localhost:6379/0"))
if CELERY_BROKER_URL.startswith("unix://"):
    CELERY_BROKER_URL = "redis+socket://" + CELERY_BROKER_URL.removeprefix("unix://").replace("?db=", "?virtual_host=")
JOBS_APPLICATION = "config.celery"  # loaded with the first task, and where processes start
CELERY_TASK_DEFAULT_QUEUE = "default"
# All queues: those that a worker takes jobs from, the most urgent first, and the one that has workers of its own.
WORKER_QUEUES = ("money", "default", "mail")
BULK_QUEUE = "bulk"
# Queues by task name: what moves money, and what people wait for, never waits behind what can wait (Celery
# deprecates a task's own `queue`). Everything else goes to the default queue. The bulk queue has workers of its own
# (docs/fairness.md).
CELERY_TASK_ROUTES = {
    "checkout.expire_reservations": {"queue": "money"},  # behind a load of mail it would hold stock back from buyers
    "checkout.poll_open_payments": {"queue": "money"},
    "checkout.push_open_refunds": {"queue": "money"},
    "checkout.push_disputes": {"queue": "money"},
    "checkout.find_disputes": {"queue": "money"},
    "payouts.repair_releases": {"queue": "bulk"},
    "payouts.reconcile": {"queue": "bulk"},
    "payouts.watch": {"queue": "bulk"},
    "payouts.*": {"queue": "money"},
    "notifications.*": {"queue": "mail"},
    "checkout.deliver_by_timer": {"queue": "bulk"},
    "checkout.find_late_parts": {"queue": "bulk"},
    "checkout.try_commission_rules": {"queue": "bulk"},
    "checkout.announce_commission_rules": {"queue": "bulk"},
    "kit.run_bulk": {"queue": "bulk"},
    "kit.purge_old": {"queue": "bulk"},
    "webhooks.purge_bodies": {"queue": "bulk"},
    "webhooks.*": {"queue": "money"},  # the first pattern that fits decides
    "discovery.*": {"queue": "bulk"},
    "accounts.*": {"queue": "bulk"},
    "tenants.check_domain": {"queue": "bulk"},
    "tenants.delete_*": {"queue": "bulk"},
    "tenants.make_export": {"queue": "bulk"},
    "tenants.purge_*": {"queue": "bulk"},
    "tenants.check_application_accounts": {"queue": "bulk"},
}
BULK_SLICES_PER_SHOP = 1  # at once
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A broker that is down must not hold a request: beat's own rounds pick up what could not be enqueued.
# A worker takes from its queues in the order in which it names them, the most urgent first, not from each in turn.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 1,  # a worker has more (config.celery)
    "socket_connect_timeout": 1,
    "queue_order_strategy": "priority",
}
CELERY_TASK_PUBLISH_RETRY = False

CELERY_BEAT_SCHEDULE = {
    "expire-reservations": {"task": "checkout.expire_reservations", "schedule": 30.0},
    "deliver-by-timer": {"task": "checkout.deliver_by_timer", "schedule": 900.0},
    "find-late-parts": {"task": "checkout.find_late_parts", "schedule": 900.0},
    "message-letters": {"task": "checkout.write_message_letters", "schedule": 60.0},
    "poll-payments": {"task": "checkout.poll_open_payments", "schedule": 60.0},
    "push-refunds": {"task": "checkout.push_open_refunds", "schedule": 60.0},
    "try-commission-rules": {"task": "checkout.try_commission_rules", "schedule": 30.0},
    "announce-commission-rules": {"task": "checkout.announce_commission_rules", "schedule": 60.0},
    "release-due": {"task": "payouts.release_due", "schedule": 300.0},
    "make-runs": {"task": "payouts.make_runs", "schedule": 3600.0},
    "push-disputes": {"task": "checkout.push_disputes", "schedule": 60.0},
    "find-disputes": {"task": "checkout.find_disputes", "schedule": 600.0},
    "push-payouts": {"task": "payouts.push_payouts", "schedule": 30.0},
    "repair-releases": {"task": "payouts.repair_releases", "schedule": 3600.0},
    "reconcile": {"task": "payouts.reconcile", "schedule": 24 * 3600.0},
    "watch": {"task": "payouts.watch", "schedule": 300.0},  # makes what is due: docs/watch.md
    "drain-inbox": {"task": "webhooks.drain_inbox", "schedule": 30.0},
    "relay-outbox": {"task": "kit.relay_outbox", "schedule": 15.0},
    "refresh-vocabulary": {"task": "discovery.refresh_vocabulary", "schedule": 60.0},
    "fold-listings": {"task": "discovery.fold_listings", "schedule": 60.0},
    "sweep-emails": {"task": "notifications.sweep_emails", "schedule": 60.0},
    "sweep-texts": {"task": "notifications.sweep_texts", "schedule": 60.0},
    "sweep-exports": {"task": "tenants.sweep_exports", "schedule": 60.0},
    "run-bulk": {"task": "kit.run_bulk", "schedule": 15.0},
    "purge-old": {"task": "kit.purge_old", "schedule": 3600.0},
    "purge-bodies": {"task": "webhooks.purge_bodies", "schedule": 3600.0},
    "purge-drafts": {"task": "tenants.purge_drafts", "schedule": 24 * 3600.0},
    "check-application-accounts": {"task": "tenants.check_application_accounts", "schedule": 120.0},
    "flush-tokens": {"task": "accounts.flush_expired", "schedule": 24 * 3600.0},
    "check-domains": {"task": "tenants.check_due_domains", "schedule": 60.0},
    "shops-calendar": {"task": "tenants.follow_the_calendar", "schedule": 300.0},
    "shops-deletion": {"task": "tenants.delete_due_shops", "schedule": 3600.0},
    "worker-heartbeat": {"task": "runtime.heartbeat", "schedule": 10.0},
}
