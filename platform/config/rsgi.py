"""The entry point for granian: bodies are read before a thread is taken (kit.web.front)."""

from django.conf import settings

from config.wsgi import application as wsgi_application
from kit.web.front import Front

application = Front(wsgi_application, threads=settings.WEB_THREADS, waiting=settings.WEB_WAITING)
