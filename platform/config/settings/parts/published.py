"""Keys that are public in this repository: each named here once, all refused in production."""

LOCAL_SECRET_KEY = "local-only-key-that-production-settings-refuse-to-start-with"  # noqa: S105
TEST_SECRET_KEY = "a-key-for-tests-only-that-is-long-enough"  # noqa: S105
BUILD_SECRET_KEY = "used-while-files-are-copied-and-for-nothing-else"  # noqa: S105
SANDBOX_PAYSTACK_KEY = "sk_test_local_sandbox_only"
TEST_PAYSTACK_KEY = "sk_test_fixture_not_a_real_key"

PUBLISHED_KEYS = frozenset(
    {LOCAL_SECRET_KEY, TEST_SECRET_KEY, BUILD_SECRET_KEY, SANDBOX_PAYSTACK_KEY, TEST_PAYSTACK_KEY}
)
