"""REST framework, tokens and the API's description."""

from datetime import timedelta
from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.signed_in.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["kit.api.envelope.EnvelopeRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "kit.api.negotiation.OneFormat",
    "DEFAULT_PARSER_CLASSES": ["kit.api.parsers.StorableJSONParser"],
    "DATETIME_FORMAT": None,  # moments are written by the encoder: kit.api.moments
    "NON_FIELD_ERRORS_KEY": "body",
    "EXCEPTION_HANDLER": "kit.api.envelope.handle_exception",
    "DEFAULT_SCHEMA_CLASS": "kit.api.openapi.EnvelopeSchema",
    "DEFAULT_THROTTLE_CLASSES": ["kit.api.throttling.RateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": "600/min",
        "user": "1200/min",
        "sign-in": "30/min",
        "apply": "30/min",
        "checkout": "60/min",
        "coupons": "20/min",
        "payment-return": "300/min",
        "order-link": "10/min",
        "messages": "30/min",
        "waiting-room": "60/min",
        "console-search": "60/min",
    },
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

REST_AUTH = {
    "USE_JWT": True,
    "JWT_AUTH_HTTPONLY": False,
    "TOKEN_MODEL": None,
    "SESSION_LOGIN": False,
    "LOGIN_SERIALIZER": "accounts.serializers.LoginInput",
    "JWT_SERIALIZER": "accounts.serializers.SignedInOutput",
    "USER_DETAILS_SERIALIZER": "accounts.serializers.UserOutput",
}

SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "UPDATE_LAST_LOGIN": False,
    "CHECK_REVOKE_TOKEN": True,  # a changed password ends every token
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Kasuwa",
    "OAS_VERSION": "3.1.1",
    "VERSION": "1",  # each host's own title, servers and tags: config.openapi
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.complete_description",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CouponKindEnum": "checkout.models.CouponKind",
        "CurrencyEnum": "checkout.serializers.carts.CURRENCIES",
        "ShopCurrencyEnum": "console.api.commission_rules.SHOP_CURRENCIES",
        "PaymentStatusEnum": "checkout.models.PaymentStatus",
        "RefundStatusEnum": "checkout.models.RefundStatus",
        "ReturnStatusEnum": "checkout.models.ReturnStatus",
        "ReturnMoveEnum": "checkout.serializers.returns.MOVES",
        "MessageSideEnum": "checkout.models.MessageSide",
        "OfferKindEnum": "checkout.models.OfferKind",
        "NoticeKindEnum": "notifications.models.NoticeKind",
        "OrderStatusEnum": "checkout.models.OrderStatus",
        "ProductStatusEnum": "catalogue.models.ProductStatus",
        "VendorOrderStatusEnum": "checkout.fulfilment.status.PartStatus",
        "ApplicationStatusEnum": "tenants.models.ApplicationStatus",
        "ApplicationAccountStateEnum": "tenants.models.AccountState",
        "ApplicationEntryKindEnum": "tenants.models.ApplicationEntryKind",
        "BusinessKindEnum": "tenants.models.BusinessKind",
        "DeliveryMethodKindEnum": "checkout.fulfilment.models.MethodKind",
        "DisputeStatusEnum": "payouts.models.DisputeStatus",
        "DocumentKindEnum": "tenants.models.DocumentKind",
        "PayoutProblemEnum": "payouts.models.PayoutProblem",
        "PayoutRunStatusEnum": "payouts.models.RunStatus",
        "PayoutStatusEnum": "payouts.models.PayoutStatus",
        "ShopStatusEnum": "tenants.models.ShopStatus",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}
