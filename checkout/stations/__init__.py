"""Pick-up stations of the platform: kept by operators, offered to buyers, and the codes of parcels there."""
