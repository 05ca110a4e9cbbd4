"""Public rows of a shop that this app keeps."""

from tenants.archives.parts import PublicPart

MEMBERSHIPS = PublicPart(
    "memberships",
    """
    SELECT u.email, m.role, m.created_at
      FROM public.tenants_membership m JOIN public.accounts_user u ON u.id = m.user_id
     WHERE m.shop_id = {shop_id} ORDER BY m.created_at, u.email
    """,
)
INVITATIONS = PublicPart(
    "invitations",
    """
    SELECT email, role, created_at, expires_at, accepted_at, revoked_at
      FROM public.tenants_invitation WHERE shop_id = {shop_id} ORDER BY created_at, id
    """,
)
DOMAINS = PublicPart(
    "domains",
    """
    SELECT domain, is_primary FROM public.tenants_domain WHERE tenant_id = {shop_id} ORDER BY domain
    """,
)
EVENTS = PublicPart(
    "events",
    """
    SELECT e.id, e.kind, e.subject, u.email AS actor, e.details, e.created_at
      FROM public.tenants_shopevent e LEFT JOIN public.accounts_user u ON u.id = e.actor_id
     WHERE e.shop_id = {shop_id} ORDER BY e.id
    """,
)
OWN_PARTS = (MEMBERSHIPS, INVITATIONS, DOMAINS, EVENTS)
