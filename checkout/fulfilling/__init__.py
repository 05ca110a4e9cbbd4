"""A shop's work on its part of a paid order: packing, shipping, delivering."""
