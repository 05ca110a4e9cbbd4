"""A stop that is asked for at any moment ends the supervisor and all its children."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

# A child that writes and waits; SIGTERM comes to the supervisor at one step of starting or of reaping it.
SCENE = """
import os, signal, sys, time
from runtime import processes
from runtime.up import child as module, roles, supervisor

step, moment = sys.argv[1], int(sys.argv[2])

def wait():
    print("here", flush=True)
    time.sleep(600)

def once():
    os._exit(3)

roles.ROLES.update(wait=wait, once=once)
calls = 0

def asking(work):
    def asked(*given, **named):
        global calls
        done = work(*given, **named)
        if os.getpid() == us:
            calls += 1
            if calls == moment:
                os.kill(us, signal.SIGTERM)
        return done
    return asked

us = os.getpid()
owner, _, name = step.rpartition(".")
target = {"os": os, "processes": processes, "Child": module.Child, "Supervisor": supervisor.Supervisor}[owner]
setattr(target, name, asking(getattr(target, name)))

class Lines:
    def line(self, name, text): pass

pids = set()
remember = lambda children: pids.update(child.pid for child in children)
try:
    with supervisor.Supervisor(Lines(), forget=lambda: None, remember=remember) as market:
        for role in ("wait", "once", "wait"):
            market.add(module.Child(roles.Role(role, {}), is_ready=lambda: True))
        market.run_forever()
except supervisor.StopAsked:
    left = [pid for pid in pids - {0} if processes.exists(pid)]
    print("stopped", left, calls >= moment)
"""
STEPS = {
    "os.fork": 3,
    "os.close": 2,
    "os.set_blocking": 3,
    "os.waitpid": 4,
    "processes.start_time": 3,
    "processes.signal_group": 1,
    "Child.read": 2,
    "Child.close_pipe": 1,
    "Child.plan_restart": 1,
    "Supervisor._print": 2,
}


@pytest.mark.parametrize(("step", "moment"), [(step, n) for step, most in STEPS.items() for n in range(1, most + 1)])
def test_a_stop_ends_all_children_whenever_it_is_asked_for(step: str, moment: int) -> None:
    found = subprocess.run(
        [sys.executable, "-c", SCENE, step, str(moment)],
        cwd=ROOT / "platform",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (found.returncode, found.stdout.splitlines()[-1:]) == (0, ["stopped [] True"]), found.stderr
