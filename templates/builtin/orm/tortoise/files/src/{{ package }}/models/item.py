"""The item model."""

from tortoise import Model, fields


class Item(Model):
    """Something in stock."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=120, unique=True)
    description = fields.CharField(max_length=2000, null=True)
    quantity = fields.IntField(default=0)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now=True)
