"""`manage.py up`: everything the market needs, in one terminal."""
