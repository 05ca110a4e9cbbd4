"""Fields of calls about payouts that shops and operators share."""
