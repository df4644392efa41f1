from shop.orders import Order

LAST: Order | None = None
