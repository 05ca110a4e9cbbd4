"""The demo market's categories: parents before their children."""

from django.utils.text import slugify

from catalogue.discovery.services.categories import CategoryInput

TREE = {
    "Fashion": ("Fabrics", "Clothing", "Shoes", "Bags", "Jewellery and watches"),
    "Kitchen": ("Cookware", "Tableware", "Kitchen tools"),
    "Home": ("Furniture", "Textiles", "Decoration", "Lighting"),
    "Food and drink": ("Spices", "Pantry", "Tea and coffee"),
    "Electronics": ("Power and solar", "Audio", "Appliances", "Phones and computers"),
    "Beauty": ("Skin care", "Fragrance"),
    "Toys and hobbies": ("Toys", "Games and sport", "Music", "Books and paper"),
}


def category_inputs() -> list[CategoryInput]:
    """Return the tree as the category service takes it."""
    inputs = []
    for parent, children in TREE.items():
        inputs.append(CategoryInput(name=parent))
        inputs += [CategoryInput(name=child, parent=slugify(parent)) for child in children]
    return inputs
