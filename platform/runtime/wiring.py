"""Contributions of the runtime to the other apps."""

from kit.work.health_probes import PROBES
from runtime.pulse_probes import PULSES

CONTRIBUTES = (*PROBES, *PULSES)
