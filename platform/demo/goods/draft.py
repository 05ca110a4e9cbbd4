"""Juju Records, Lagos: a shop that is not open yet."""

from demo.model import DemoShop, Good

GOODS = (
    Good("Turntable radio", "radio", "plum", 64_000, "audio", "Plays 33 and 45, and the news.", stock=3),
    Good("Bookshelf speakers, pair", "speaker", "tan", 72_000, "audio", "Two-way, walnut veneer.", stock=3),
)

JUJU_RECORDS = DemoShop(
    slug="juju-records",
    name="Juju Records",
    owner="records@kasuwa.test",
    city="Lagos",
    tagline="Vinyl, soon",
    about="We are still unpacking.",
    returns="",
    palette="plum",
    motif="stripes",
    banner_kinds=("radio", "speaker"),
    delivery=1500,
    status="draft",
    goods=GOODS,
)
