"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from kit.patience import Process, limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

limit_statements(Process.WEB)
application = get_wsgi_application()
