"""Contributions of accounts to the other apps."""

from accounts.services import own_data
from accounts.services.formed import follow_formed_users
from accounts.services.personal_data import PersonalData
from kit.stored.parts import RowsFormed
from kit.wiring import Follows

FOLLOWS = (Follows(RowsFormed, follow_formed_users),)

CONTRIBUTES = (PersonalData("accounts", 90, own_data.COLUMNS, own_data.collect, own_data.erase),)
