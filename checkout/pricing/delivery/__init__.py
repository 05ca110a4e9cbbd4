"""Delivery of a part: the zone of its destination, the methods there with prices and dates, and the chosen one."""
