"""Rules of the market that a description can't tell, by the code that refuses who breaks them.

A request that fits the description has to be taken (positive_data_acceptance). It may be refused all the same where its
values mean something that there is not, or don't go together. Such a refusal is allowed here by its code alone, so a
text, a number or a header that is refused for its form is still found.
"""
# ruff: noqa: INP001

import json
from typing import Any

import schemathesis

# Of what is there, which a request that is made up can't know.
STATE = {
    "idempotency_key_reused": "422: another request had the key before; keys are short, and come again in one run",
    "version_mismatch": "412: a version that is made up is never the current one",
    "not_confirmed": "the shop's own name or address is typed once more",
    "needed_from_guests": "who has signed in has an e-mail address",
    "wrong_password": "the password is the caller's own",
    "invalid_link": "the key comes by letter",
    "unknown_address": "an address book is its owner's",
    "unknown_bank": "the provider has the list of banks",
    "account_not_found": "the bank knows its accounts",
    "unknown_category": "categories have their own list",
    "unknown_shop": "so have shops",
    "unknown_product": "and products",
    "other_pictures": "a product's pictures are put in order, all of them",
    "unknown_plan": "and plans",
    "no_tax_rates": "countries that have a table of tax rates have their own list",
    "no_carrier": "not every market asks carriers for prices",
    "would_widen": "goods that a coupon or an offer names may be gone",
    "unknown_method": "a method is one of its zone",
    "name_taken": "each commission plan has a name of its own",
    "below_used": "a coupon was used more often already",
    "invalid_cursor": "a cursor is opaque, and comes from the list itself",
    "payment_refused": "422: the provider decides",
    "not_on_request": "a shop asks for payouts where its schedule says so",
    "below_minimum": "there is as much to pay out as was sold and released",
    "no_payable_account": "an owner names the bank account",
    "payout_open": "one payout after the other",
    "payout_amount_changed": "an amount that is made up is never the one that is available",
    "dispute_over": "a dispute that was decided takes nothing more",
    "dispute_answered": "a dispute is answered once",
    "dispute_overdue": "a bank sets the time for it",
    "unknown_offer": "the texts that an order offers come with its dispute",
    "over_claim": "no more of a dispute is given up than the bank claims",
    "unlisted_origin": "an operator lists the front ends to which buyers return",
}
# Of two values, or of a value and the day.
TOGETHER = {
    "not_later": "the second of two times comes after the first",
    "not_the_same": "a password is typed twice",
    "password_too_similar": "a password is not the name or the address of its owner",
    "password_too_common": "nor one of the most common ones",
    "password_entirely_numeric": "nor a number",
    "either_or": "one of two fields is sent, not both",
    "one_required": "one of two fields is sent at least",
    "no_smaller_unit": "an amount is whole in a currency without a smaller unit",
    "not_reduced": "the old price is above the price",
    "unequal_options": "all variants of a product have the same options",
    "two_wishes": "the units of a line are all for money, or all for one variant",
    "repeated_value": "a value that may come once comes twice",
    "unknown_phone": "numbers have the plan of their country",
    "unknown_subdivision": "states and regions are those of the address's country",
    "needed_in_country": "some countries' addresses need one",
    "no_letter": "a town's name has letters",
    "overlaps": "a place is in one delivery zone of a level",
    "needs_country": "towns are in a country",
    "needed_for_carrier": "a carrier fetches parcels at a place",
    "needed_when_registered": "a registration has a number",
    "invalid_tax_number": "of the form that its country gives it",
    "needed_for_pickup": "what is picked up is picked up somewhere",
    "fewer_than_least": "the most days are as many as the least",
    "needs_steps": "a price by weight or value has steps",
    "not_ascending": "which go up",
    "needs_open_end": "to the dearest goods",
    "overflow": "coupons and offers start and end in this century",
    "not_in_time": "the day is past, or has not come, or is more than a year away",
}
# Of what a file or a text holds once it is read.
CONTENT = {
    "document_refused": "what a document is, is told by its first bytes",
    "bad_picture": "a picture has to be one, of a certain size",
    "empty": "a file holds nothing",
    "import_file": "a table has to be one, with certain columns",
    "blank": "a text of marks or format characters alone: patterns that all programs read can't name them",
    "min_length": "a text that is too short without them",
    "max_length": "a text that is longer once its characters are composed (NFC)",
    "too_many_marks": "a letter has four once it is composed (NFC), which patterns can't count",
    "no_letter_or_digit": "a name of signs alone",
    "invalid_email": "an address at a host of one letter, or at a domain that is none by IDNA 2008",
    "invalid_host": "a domain has to be one that can be registered",
}
RULES = {**STATE, **TOGETHER, **CONTENT}


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, _case: Any, response: Any) -> bool:
    """Return whether a failure counts: all but refusals of valid requests by the rules above, and by those alone."""
    return failure.code != "ST202" or not codes_of(json.loads(response.content)) <= RULES.keys()


def codes_of(body: dict[str, Any]) -> set[str]:
    """Return the codes of a refusal's faults, or its own where it names no faults."""
    found = set(_codes(body.get("errors")))
    return found if body["code"] == "invalid" and found else {body["code"]}


def _codes(part: Any) -> Any:
    if isinstance(part, dict) and part.keys() == {"code", "message"}:
        yield part["code"]
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _codes(each)
