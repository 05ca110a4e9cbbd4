"""Access to the operators' API of payouts, disputes, reconciliation and checks: one line for each address."""

from tests.isolation.doors import Door, operator

MONEY_OUT: dict[str, Door] = {
    "api/v1/operator/payout-runs/": operator("GET", "POST", unproved=("POST",)),
    "api/v1/operator/payout-runs/preview/": operator(),
    "api/v1/operator/payout-runs/<uuid:run_id>/": operator(),
    "api/v1/operator/payout-runs/<uuid:run_id>/approve/": operator("POST"),
    "api/v1/operator/payout-runs/<uuid:run_id>/cancel/": operator("POST"),
    "api/v1/operator/checks/": operator(),
    "api/v1/operator/checks/run/": operator("POST"),
    "api/v1/operator/checks/rounds/": operator(),
    "api/v1/operator/findings/": operator(),
    "api/v1/operator/findings/<uuid:finding_id>/acknowledge/": operator("POST"),
    "api/v1/operator/disputes/": operator(),
    "api/v1/operator/disputes/<uuid:dispute_id>/": operator(),
    "api/v1/operator/disputes/<uuid:dispute_id>/evidence/": operator("POST"),
    "api/v1/operator/disputes/<uuid:dispute_id>/accept/": operator("POST"),
    "api/v1/operator/reconciliation/": operator(),
    "api/v1/operator/reconciliation/compare/": operator("POST"),
    "api/v1/operator/reconciliation/runs/": operator(),
    "api/v1/operator/reconciliation/<uuid:difference_id>/end/": operator("POST"),
    "api/v1/operator/payouts/": operator(),
    "api/v1/operator/payouts/<uuid:payout_id>/": operator(),
    "api/v1/operator/payouts/<uuid:payout_id>/statement/": operator(),
    "api/v1/operator/payouts/<uuid:payout_id>/mark-paid/": operator("POST"),
    "api/v1/operator/payouts/<uuid:payout_id>/mark-paid/approve/": operator("POST", unproved=("POST",)),
    "api/v1/operator/payouts/<uuid:payout_id>/mark-paid/refuse/": operator("POST", unproved=("POST",)),
    "api/v1/operator/payouts/<uuid:payout_id>/hold/": operator("POST"),
    "api/v1/operator/payouts/<uuid:payout_id>/release/": operator("POST"),
    "api/v1/operator/payouts/<uuid:payout_id>/resolve/": operator("POST"),
    "api/v1/operator/payouts/<uuid:payout_id>/retry/": operator("POST"),
}
