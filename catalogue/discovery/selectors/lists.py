"""Names by which the pages of products and of the basket know each other."""

LIST_PAGES = frozenset({"discovery:home", "discovery:search", "discovery:shop"})  # to which a buyer goes back
PRODUCT_PAGE = "discovery:product"
BOUGHT_TAG = "buy"  # of a message that stands beside the button of a product's page
