"""Contributions of accounts to the other apps."""

from accounts.services import own_data
from accounts.services.personal_data import PersonalData

CONTRIBUTES = (PersonalData("accounts", 90, own_data.COLUMNS, own_data.collect, own_data.erase),)
