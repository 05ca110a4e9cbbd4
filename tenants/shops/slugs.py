"""Rules for the addresses of shops."""

import re

from gateway.registry import provider_names
from tenants.errors import InvalidSlugError, ReservedSlugError

SHORTEST, LONGEST = 3, 50
PATTERN = re.compile(r"[a-z](?:[a-z0-9]|-(?!-))*[a-z0-9]")
# Names that the platform uses or may; that programs ask for by themselves in any domain, so that their holder is
# trusted (WPAD, ISATAP, mail clients' autoconfiguration, MTA-STS: RFC 8461, BIMI, OpenPGP's web key directory); role
# mailboxes (RFC 2142), to whom certificates were issued; and hosts that networks commonly have.
RESERVED = frozenset(
    """
    autoconfig autodiscover bimi broadcasthost caldav carddav corp crl dc default dhcp directory dkim dmarc dns dns1
    dns2 dns3 dns4 domain exchange firewall fw gateway gw home hostmaster inbound infra internal intranet ipv4 ipv6
    isatap ldap lan local localdomain localhost6 lyncdiscover mailer mailer-daemon mta mta-sts mx mx1 mx2 mx3 nameserver
    ns ns1 ns2 ns3 ns4 ns5 ntp oauth ocsp office openpgpkey outbound outlook owa pki pop3 postgres proxy ptr redis relay
    remote resolver router rsync server sip smtp1 smtp2 socket spf squid srv sso ssh sync syslog telnet time tls
    usenet uucp vpn webdav webdisk webmail whois wpad xmpp
    about abuse account accounts admin administrator api app apps assets auth billing blog buy cart cdn checkout
    console contact dashboard demo-platform dev developer developers docs download email example ftp git graphql
    health help host imap info invalid kasuwa legal localhost login mail market media metrics mobile
    monitoring news noreply notifications operator operators order orders owner payment payments payout payouts
    platform pop postmaster press privacy public register root sandbox search secure security sell seller
    sellers shop shops sign-in sign-up signin signup smtp ssl staff staging static status store stores support
    system terms test tests upload uploads user users vendor vendors webhook webhooks webmaster www www1 www2
    """.split()  # noqa: SIM905 - fifteen words on a line, not one
)


def check_slug(slug: str) -> None:
    """Refuse an address that no shop may have; who else has it already is not asked here.

    A slug is a DNS label (RFC 1035, section 2.3.1) without the double hyphens of encoded names (RFC 5891).

    Raises:
        InvalidSlugError: it is too short, too long, or has characters that a host name can't have.
        ReservedSlugError: the platform keeps it for itself.
    """
    if not SHORTEST <= len(slug) <= LONGEST or not PATTERN.fullmatch(slug):
        raise InvalidSlugError(details={"slug": [InvalidSlugError.default_message]})
    if slug in RESERVED or slug in provider_names():
        raise ReservedSlugError(details={"slug": [ReservedSlugError.default_message]})


def schema_name_of(slug: str) -> str:
    """Return the name of the schema of the shop with this slug; no two slugs share one."""
    return f"shop_{slug.replace('-', '_')}"
