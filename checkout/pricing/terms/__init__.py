"""Terms of sale of the shops, as a quote needs them; docs/pricing.md says how they are kept."""

from checkout.pricing.terms.memory import find_terms
from checkout.pricing.terms.parsing import NO_TERMS, Terms
from checkout.pricing.terms.storing import store_terms

__all__ = ["NO_TERMS", "Terms", "find_terms", "store_terms"]
