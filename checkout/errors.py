"""Refusals of cart and checkout."""

from django.utils.translation import gettext_lazy

from kit.errors import DomainError, NotFoundError


class CartError(DomainError):
    code, status = "cart_invalid", 400


class VariantNotSoldError(DomainError):
    code, status = "variant_not_sold", 404
    default_message = gettext_lazy("This product is not for sale any more.")


class ShopNotSellingError(DomainError):
    code, status = "shop_not_selling", 409
    default_message = gettext_lazy("This shop isn't selling at present.")


class CartLinesRefusedError(DomainError):
    """Some of several lines can't be put in a cart; `details` has each with its own code."""

    code, status = "cart_lines_refused", 409
    default_message = gettext_lazy("Some of these are not available, so nothing was changed. See the reason for each.")


class TooManyLinesError(DomainError):
    code, status = "cart_full", 409
    default_message = gettext_lazy("Your basket is full. Check out, or take something out first.")


class EmptyCartError(DomainError):
    code, status = "cart_empty", 409
    default_message = gettext_lazy("Your basket has nothing that can be bought. Put something in it first.")


class BasketOrderedError(DomainError):
    code, status = "basket_ordered", 409
    default_message = gettext_lazy(
        "What was in your basket has been ordered already. Look at that order before you order again."
    )


class ChargeOutOfLimitsError(DomainError):
    """No provider takes a payment of this amount, so that the order could never be paid."""

    code, status = "charge_out_of_limits", 409
    default_message = gettext_lazy("No payment of this amount can be taken. Change your basket and try again.")


class TooMuchUnpaidError(DomainError):
    code, status = "too_much_unpaid", 409
    default_message = gettext_lazy("You have ordered a lot that is not paid. Pay or cancel an order first.")


class MixedCurrenciesError(DomainError):
    code, status = "mixed_currencies", 409
    default_message = gettext_lazy("Your basket holds prices in different currencies. Order each of them on its own.")


class InsufficientStockError(DomainError):
    code, status = "insufficient_stock", 409
    default_message = gettext_lazy("Some of this was sold in the meantime. Change the quantities and try again.")


class PriceChangedError(DomainError):
    code, status = "price_changed", 409
    default_message = gettext_lazy("Prices changed since you looked. Check the new total and order again.")


class CouponRefusedError(DomainError):
    """A coupon does not count for this basket, or not any more; nothing is ordered."""

    code, status = "coupon_refused", 409
    default_message = gettext_lazy("This coupon can't be used for your basket. Remove it, then try again.")


class CouponNotFoundError(NotFoundError):
    code, status = "coupon_not_found", 404
    default_message = gettext_lazy("There is no such coupon. It may have been deleted.")


class OfferNotFoundError(NotFoundError):
    code, status = "offer_not_found", 404
    default_message = gettext_lazy("There is no such offer. It may have been deleted.")


class TooManyOffersError(DomainError):
    code, status = "too_many_offers", 409
    default_message = gettext_lazy("Your shop has as many offers as it can have. Delete one first.")


class CouponCodeTakenError(DomainError):
    code, status = "coupon_code_taken", 409
    default_message = gettext_lazy("A coupon with this code already exists. Choose another code.")


class TooManyCodesError(DomainError):
    code, status = "too_many_coupons", 409
    default_message = gettext_lazy("Your basket has as many coupons as it can hold. Remove one first.")


class NotDeliveredError(DomainError):
    """A shop of the basket does not deliver to the address, and the buyer was not told before."""

    code, status = "not_delivered", 409
    default_message = gettext_lazy("A shop doesn't deliver to this address. Choose another one, or order the rest.")


class DeliveryNotPricedError(NotDeliveredError):
    """A shop's delivery has a carrier's price, which the carrier does not tell at present."""

    code, status = "delivery_not_priced", 409
    default_message = gettext_lazy(
        "The carrier can't give us a price for this delivery at present. Try again in a few minutes, or order the rest."
    )


class DeliveryMethodGoneError(DomainError):
    code, status = "delivery_method_gone", 409
    default_message = gettext_lazy(
        "This delivery method is not offered for your address now. Check the one below, and order again."
    )


class StationNeededError(DomainError):
    """A part goes to a station, and none was chosen; `details` name the shops."""

    code, status = "station_needed", 409
    default_message = gettext_lazy("Choose the station where you want to pick up your parcel.")


class StationGoneError(DomainError):
    """A chosen station is closed, unknown, or not in the zone of the address; `details` name the shops."""

    code, status = "station_gone", 409
    default_message = gettext_lazy("This pick-up station isn't open any more. Choose another one and order again.")


class StationNotFoundError(NotFoundError):
    code, status = "station_not_found", 404
    default_message = gettext_lazy("There is no such pick-up station.")


class PickupCodeNeededError(DomainError):
    code, status = "pickup_code_needed", 409
    default_message = gettext_lazy(
        "This parcel is handed out at a station. Ask the buyer for the pick-up code, and enter it on the order's page."
    )


class WrongPickupCodeError(DomainError):
    """`details` has the number of tries that are left."""

    code, status = "wrong_pickup_code", 409
    default_message = gettext_lazy("That is not the pick-up code. Ask the buyer to read it out again.")


class PickupCodeLockedError(DomainError):
    code, status = "pickup_code_locked", 409
    default_message = gettext_lazy(
        "A wrong pick-up code was entered too often. Ask the market's operators to mark this parcel delivered."
    )


class DeliveryZoneNotFoundError(NotFoundError):
    code, status = "delivery_zone_not_found", 404
    default_message = gettext_lazy("This shop has no such delivery zone.")


class LastZoneError(DomainError):
    code, status = "last_delivery_zone", 409
    default_message = gettext_lazy("Your shop needs at least one delivery zone. Add one before you remove this one.")


class TooManyZonesError(DomainError):
    code, status = "too_many_delivery_zones", 409
    default_message = gettext_lazy("Your shop has as many delivery zones as it can have. Remove one first.")


class OrderNotPayableError(DomainError):
    code, status = "order_not_payable", 409
    default_message = gettext_lazy("This order can't be paid any more. Put the products in your basket again.")


class OrderNotCancellableError(DomainError):
    code, status = "order_not_cancellable", 409
    default_message = gettext_lazy("This order can't be cancelled any more.")


class UnitsNotLeftError(DomainError):
    code, status = "units_not_left", 409
    default_message = gettext_lazy("Fewer of these are left in the order. Reload the page to see how many.")


class NotRefundableError(DomainError):
    code, status = "not_refundable", 409
    default_message = gettext_lazy("This order was not paid, or has ended: there is nothing to refund.")


class AlreadySentError(DomainError):
    """Some of what should be cancelled has left its shop; `details` has the numbers of these parts."""

    code, status = "already_sent", 409
    default_message = gettext_lazy("Some of this has been sent already, so it can't be cancelled any more.")


class AddressNotChangeableError(DomainError):
    code, status = "address_not_changeable", 409
    default_message = gettext_lazy("The delivery address of this order can't be changed any more.")


class AlreadyPackedError(DomainError):
    """Some of what should go elsewhere is packed or has left; `details` has the numbers of these parts."""

    code, status = "already_packed", 409
    default_message = gettext_lazy(
        "Some of this is packed or sent already, so its address can't be changed any more. Ask the shop."
    )


class OtherChargesError(DomainError):
    """At another address the delivery or the tax would be another; `details` has the numbers of these parts."""

    code, status = "other_charges", 409
    default_message = gettext_lazy(
        "Delivery or tax would differ for this address. Cancel these items, then order them again with it."
    )


class ReturnNotFoundError(NotFoundError):
    code, status = "return_not_found", 404
    default_message = gettext_lazy("There is no such return.")


class NotReturnableError(DomainError):
    """A part was not delivered, or the days of a line are over; `details` has the lines."""

    code, status = "not_returnable", 409
    default_message = gettext_lazy("This can't be sent back: it has not arrived yet, or its time for returns is over.")


class SeveralShopsError(DomainError):
    code, status = "several_shops", 409
    default_message = gettext_lazy("These items are from several shops. Ask each shop for a return of its own items.")


class NotExchangeableError(DomainError):
    """Another variant was asked for that there is not, is not on sale, or has no price like the order's."""

    code, status = "not_exchangeable", 409
    default_message = gettext_lazy("This is not available for an exchange. Choose another variant, or a refund.")


class ReplacementGoneError(DomainError):
    """A variant that a buyer wants instead can't be kept for them; `details` has the lines."""

    code, status = "replacement_gone", 409
    default_message = gettext_lazy(
        "The item that the buyer wants is no longer in stock. Accept the return with a refund, or restock it first."
    )


class WrongReturnStepError(DomainError):
    code, status = "wrong_return_step", 409
    default_message = gettext_lazy("The status of this return has changed. Reload the page to see it.")


class EscalationTooEarlyError(DomainError):
    code, status = "escalation_too_early", 409
    default_message = gettext_lazy("The shop still has time to answer. After that the market can decide.")


class ReturnPhotoError(DomainError):
    code, status = "return_photo_unknown", 409
    default_message = gettext_lazy("One of these photos can't be used. Send the photos again, six at most.")


class TooManyPhotosError(DomainError):
    code, status = "too_many_photos", 409
    default_message = gettext_lazy("This order already has the maximum number of photos.")


class MessageNotFoundError(NotFoundError):
    code, status = "message_not_found", 404
    default_message = gettext_lazy("There is no such picture, or you may not see it.")


class MessagePhotoError(DomainError):
    code, status = "message_photo_unknown", 409
    default_message = gettext_lazy("One of these pictures can't be used. Send the pictures again, six at most.")


class PartNeededError(DomainError):
    """An order is of several shops, and a call names none of them; `details` has the numbers of its parts."""

    code, status = "part_needed", 409
    default_message = gettext_lazy("This order is from several shops. Name the part that your message is about.")


class ConversationClosedError(DomainError):
    code, status = "conversation_closed", 409
    default_message = gettext_lazy("No message can be sent about this order any more: the shop or the buyer has left.")


class NothingReservedError(DomainError):
    code, status = "nothing_reserved", 409
    default_message = gettext_lazy("Nothing is reserved for this order any more: it was paid or has ended.")


class PaymentError(DomainError):
    """The payment could not be started; the order is kept."""

    code, status = "payment_failed", 502
    default_message = gettext_lazy("The payment could not be started. Please try again.")


class PaymentProviderUnavailableError(PaymentError):
    code, status = "payment_provider_unavailable", 503
    default_message = gettext_lazy(
        "The payment service isn't answering. Your order is kept; please try again in a minute."
    )


class PaymentRefusedError(PaymentError):
    code, status = "payment_refused", 422
    default_message = gettext_lazy(
        "The payment service didn't take this payment. Your order is kept; check your e-mail address."
    )


class DisputeNotOursError(DomainError):
    code, status = "dispute_not_ours", 409
    default_message = gettext_lazy("This dispute is in another currency or mode than the payment that it names.")


class UnknownPaymentError(DomainError):
    code, status = "payment_unknown", 404
    default_message = gettext_lazy("We don't know this payment.")


class UnknownDisputeError(UnknownPaymentError):
    """The provider does not know the dispute, or it is of no payment of ours."""

    default_message = gettext_lazy("We don't know this dispute.")


class RefundTooLargeError(DomainError):
    """More than is left of what was paid; `details` may have `left_minor`."""

    code, status = "refund_too_large", 409
    default_message = gettext_lazy("A refund can't be more than was paid.")


class NotLetInError(DomainError):
    code, status = "waiting_room", 409
    default_message = gettext_lazy(
        "So many people want this that it is sold in the order of arrival. Join its waiting room first."
    )


class WaitingRoomCrowdedError(DomainError):
    code, status = "waiting_room_crowded", 429
    default_message = gettext_lazy(
        "Too many places were taken from your network. Use another connection, or try again in a few minutes."
    )


class WaitingRoomDownError(DomainError):
    code, status = "waiting_room_down", 503
    default_message = gettext_lazy("The waiting room isn't answering. Your place is kept; try again in a moment.")


class NoWaitingRoomError(NotFoundError):
    code = "no_waiting_room"
    default_message = gettext_lazy("This product has no waiting room at present: just put it in your basket.")


class DocumentNotFoundError(NotFoundError):
    code = "document_not_found"
    default_message = gettext_lazy("There is no such document: nothing of this order was sold, or it has fewer.")


class StatementTooLongError(DomainError):
    """A statement has more lines than are printed at once."""

    code, status = "statement_too_long", 409
    default_message = gettext_lazy("This statement is too long to print. Download it as a table (CSV) instead.")


class NotPickedUpError(DomainError):
    code, status = "not_picked_up", 409
    default_message = gettext_lazy("Only orders for pick-up have a pick-up slip. Print the packing slip instead.")
