// @ts-check
// Buys as a guest with a client that is typed by the market's description; prints the order's number and key.
import createClient from "openapi-fetch";

/** @type {ReturnType<typeof createClient<import("./market.d.ts").paths>>} */
const api = createClient({ baseUrl: process.argv[2] });

const found = await api.GET("/api/v1/listings/");
const listed = found.data?.data.results[0];
if (!listed) throw new Error("Nothing is on sale.");
const listing = await api.GET("/api/v1/listings/{listing_id}/", { params: { path: { listing_id: listed.id } } });
const variant = listing.data?.data.variants[0];
if (!variant) throw new Error("The listing has no variant.");

const added = await api.POST("/api/v1/cart/items/", { body: { variant_id: variant.id } });
const token = added.response.headers.get("X-Cart-Token") ?? "";
const changed = await api.PUT("/api/v1/cart/items/", {
  params: { header: { "X-Cart-Token": token } },
  body: [{ variant_id: variant.id, quantity: 2 }],
});
const placed = await api.POST("/api/v1/checkout/", {
  params: { header: { "Idempotency-Key": "one", "X-Cart-Token": token } },
  body: {
    email: "ada@example.com",
    shipping_address: {
      name: "Ada Obi",
      line1: "12 Bode Thomas St",
      city: "Surulere",
      state: "Lagos",
      country: "NG",
      phone: "+2348012345678",
    },
    expected_total_minor: changed.data?.data.total_minor,
  },
});
if (placed.error) throw new Error(`${placed.error.code}: ${placed.error.message}`);
const order = placed.data.data;
console.log(JSON.stringify({ number: order.number, key: order.access_key, url: order.payment_url }));
