"""What the operator configured, read once and frozen; owns no behaviour of the bot."""

from moai.settings.load import load_database_url, load_settings
from moai.settings.values import Endpoint, Limits, ModelSpec, PriceSpec, Settings

__all__ = ["Endpoint", "Limits", "ModelSpec", "PriceSpec", "Settings", "load_database_url", "load_settings"]
