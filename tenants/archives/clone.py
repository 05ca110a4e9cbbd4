"""Copy a shop's goods into a new shop; nothing that happened in it, and none of its customers."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django_tenants.utils import get_public_schema_name, schema_context

from kit.db.sql import fetch_all
from tenants.archives.exclusive import exclusive_lock
from tenants.archives.media import (
    SHOP_COLUMNS,
    copied_name,
    digest_of,
    missing_files,
    named_files,
    store_file,
    stored_blocks,
    workspace,
)
from tenants.archives.parts import Progress, copy_rows, in_silence
from tenants.archives.placing import NEXT_ID
from tenants.archives.staging import staging_name
from tenants.errors import ShopNotFoundError, ShopUnavailableError, SlugTakenError
from tenants.life.provisioning import provision_shop
from tenants.models import Shop, ShopEventKind
from tenants.schemas.state import AppliedMigrations
from tenants.shops.audit_trail import record_event
from tenants.shops.files import shop_media
from tenants.shops.profile import PROFILE
from tenants.shops.slugs import check_slug, schema_name_of


def clone_shop(
    *,
    shop_id: int,
    slug: str,
    now: datetime,
    name: str = "",
    owner_id: int | None = None,
    actor_id: int | None = None,
    progress: Progress = in_silence,
) -> Shop:
    """Make a draft with another shop's profile, products, prices, stock and pictures, all with new ids.

    Pictures are copied before the shop is made, under the id that it will have: if the process is killed in between,
    only files that no row names are left.

    Raises:
        ShopNotFoundError, ShopUnavailableError: there is no such shop to copy, or its schema is not there.
        InvalidSlugError, ReservedSlugError, SlugTakenError: no shop may have the new address, or another has it.
        ArchiveRunningError: another process makes that shop at the moment.
    """
    check_slug(slug)
    with schema_context(get_public_schema_name()), exclusive_lock(slug):
        source = Shop.objects.filter(pk=shop_id).annotate(applied=AppliedMigrations(F("schema_name"))).first()
        if source is None:
            raise ShopNotFoundError
        if source.applied is None:
            raise ShopUnavailableError
        if Shop.objects.filter(slug=slug).exists():
            raise SlugTakenError(details={"slug": [SlugTakenError.default_message]})
        clone_id = int(fetch_all(NEXT_ID)[0][0])
        copied = copied_name(source_id=source.pk, target_id=clone_id)
        files = named_files(source, source.schema_name)
        missing = set(missing_files(source.pk, files))
        with progress("Pictures", total=len(files)) as advance, workspace(staging_name(schema_name_of(slug))) as folder:
            for file in files:
                if file not in missing and copied(file):
                    sha256 = digest_of(stored_blocks(source.pk, file))
                    blocks = stored_blocks(source.pk, file)
                    store_file(shop_media(clone_id), copied(file), blocks, sha256=sha256, workplace=folder)
                advance()
        profile = {field: getattr(source, field) for field in PROFILE}
        profile |= {field: copied(getattr(source, field)) for field in SHOP_COLUMNS}
        profile["name"] = name or source.name
        with transaction.atomic():
            clone = provision_shop(
                slug=slug, owner_id=owner_id, now=now, id=clone_id, currency=source.currency, **profile
            )
            copy_rows(source, clone, copied, now)
            record_event(
                shop_id=clone.pk,
                actor_id=actor_id,
                kind=ShopEventKind.PROVISIONED,
                subject=source.slug,
                details={"copied_from": source.slug},
                now=now,
            )
    return clone
