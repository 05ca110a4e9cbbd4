"""App configuration."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"

    def ready(self) -> None:
        """Open the ledger accounts of every new shop, and keep its bank account, in the transaction that makes it."""
        from payouts.selectors.shop_life import money_left
        from payouts.services import archives
        from payouts.services.accounts import open_accounts_of
        from payouts.services.bank_accounts import record_approved_account
        from tenants.applications.services.decisions import on_approved
        from tenants.services.lifecycle_hooks import Stage, register_obstacle
        from tenants.services.provisioning import on_provisioned

        on_provisioned(open_accounts_of)
        on_approved(record_approved_account)
        register_obstacle(Stage.DELETED, money_left)
        archives.register()
