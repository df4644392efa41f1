"""What the command ``tortoise`` needs to know."""

from .database import tortoise_config
from .settings import load_settings

TORTOISE_ORM = tortoise_config(load_settings().database_url)
