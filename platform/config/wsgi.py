"""The WSGI entry point."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from gateway.registry import load_providers
from kit.db.timeouts import Process, limit_statements
from kit.django_shortcuts import remember_addresses
from kit.garbage import collect_garbage_rarely
from kit.wiring import wiring

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

limit_statements(Process.WEB)
application = get_wsgi_application()
# Before the first request, which would wait for it: a provider's library alone takes a second.
wiring()
load_providers()
for module in (settings.JOBS_APPLICATION, settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF):
    import_module(module)
for urlconf in (settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF):
    remember_addresses(urlconf)

# Objects loaded by now are kept, so the collector need not walk it again for each new cycle; and a request makes
# thousands of objects that die by their reference counts, which is no reason to look for cycles (docs/performance.md).
gc.collect()
gc.freeze()
collect_garbage_rarely()
