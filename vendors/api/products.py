"""A shop's products over the API."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.capabilities import MANAGE_PRODUCTS, VIEW_PRODUCTS
from catalogue.models import Product, ProductStatus
from catalogue.selectors.products import get_product, list_products, product_version
from catalogue.services.images import add_product_image, remove_product_image
from catalogue.services.products import create_product, delete_product, revise_product
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import PageQuery, query_of, search_field
from kit.api.lists import asked_window, page_body
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, sent
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from tenants.models import Shop
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.serializers.products import (
    ImageData,
    ImageOutput,
    ProductData,
    ProductOutput,
    ProductPageOutput,
    ProductPatch,
)

TAGS = ["Products"]


class ProductsQuery(PageQuery):
    """Filter of products."""

    status = serializers.ChoiceField(required=False, default="", choices=ProductStatus.choices)
    search = search_field("A part of the title, the brand or a SKU.")
    low_stock = serializers.BooleanField(
        required=False, default=False, help_text="`true`: only products with a variant of which few are left."
    )


class ProductListApi(StaffApi):
    """The shop's products."""

    query_class = ProductsQuery
    capabilities: ClassVar = {"GET": VIEW_PRODUCTS, "POST": MANAGE_PRODUCTS}

    @extend_schema(
        operation_id="products_list",
        summary="List your products",
        tags=TAGS,
        responses={200: ProductPageOutput, 400: INVALID},
        examples=[answer("A page", {"count": 1, "next": None, "previous": None, "results": [examples.PRODUCT]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's products, newest first, with variants, stock and pictures."""
        shop, window, params = shop_of(request), asked_window(request), query_of(request)
        found = list_products(
            shop=shop,
            status=params["status"],
            search=params.get("search", ""),
            low_stock=params["low_stock"],
            offset=window.offset,
            limit=window.size,
        )
        results = ProductOutput(found.products, many=True, context={"currency": shop.currency}).data
        return Response(page_body(request, count=found.count, results=results))

    @takes_key()
    @extend_schema(
        operation_id="product_create",
        summary="Add a product",
        tags=TAGS,
        request=ProductData,
        responses={201: ProductOutput, 400: examples.PRODUCT_INVALID, 409: examples.SKU_TAKEN},
        examples=[examples.NEW_PRODUCT, answer("The product", examples.PRODUCT, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Create a product with its variants and opening stock; it is a draft unless `status` is given."""
        data = ProductData(data=request.data)
        data.is_valid(raise_exception=True)
        product = create_product(shop=shop_of(request), data=data.to_input(), now=timezone.now())
        answered = _whole(shop_of(request), product.pk, status=HTTPStatus.CREATED)
        answered["Location"] = f"{request.path}{product.pk}/"
        return answered


class ProductApi(StaffApi):
    """One product."""

    takes_parts = True

    capabilities: ClassVar = {
        "GET": VIEW_PRODUCTS,
        "PATCH": MANAGE_PRODUCTS,
        "DELETE": MANAGE_PRODUCTS,
    }

    @extend_schema(
        operation_id="product_read",
        summary="Read a product",
        tags=TAGS,
        responses={200: ProductOutput, 404: examples.NO_PRODUCT},
        examples=[answer("The product", examples.PRODUCT)],
    )
    def get(self, request: Request, product_id: UUID) -> Response:
        """Return a product whole."""
        return _whole(shop_of(request), product_id)

    @takes_key()
    @extend_schema(
        operation_id="product_update",
        summary="Change a product",
        tags=TAGS,
        request=ProductPatch,
        parameters=[IF_MATCH],
        responses={
            200: ProductOutput,
            400: examples.PRODUCT_INVALID,
            404: examples.NO_PRODUCT_OR_VARIANT,
            409: examples.PRODUCT_CONFLICTS,
            412: CHANGED_MEANWHILE,
        },
        examples=[
            sent(
                "Another price",
                {"title": "Hand-woven tote", "variants": [{"sku": "TOTE-INDIGO", "price_minor": 1_950_000}]},
            ),
            answer("The product", examples.PRODUCT),
        ],
    )
    def patch(self, request: Request, product_id: UUID) -> Response:
        """Change the fields that are sent.

        `variants` names those that change, by `id` or else `sku`, with the fields that change, and adds new ones; it
        never deletes any. `removed_variants` deletes those that it names. With `If-Match` nothing is written over a
        change that you have not read; the `ETag` covers all but stock, which every sale moves.
        """
        shop = shop_of(request)
        data = ProductPatch(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        with telling_the_current(lambda: _data(shop, product_id)), data.naming_places_as_sent():
            revise_product(
                shop=shop,
                product_id=product_id,
                revise=data.to_input,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _whole(shop, product_id)

    @extend_schema(
        operation_id="product_delete",
        summary="Delete a product",
        tags=TAGS,
        parameters=[IF_MATCH],
        responses={204: None, 404: examples.NO_PRODUCT, 412: CHANGED_MEANWHILE},
    )
    def delete(self, request: Request, product_id: UUID) -> Response:
        """Delete a product for everyone but the orders that mention it; its SKUs become free."""
        shop = shop_of(request)
        with telling_the_current(lambda: _data(shop, product_id)):
            delete_product(shop=shop, product_id=product_id, now=timezone.now(), seen=sent_tags(request))
        return Response(status=HTTPStatus.NO_CONTENT)


class ProductImageListApi(StaffApi):
    """A product's pictures."""

    capabilities: ClassVar = {"POST": MANAGE_PRODUCTS}
    parser_classes = (MultiPartParser,)

    @takes_key()
    @extend_schema(
        operation_id="product_image_create",
        summary="Add a picture",
        tags=TAGS,
        request={"multipart/form-data": ImageData},
        responses={201: ImageOutput, 404: examples.NO_PRODUCT},
        examples=[answer("The picture", examples.IMAGE, status=201)],
    )
    def post(self, request: Request, product_id: UUID) -> Response:
        """Put a picture last on a product; it is stored re-encoded, without its metadata."""
        data = ImageData(data=request.data)
        data.is_valid(raise_exception=True)
        image = add_product_image(
            shop=shop_of(request),
            product_id=product_id,
            upload=data.validated_data["image"],
            alt=data.validated_data.get("alt", ""),
            now=timezone.now(),
        )
        headers = located(f"{request.path}{image.pk}/")
        return Response(ImageOutput(image).data, status=HTTPStatus.CREATED, headers=headers)


class ProductImageApi(StaffApi):
    """One picture."""

    capabilities: ClassVar = {"DELETE": MANAGE_PRODUCTS}

    @extend_schema(
        operation_id="product_image_delete",
        summary="Remove a picture",
        tags=TAGS,
        parameters=[IF_MATCH],
        responses={204: None, 404: examples.NO_IMAGE, 412: CHANGED_MEANWHILE},
    )
    def delete(self, request: Request, product_id: UUID, image_id: int) -> Response:
        """Take a picture off a product and delete its files. `If-Match` has the product's `ETag`."""
        shop = shop_of(request)
        with telling_the_current(lambda: _data(shop, product_id)):
            remove_product_image(
                shop=shop, product_id=product_id, image_id=image_id, now=timezone.now(), seen=sent_tags(request)
            )
        return Response(status=HTTPStatus.NO_CONTENT)


def _whole(shop: Shop, product_id: UUID, *, status: int = HTTPStatus.OK) -> Response:
    product: Product = get_product(shop=shop, product_id=product_id)
    data = ProductOutput(product, context={"currency": shop.currency}).data
    return Response(data, status=status, headers={"ETag": entity_tag(product_version(product))})


def _data(shop: Shop, product_id: UUID) -> object:
    return _whole(shop, product_id).data
