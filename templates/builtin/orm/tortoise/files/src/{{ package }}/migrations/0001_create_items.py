from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    fields.UUIDField(
                        primary_key=True, default=uuid4, unique=True, db_index=True
                    ),
                ),
                ("name", fields.CharField(unique=True, max_length=120)),
                ("description", fields.CharField(null=True, max_length=2000)),
                ("quantity", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("updated_at", fields.DatetimeField(auto_now=True, auto_now_add=False)),
            ],
            options={
                "table": "item",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something in stock.",
            },
            bases=["Model"],
        ),
    ]
