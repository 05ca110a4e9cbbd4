"""Health checks, on every host."""

from django.urls import path

from runtime import health, hosts

app_name = "runtime"
urlpatterns = [
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("host", hosts.known_host, name="host"),
]
